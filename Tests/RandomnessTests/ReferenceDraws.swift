import Foundation
import Randomness
import TestSupport
import Testing

/// A place in the numbers drawn with JAX, haiku and NumPy, `Tests/Goldens/rng/rng.json`.
struct ReferenceDraws {
  private let value: Value
  private let path: String

  /// The whole file, read once.
  private static let file = Result {
    let data = try Data(contentsOf: Golden.folder.appending(path: "rng/rng.json"))
    return try JSONDecoder().decode(Value.self, from: data)
  }

  /// The whole file.
  init() throws {
    value = try Self.file.get()
    path = "rng.json"
  }

  private init(_ value: Value, path: String) {
    self.value = value
    self.path = path
  }

  /// The place below this one along `names`.
  func callAsFunction(_ names: String...) throws -> ReferenceDraws {
    try names.reduce(self) { place, name in
      let value = try #require(place.value.object?[name], "\(place.path) has no \(name)")
      return ReferenceDraws(value, path: "\(place.path)/\(name)")
    }
  }

  /// The names below this place.
  var names: [String] {
    get throws { try #require(value.object, "\(path) is no object").keys.sorted() }
  }

  /// The places of a list.
  var elements: [ReferenceDraws] {
    get throws {
      try #require(value.list, "\(path) is no list").enumerated().map {
        ReferenceDraws($1, path: "\(path)/\($0)")
      }
    }
  }

  var string: String { get throws { try #require(value.string, "\(path) is no string") } }
  var integer: Int { get throws { try #require(Int(exactly: double), "\(path) is no integer") } }
  var double: Double { get throws { try #require(value.number, "\(path) is no number") } }

  var integers: [Int] { get throws { try elements.map { try $0.integer } } }
  var doubles: [Double] { get throws { try elements.map { try $0.double } } }

  /// The words of a list, or of a list of lists in row-major order.
  var words: [UInt32] {
    get throws {
      guard value.list != nil else { return [UInt32(try integer)] }
      return try elements.flatMap { try $0.words }
    }
  }

  /// The keys of a list of pairs of words.
  var keys: [PRNGKey] { get throws { try elements.map { try $0.key } } }

  /// The key of a pair of words.
  var key: PRNGKey {
    get throws {
      let words = try words
      try #require(words.count == 2, "\(path) is no key")
      return PRNGKey(word0: words[0], word1: words[1])
    }
  }
}

/// Any JSON. Not `JSONSerialization`'s: on Linux that reads doubles with an error of one bit.
private enum Value: Decodable, Sendable {
  case number(Double)
  case string(String)
  case list([Value])
  case object([String: Value])
  case boolean(Bool)

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let list = try? value.decode([Value].self) {
      self = .list(list)
    } else if let object = try? value.decode([String: Value].self) {
      self = .object(object)
    } else if let string = try? value.decode(String.self) {
      self = .string(string)
    } else {
      self = try .boolean(value.decode(Bool.self))
    }
  }

  var number: Double? { if case .number(let number) = self { number } else { nil } }
  var string: String? { if case .string(let string) = self { string } else { nil } }
  var list: [Value]? { if case .list(let list) = self { list } else { nil } }
  var object: [String: Value]? { if case .object(let object) = self { object } else { nil } }
}

extension [Float] {
  /// The bit patterns: two lists of floats are compared by them.
  var bits: [UInt32] { map(\.bitPattern) }
}
