import Foundation
import Parameters
import Records
import TestSupport
import Testing

/// Files that no trajectory is: each is refused with one line that names file and cause.
@Suite struct HostileTrajectoryTests {
  let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  static func file(_ header: String, values: Int, announced: UInt64? = nil) -> [UInt8] {
    let length = announced ?? UInt64(header.utf8.count)
    return withUnsafeBytes(of: length.littleEndian, Array.init) + Array(header.utf8)
      + [UInt8](repeating: 0, count: values)
  }

  static func tensor(
    _ type: String = "F32", _ shape: String = "2", _ offsets: String = "0,8", name: String = "a"
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var bytes: [UInt8]
    var cause: String
    init(_ header: String, values: Int = 8, announced: UInt64? = nil, _ cause: String) {
      bytes = file(header, values: values, announced: announced)
      self.cause = cause
    }
    init(bytes: [UInt8], _ cause: String) {
      self.bytes = bytes
      self.cause = cause
    }
    var testDescription: String { cause }
  }

  static let cases: [Case] = [
    Case(bytes: [], "is empty; a safetensors file was expected"),
    Case(bytes: [1, 0, 0], "is no safetensors file: it has only 3 bytes"),
    Case(bytes: Array("not a tensor in sight".utf8), "its header does not start with '{'"),
    Case(" {\(tensor())}", "its header does not start with '{'"),
    Case(
      "{\(tensor())}", announced: 1000, "is truncated: its header ends at byte 1008, the file at"),
    Case("{\(tensor())}", announced: 63, "its header ends at byte 71, the file at 70"),
    Case("{\(tensor())}", announced: 100_000_001, "announces a header of 100000001 bytes"),
    Case("{\(tensor())}", announced: .max, "announces a header of 18446744073709551615 bytes"),
    Case(
      "{\(tensor())}", values: 7,
      "is truncated: tensor 'a' ends at byte 8 of the values, which are 7"),
    Case("{\(tensor())}", values: 9, "its last tensor ends at byte 8 of the values, which are 9"),
    Case("{}", values: 0, "holds no tensor"),
    Case(#"{"__metadata__":{}}"#, values: 0, "holds no tensor"),
    Case("{\(tensor("F64", "1"))}", "tensor 'a' has type 'F64', not 'F32'"),
    Case("{\(tensor("F32", "", "0,4"))}", values: 4, "tensor 'a' has no axis of iterations"),
    Case("{\(tensor("F32", "0", "0,0"))}", values: 0, "tensor 'a' has no rows"),
    Case("{\(tensor("F32", "2,0", "0,0"))}", values: 0, "tensor 'a' has an empty axis"),
    Case("{\(tensor("F32", "3"))}", "tensor 'a' has 8 bytes where its shape asks for 12"),
    Case("{\(tensor("F32", "2", "8,0"))}", "tensor 'a' ends before it begins"),
    Case("{\(tensor("F32", "2", "-8,0"))}", "an integer ≥ 0 was expected"),
    Case("{\(tensor("F32", "2", "0,8.0"))}", "']' was expected"),
    Case("{\(tensor("F32", "2", "0,08"))}", "an integer ≥ 0 was expected"),
    Case("{\(tensor("F32", "2", "0,9223372036854775808"))}", "an integer is too large"),
    Case("{\(tensor("F32", "2", "0"))}", "tensor 'a' needs a dtype, a shape and two data_offsets"),
    Case(
      "{\(tensor("F32", "4294967296,4294967296,4"))}", "tensor 'a' has too large a shape"),
    Case(
      "{\(tensor("F32", "2", "0,8")),\(tensor("F32", "2", "4,12", name: "b"))}", values: 12,
      "tensor 'b' begins at byte 4 of the values; 8 was expected"),
    Case(
      "{\(tensor("F32", "2", "0,8")),\(tensor("F32", "2", "12,20", name: "b"))}", values: 20,
      "tensor 'b' begins at byte 12 of the values; 8 was expected"),
    Case(
      "{\(tensor("F32", "2", "0,8")),\(tensor("F32", "1", "8,12", name: "b"))}", values: 12,
      "tensor 'b' has a leading axis of 1, the first tensor one of 2"),
    Case(
      "{\(tensor("F32", "2", "0,8")),\(tensor("F32", "2", "8,16"))}", values: 16,
      "'a' occurs twice"),
    // One name to Swift, composed and decomposed.
    Case(
      "{\(tensor(name: "\u{e9}")),\(tensor("F32", "2", "8,16", name: "e\u{301}"))}",
      values: 16, "occurs twice"),
    Case(#"{"__metadata__":{"rows":"3"},\#(tensor())}"#, "says '3' rows; 0 to 2 are possible"),
    Case(#"{"__metadata__":{"rows":"-1"},\#(tensor())}"#, "says '-1' rows"),
    Case(#"{"__metadata__":{"rows":"1 "},\#(tensor())}"#, "says '1 ' rows"),
    Case(
      #"{"__metadata__":{"theta-every":"2"},\#(tensor())}"#,
      "says theta-every, but not last-iteration"),
    Case(
      #"{"__metadata__":{"last-iteration":"2"},\#(tensor())}"#,
      "says last-iteration, but not theta-every"),
    Case(
      #"{"__metadata__":{"theta-every":"0","last-iteration":"2"},\#(tensor())}"#,
      "says '0' for theta-every; a positive number was expected"),
    Case(
      #"{"__metadata__":{"theta-every":"2","last-iteration":"-1"},\#(tensor())}"#,
      "says '-1' for last-iteration; a number was expected"),
    Case(
      #"{"__metadata__":{"theta-every":"2","last-iteration":"\#(Int.max)"},\#(tensor())}"#,
      "says '\(Int.max)' for last-iteration"),
    Case(
      #"{"__metadata__":{"theta-every":"9","last-iteration":"0"},\#(tensor())}"#,
      "says 2 rows; every 9 of 0 iterations makes 1"),
    Case(#"{"__metadata__":{"rows":1},\#(tensor())}"#, "'\"' was expected"),
    Case(#"{"__metadata__":{"k":"1","k":"2"},\#(tensor())}"#, "__metadata__ has 'k' twice"),
    Case(#"{"__metadata__":{},"__metadata__":{},\#(tensor())}"#, "'__metadata__' occurs twice"),
    Case(#"{"a":{"dtype":"F32","dtype":"F32"}}"#, "tensor 'a' has 'dtype' twice"),
    Case(#"{"a":{"colour":"red"}}"#, "tensor 'a' has an unknown field 'colour'"),
    Case("{\(tensor())", "'}' was expected"),
    Case("{\(tensor())}x", "something follows the header's '}'"),
    Case("{\(tensor()),}", "'\"' was expected"),
    Case(#"{"a"#, values: 0, "a name does not end"),
    Case(#"{"a\"#, values: 0, "a name does not end"),
    Case(#"{"\x":"#, "an unknown escape"),
    Case(#"{"\u12":{}}"#, "four hexadecimal digits were expected"),
    Case(#"{"\ud800":{}}"#, "half a surrogate pair"),
    Case(#"{"\ud800\u0041":{}}"#, "half a surrogate pair"),
    Case(#"{"\udc00":{}}"#, "half a surrogate pair"),
    Case("{\"a\u{1F}b\":{}}", "a name holds a control character"),
    Case("{\"a\nb\":{}}", "a name holds a control character"),
    Case(
      bytes: [5, 0, 0, 0, 0, 0, 0, 0] + Array("{\"".utf8) + [0xFF] + Array("\":".utf8),
      "a name is not UTF-8"),
    Case("{\"a\":" + String(repeating: "[", count: 1_000_000), "'{' was expected"),
    Case(
      String(repeating: "{\"a\":", count: 200_000), "tensor 'a' has an unknown field 'a'"),
    Case("{\"" + String(repeating: "y", count: 100_000) + "\":{\"z\":1}}", "yyy…' has an unknown"),
    Case(#"{"new\nline\u2028":{"z":1}}"#, #"tensor 'new\nline\u{2028}' has an unknown"#),
  ]

  @Test(arguments: cases) func isRefused(_ example: Case) throws {
    let path = try scratch.file("x.safetensors", example.bytes)
    let error = #expect(throws: RecordError.self) { try ThetaTrajectoryFile(path: path) }
    let description = error?.description ?? ""
    #expect(description.hasPrefix(path + ": "))
    #expect(description.contains(example.cause))
    #expect(description.filter(\.isNewline).isEmpty)
    #expect(description.count < path.count + 250)
    #expect(error?.kind == .dataError)
  }

  @Test func escapesInNamesAreRead() throws {
    let name = #"\"\\\/\b\f\n\r\t\u00e9\ud83D\uDC0D"#
    let header = "{ \(Self.tensor(name: name))\r\n\t }  "
    let path = try scratch.file("x.safetensors", Self.file(header, values: 8))
    let file = try ThetaTrajectoryFile(path: path)
    #expect(file.layout.leaves.map(\.name) == ["\"\\/\u{8}\u{c}\n\r\t\u{e9}\u{1F40D}"])
  }

  @Test func missingFilesAndFoldersAreNoInput() throws {
    let missing = scratch("missing")
    let below = try scratch.file("regular", [1]) + "/x"
    // Opening a pipe waits for its other end unless told otherwise.
    let pipe = scratch("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    for (path, cause) in [
      (pipe, "is not a regular file"), (missing, "no such file or directory"),
      (below, "not a directory"),
      (scratch.path, "is a folder"), ("/dev/null", "is not a regular file"),
    ] {
      let error = #expect(throws: RecordError.self) { try ThetaTrajectoryFile(path: path) }
      #expect(error == RecordError(.noInput, path, cause))
    }
  }

  @Test func aFileCutWhileItIsReadIsAnError() throws {
    let header = "{\(Self.tensor())}"
    let path = try scratch.file("x.safetensors", Self.file(header, values: 8))
    let file = try ThetaTrajectoryFile(path: path)
    #expect(try file.theta(at: 1) == [0])
    try #require(truncate(path, 8 + header.utf8.count + 6) == 0)
    let error = #expect(throws: RecordError.self) { try file.theta(at: 1) }
    #expect(error?.kind == .dataError)
  }

  /// Random bytes, and good files with bytes changed, cut, doubled, or with tokens swapped.
  @Test func neitherNoiseNorMutationsCrash() throws {
    var random = SplitMix(state: 20_230_917)
    let layout = ParameterLayout([
      ParameterLeaf(name: "linear/b", shape: [2]), ParameterLeaf(name: "linear/w", shape: [3, 2]),
    ])
    let path = scratch("good.safetensors")
    let writer = try ThetaTrajectoryWriter(
      path: path, layout: layout, keeping: KeptIterations(every: 3, final: 8),
      metadata: ["key": "\u{e9}\n"])
    try writer.append([Float](repeating: 1, count: layout.count))
    let good = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let tokens = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "-", "0", "9", "4", "1e9", "null", " ",
      "9223372036854775807", "18446744073709551616", "F32", "rows", "theta-every", "data_offsets",
      "\u{0}", "é",
    ]
    var accepted = 0
    for round in 0..<6000 {
      var bytes = good
      if round % 10 == 0 {
        bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
          .random(in: 0...255, using: &random)
        }
      } else {
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let at = Int.random(in: 0...bytes.count, using: &random)
          let end = min(bytes.count, at + .random(in: 0...8, using: &random))
          switch Int.random(in: 0..<6, using: &random) {
          case 0 where at < bytes.count: bytes[at] = .random(in: 0...255, using: &random)
          case 1 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
          case 2: bytes.removeSubrange(at..<end)
          case 3: bytes.insert(contentsOf: bytes[at..<end], at: at)
          case 4: bytes.removeSubrange(at...)
          default: bytes.replaceSubrange(at..<end, with: tokens.randomElement(using: &random)!.utf8)
          }
        }
      }
      // Half of them with a header length that fits, so that the parser is reached.
      if round % 2 == 1, let brace = bytes.lastIndex(of: UInt8(ascii: "}")), brace >= 8 {
        let length = withUnsafeBytes(of: UInt64(brace - 7).littleEndian, Array.init)
        bytes.replaceSubrange(0..<8, with: length)
      }
      let mutant = try scratch.file("mutant", bytes)
      do throws(RecordError) {
        let file = try ThetaTrajectoryFile(path: mutant)
        for row in 0..<file.rowCount {
          let theta = try file.theta(at: row)
          #expect(theta.count == file.layout.count)
        }
        accepted += 1
      } catch {
        #expect(error.kind == .dataError && error.description.filter(\.isNewline).isEmpty)
      }
    }
    // Changes of values, names and counts leave a file good: the reader is not just refusing.
    #expect((100..<5000).contains(accepted))
  }
}
