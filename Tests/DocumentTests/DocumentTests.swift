import TestSupport
import Testing

/// Every Swift code block of the documents compiles in a package that depends on ours.
struct DocumentTests {
  /// A block of code between fences.
  struct Block: CustomTestStringConvertible {
    var document: String
    var heading: String
    /// The line after the opening fence, counted from 1.
    var line: Int
    var code: String

    var testDescription: String { "\(document):\(line), \(heading)" }
  }

  static let documents = ["CONTRIBUTING.md", "README.md"]

  /// The blocks of a document.
  static func blocks(of document: String) throws -> [Block] {
    let lines = try OutsidePackage.text(of: document).split(
      separator: "\n", omittingEmptySubsequences: false)
    var blocks: [Block] = []
    var heading = ""
    var open: (block: Block, indentation: Int)?
    for (index, line) in lines.enumerated() {
      let text = line.drop { $0 == " " }
      if let (block, indentation) = open {
        if text == "```" {
          blocks.append(block)
          open = nil
        } else {
          open?.block.code += line.dropFirst(indentation) + "\n"
        }
      } else if text == "```swift" {
        let block = Block(document: document, heading: heading, line: index + 2, code: "")
        open = (block, line.count - text.count)
      } else if text.hasPrefix("#") {
        heading = String(text.drop { $0 == "#" || $0 == " " })
      }
    }
    return blocks
  }

  @Test(arguments: documents) func allBlocksAreSeen(document: String) throws {
    let fences = try OutsidePackage.text(of: document).matches(of: /```swift/).count
    #expect(try Self.blocks(of: document).count == fences && fences > 0)
  }

  @Test(arguments: try documents.flatMap(blocks)) func compiles(block: Block) throws {
    let place = "#sourceLocation(file: \"\(block.document)\", line: \(block.line))\n"
    let complaints = try OutsidePackage.complaints(about: ["main.swift": place + block.code])
    #expect(complaints == "")
  }

  /// Files and folders that a newcomer is sent to are there.
  @Test(arguments: documents) func namedFilesExist(document: String) throws {
    let text = try OutsidePackage.text(of: document)
    let folders = text.matches(
      of: /`((?:Sources|Tests|models|experiments|scripts|Documentation)(?:\/[^`\s]*)?)[^`]*`/)
    let files = text.matches(of: /`([\w+]+\.swift)`/)
    #expect(!folders.isEmpty)
    for name in (folders + files).map({ String($0.1) }) {
      #expect(OutsidePackage.has(name), "\(name)")
    }
  }
}
