import Settings
import Yams

/// A mapping of a robot's file.
struct RobotEntry {
  let file: String
  /// What it is called in errors: `reward 2`; empty for the whole file.
  let place: String
  private let values: [(key: String, node: Node)]

  init(_ node: Node?, of file: String, at place: String) throws(EnvironmentError) {
    (self.file, self.place) = (file, place)
    // Nodes, not values: a value whose keys are not text ends the program inside the library.
    guard let mapping = node?.mapping else {
      throw .invalidRobot(
        file: file,
        message: place.isEmpty
          ? "must be a mapping, such as `model: my.xml`"
          : "\(place) is \(node.map(Self.described) ?? "empty"): it must be a mapping")
    }
    var values: [(key: String, node: Node)] = []
    for (key, value) in mapping {
      guard let key = key.scalar?.string else {
        throw .invalidRobot(
          file: file, message: "\(place.isEmpty ? "a" : "\(place): a") key is no text")
      }
      values.append((key, value))
    }
    self.values = values
  }

  var keys: [String] { values.map(\.key) }

  func invalid(_ message: String) -> EnvironmentError {
    .invalidRobot(file: file, message: place.isEmpty ? message : "\(place): \(message)")
  }

  /// Refuses keys that are not among `allowed`.
  func check(_ allowed: [String], kind: String = "key") throws(EnvironmentError) {
    for key in keys where !allowed.contains(key) {
      throw invalid(UnknownName(kind: kind, name: key, choices: allowed).description)
    }
  }

  func has(_ key: String) -> Bool { node(key) != nil }

  private func node(_ key: String) -> Node? { values.first { $0.key == key }?.node }

  /// The text of a key's value; nil where the key is not there.
  func text(_ key: String, _ right: String = "a text") throws(EnvironmentError) -> String? {
    guard let node = node(key) else { return nil }
    guard let text = node.scalar?.string, node.null == nil else {
      throw invalid("\(key) is \(Self.described(node)): it must be \(right)")
    }
    return text
  }

  /// A text, or texts of a list.
  func texts(_ key: String) throws(EnvironmentError) -> [String] {
    guard let list = node(key)?.sequence else {
      return try text(key, "a name or a list of names").map { [$0] } ?? []
    }
    var texts: [String] = []
    for node in list {
      guard let text = node.scalar?.string, node.null == nil else {
        throw invalid("\(key) has \(Self.described(node)): it must be a list of names")
      }
      texts.append(text)
    }
    if texts.isEmpty { throw invalid("\(key) is an empty list: name at least one") }
    return texts
  }

  /// Whether a key's value is a list.
  func isList(_ key: String) -> Bool { node(key)?.sequence != nil }

  /// A finite number.
  func number(_ key: String) throws(EnvironmentError) -> Double? {
    guard let text = try text(key, "a number") else { return nil }
    guard let number = Self.number(text), number.isFinite else {
      throw invalid("\(key) is '\(text)': it must be a finite number")
    }
    return number
  }

  /// A whole number.
  func count(_ key: String, _ range: ClosedRange<Int>) throws(EnvironmentError) -> Int? {
    guard let text = try text(key, "a whole number") else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw invalid(
        "\(key) is '\(text)': it must be a whole number from \(range.lowerBound) to "
          + "\(range.upperBound)")
    }
    return number
  }

  /// Two numbers, the first below the second.
  func range(_ key: String) throws(EnvironmentError) -> Bounds? {
    guard let node = node(key) else { return nil }
    guard let list = node.sequence else {
      throw invalid(
        "\(key) is \(Self.described(node)): it must be two numbers, as in [0.7, inf]")
    }
    let texts = list.map { $0.scalar?.string ?? "?" }
    let numbers = texts.compactMap { Self.number($0) }
    guard texts.count == 2, numbers.count == 2 else {
      throw invalid(
        "\(key) is [\(texts.joined(separator: ", "))]: it must be two numbers, as in [0.7, inf]")
    }
    guard numbers[0] < numbers[1] else {
      throw invalid(
        "\(key) is [\(texts.joined(separator: ", "))]: the first number must be below the second")
    }
    return Bounds(numbers[0], numbers[1])
  }

  /// A mapping that is a key's value.
  func entry(_ key: String) throws(EnvironmentError) -> RobotEntry? {
    guard let node = node(key) else { return nil }
    return try RobotEntry(node, of: file, at: key)
  }

  /// The mappings of a list, called after the key and their number.
  func entries(_ key: String) throws(EnvironmentError) -> [RobotEntry] {
    guard let node = node(key), node.null == nil else { return [] }
    guard let list = node.sequence else {
      throw invalid(
        "\(key) is \(Self.described(node)): it must be a list, a line with a dash for each")
    }
    var entries: [RobotEntry] = []
    for node in list {
      try entries.append(RobotEntry(node, of: file, at: "\(key) \(entries.count + 1)"))
    }
    return entries
  }

  /// YAML's numbers, and infinities also without the dot; no NaN.
  static func number(_ text: String) -> Double? {
    switch text.lowercased() {
    case "inf", ".inf", "+inf", "+.inf": return .infinity
    case "-inf", "-.inf": return -.infinity
    default: break
    }
    guard text.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }) else {
      return nil
    }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  private static func described(_ node: Node) -> String {
    if node.mapping != nil { return "a mapping" }
    if node.sequence != nil { return "a list" }
    if node.null != nil { return "empty" }
    let text = node.scalar?.string ?? ""
    return text.count > 60 ? "a long text" : "'\(text)'"
  }
}
