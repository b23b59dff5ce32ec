import Foundation

/// An attribute of an XML document and where it stands.
struct MarkupAttribute {
  /// The name of the element that it is of.
  var element: String
  var name: String
  /// Its value, entities resolved.
  var value: String
  /// The value's bytes in the document, without the quotes.
  var range: Range<Int>

  /// The characters that a value does not have as they are.
  private static let entities = [
    ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&"),
  ]

  /// `text` as a value can have it.
  static func escaped(_ text: String) -> String {
    entities.reversed().reduce(text) { $0.replacing($1.1, with: $1.0) }
  }

  fileprivate static func resolved(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    return entities.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }
}

/// The attributes of a document in order, comments left out. Where it is no XML, some of them.
func markupAttributes(of document: [UInt8]) -> [MarkupAttribute] {
  var scanner = MarkupScanner(document: document)
  return scanner.attributes()
}

private struct MarkupScanner {
  let document: [UInt8]
  private var place = 0

  init(document: [UInt8]) { self.document = document }

  mutating func attributes() -> [MarkupAttribute] {
    var attributes: [MarkupAttribute] = []
    while skip(past: "<") {
      if begins("!--") {
        _ = skip(past: "-->")
      } else if begins("![CDATA[") {
        _ = skip(past: "]]>")
      } else if begins("!") || begins("?") || begins("/") {
        _ = skip(past: ">")
      } else {
        let element = name()
        while let attribute = attribute(of: element) { attributes.append(attribute) }
      }
    }
    return attributes
  }

  /// The next attribute of the element that is being read; nil at its end.
  private mutating func attribute(of element: String) -> MarkupAttribute? {
    skipSpace()
    let name = name()
    skipSpace()
    guard !name.isEmpty, begins("=") else { return nil }
    place += 1
    skipSpace()
    guard begins("\"") || begins("'") else { return nil }
    let quote = document[place]
    let start = place + 1
    guard let end = document[start...].firstIndex(of: quote) else { return nil }
    place = end + 1
    let text = String(decoding: document[start..<end], as: UTF8.self)
    return MarkupAttribute(
      element: element, name: name, value: MarkupAttribute.resolved(text), range: start..<end)
  }

  private mutating func name() -> String {
    let start = place
    while place < document.count, !isSpace(document[place]),
      !"=/><\"'".utf8.contains(document[place])
    {
      place += 1
    }
    return String(decoding: document[start..<place], as: UTF8.self)
  }

  private mutating func skipSpace() {
    while place < document.count, isSpace(document[place]) { place += 1 }
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  private func begins(_ text: String) -> Bool { document[place...].starts(with: text.utf8) }

  /// Goes behind the next `text`; false, and to the end, if there is none.
  private mutating func skip(past text: String) -> Bool {
    guard let first = text.utf8.first else { return true }
    while let found = document[place...].firstIndex(of: first) {
      place = found
      if begins(text) {
        place += text.utf8.count
        return true
      }
      place += 1
    }
    place = document.count
    return false
  }
}
