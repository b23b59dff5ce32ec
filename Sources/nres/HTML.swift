import Foundation

/// A part of a page. What is written in a literal is markup; a text that is put into it is escaped, be it
/// between tags or in the quotes of an attribute, and another part is taken as it is.
struct HTML: ExpressibleByStringInterpolation {
  private(set) var markup: String

  init(stringLiteral markup: String) { self.markup = markup }

  init(stringInterpolation pieces: StringInterpolation) { markup = pieces.markup }

  /// Parts one after the other, a line each.
  init(_ parts: [HTML]) { markup = parts.map(\.markup).joined(separator: "\n") }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate(set) var markup = ""

    init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { markup += literal }

    mutating func appendInterpolation(_ text: String) { markup += escaped(text) }

    mutating func appendInterpolation(_ number: Int) { markup += "\(number)" }

    mutating func appendInterpolation(_ part: HTML) { markup += part.markup }

    mutating func appendInterpolation(_ parts: [HTML]) { markup += HTML(parts).markup }

    /// The content of a file as an address: nothing has to be fetched.
    mutating func appendInterpolation(data: Data, type: String) {
      markup += "data:\(type);base64,\(data.base64EncodedString())"
    }
  }
}

/// `text` with names for what markup is made of, and a sign for what no page may hold.
private func escaped(_ text: String) -> String {
  text.unicodeScalars.reduce(into: "") { result, scalar in
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case "\n", "\t": result.unicodeScalars.append(scalar)
    default:
      let value = scalar.value
      let isForbidden =
        scalar.properties.generalCategory == .control || scalar.properties.isNoncharacterCodePoint
        // Marks that turn the direction of what follows.
        || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
      result += isForbidden ? "\u{FFFD}" : String(scalar)
    }
  }
}
