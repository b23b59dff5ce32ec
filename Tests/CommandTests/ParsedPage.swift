import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page as an XML parser reads it: it reads none whose tags are not balanced or whose texts are not escaped.
final class ParsedPage: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
    /// With that of all within it.
    fileprivate(set) var text = ""
  }

  private(set) var elements: [Element] = []
  private var open: [Int] = []

  init(_ path: String) throws {
    super.init()
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    // What HTML writes in a shorter way.
    let whole = page.replacing(" controls muted loop playsinline", with: "")
      .replacingOccurrences(
        of: "<(meta|source|img)([^>]*)>", with: "<$1$2/>", options: .regularExpression)
    let parser = XMLParser(data: Data(whole.utf8))
    parser.delegate = self
    let isParsed = parser.parse()
    // Foundation's parser may stop at an error and say that all is well.
    try #require(
      isParsed && parser.parserError == nil && open.isEmpty && !elements.isEmpty,
      "line \(parser.lineNumber): \(String(describing: parser.parserError))")
  }

  subscript(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  /// The texts of all elements of a name.
  func texts(_ name: String) -> [String] { self[name].map(\.text) }

  /// Every address that is loaded, or goes elsewhere.
  var addresses: [String] {
    elements.flatMap { element in
      ["src", "srcset", "href", "poster", "action", "data"].compactMap { element.attributes[$0] }
    }
  }

  /// The content of an address.
  static func content(of address: String?, type: String) throws -> Data {
    let start = "data:\(type);base64,"
    let address = try #require(address)
    try #require(address.hasPrefix(start), "\(address.prefix(60))")
    return try #require(Data(base64Encoded: String(address.dropFirst(start.count))))
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes))
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { open.removeLast() }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    for index in open { elements[index].text += text }
  }
}
