import Foundation
import Records
import TestSupport
import Testing

@Suite struct AtomicWriteTests {
  let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  @Test func writesAndReplaces() throws {
    let path = scratch("x.json")
    try writeAtomically("old and longer", to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old and longer")
    try writeAtomically(Data([1, 2, 0]), to: path)
    #expect(try Data(contentsOf: URL(filePath: path)) == Data([1, 2, 0]))
    try writeAtomically("", to: path)
    #expect(try Data(contentsOf: URL(filePath: path)).isEmpty)
    #expect(try scratch.names == ["x.json"])
  }

  /// A reader that opened the old file keeps all of it: the new one is another file.
  @Test func aReaderKeepsTheOldFile() throws {
    let path = scratch("x")
    try writeAtomically("old", to: path)
    let reader = try FileHandle(forReadingFrom: URL(filePath: path))
    try writeAtomically("new", to: path)
    #expect(try reader.readToEnd() == Data("old".utf8))
  }

  /// It needs no room for a second file, and a shorter text has the rest of the longer one nowhere.
  @Test func writesOver() throws {
    let path = scratch("x")
    #expect(throws: RecordError.self) { try overwriteFile(Data("new".utf8), at: path) }
    try writeAtomically("older", to: path)
    let reader = try FileHandle(forReadingFrom: URL(filePath: path))
    for (text, content) in [("new", "new\n\n"), ("longer by much", "longer by much")] {
      try overwriteFile(Data(text.utf8), at: path)
      try reader.seek(toOffset: 0)
      #expect(try reader.readToEnd() == Data(content.utf8))
    }
    #expect(try scratch.names == ["x"])
  }

  @Test func aLinkStaysALink() throws {
    try FileManager.default.createDirectory(
      atPath: scratch("elsewhere"), withIntermediateDirectories: false)
    try writeAtomically("old", to: scratch("elsewhere/target"))
    try FileManager.default.createSymbolicLink(
      atPath: scratch("link"), withDestinationPath: "elsewhere/target")
    try writeAtomically("new", to: scratch("link"))
    #expect(try String(contentsOfFile: scratch("elsewhere/target"), encoding: .utf8) == "new")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: scratch("link"))
        == "elsewhere/target")
  }

  @Test("an error inside something unfinished has the name that it was to get")
  func temporaryNames() throws {
    let error = #expect(throws: RecordError.self) {
      try makeFolderAtomically(scratch("pictures")) { folder in
        throw RecordError(.ioError, folder + "/0.png", "no space left on device")
      }
    }
    #expect(error == RecordError(.ioError, scratch("pictures/0.png"), "no space left on device"))
    #expect(try scratch.names.isEmpty)
  }

  @Test func failuresNameFileAndCauseAndLeaveNothing() throws {
    let regular = try scratch.file("regular", [1])
    for (path, cause) in [
      (regular + "/x", "not a directory"), (scratch("missing/x"), "no such file or directory"),
      (scratch.path, "is a folder"), (scratch.path + "/", "is not a file name"),
      ("", "is not a file name"), ("/dev/null", "is not a regular file"),
      (scratch(String(repeating: "n", count: 300)), "file name too long"),
    ] {
      let error = #expect(throws: RecordError.self) { try writeAtomically("text", to: path) }
      #expect(error == RecordError(.cannotCreate, path, cause))
    }
    // /proc takes no files, not even from root.
    let error = #expect(throws: RecordError.self) { try writeAtomically("text", to: "/proc/x") }
    #expect(error?.kind == .cannotCreate)
    #expect(try scratch.names == ["regular"])
  }

  @Test func descriptionsAreOneLine() {
    let error = RecordError(.ioError, "a\nb\u{202E}\r\u{1B}[0m é", "no space left on device")
    #expect(
      error.description == #"a\nb\u{202E}\r\u{1B}[0m é: no space left on device"#)
  }

  @Test func kindsAreExitStatuses() {
    let kinds: [RecordError.Kind] = [.dataError, .noInput, .cannotCreate, .ioError]
    #expect(kinds.map(\.rawValue) == [65, 66, 73, 74])
  }
}
