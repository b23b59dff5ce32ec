import Foundation

// EmbedTool <target> <output> <file>...: writes a Swift file that holds the contents of text files.

let (target, output) = (CommandLine.arguments[1], CommandLine.arguments[2])
let files = try CommandLine.arguments.dropFirst(3).map { path in
  (
    name: URL(filePath: path).deletingPathExtension().lastPathComponent,
    text: try String(contentsOfFile: path, encoding: .utf8)
  )
}

/// `name` as a Swift identifier.
func identifier(_ name: String) -> String {
  "`" + String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" }) + "`"
}

var lines = ["/// The files of a folder.", "package enum Embedded\(target) {"]
for file in files {
  lines.append(
    "  package static let \(identifier(file.name)) = [UInt8](\(file.text.debugDescription).utf8)")
}
lines.append("  /// Each file's name, without its suffix, and its content.")
lines.append("  package static let all: [(name: String, content: [UInt8])] = [")
for file in files { lines.append("    (\(file.name.debugDescription), \(identifier(file.name))),") }
lines += ["  ]", "}", ""]
try lines.joined(separator: "\n").write(toFile: output, atomically: true, encoding: .utf8)
