import Foundation
import TestSupport
import Testing

@testable import Records

/// Files that hold no θ: each is refused with one line that names file and cause.
@Suite struct HostileThetaTests {
  let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  struct Case: Sendable, CustomTestStringConvertible {
    var bytes: [UInt8]
    var cause: String

    init(_ bytes: [UInt8], _ cause: String) {
      self.bytes = bytes
      self.cause = cause
    }
    init(_ text: String, _ cause: String) { self.init(Array(text.utf8), cause) }
    var testDescription: String { cause }
  }

  static let any = [
    Case("", "is empty; a θ file was expected"),
    Case("no θ", "is no θ file; known are: flax, npz, safetensors, csv"),
    Case([0x93, 1, 2, 3], "is no θ file"), Case([0xC0], "is no θ file"),
    Case([8, 0, 0, 0, 0, 0, 0, 0] + Array("{".utf8), "is truncated: its header ends at byte 16"),
  ]

  // MARK: MessagePack

  static func text(_ text: String) -> [UInt8] { [0xA0 | UInt8(text.utf8.count)] + text.utf8 }

  /// An array of flax with a body that can be anything.
  static func ext(_ body: [UInt8], type: UInt8 = 1) -> [UInt8] {
    [0xC8, UInt8(body.count >> 8), UInt8(body.count & 0xFF), type] + body
  }

  static func array(
    shape: [UInt8] = [0x92, 1, 2], type: String = "float32", bytes: Int = 8
  ) -> [UInt8] {
    ext([0x93] + shape + text(type) + [0xC4, UInt8(bytes)] + [UInt8](repeating: 0, count: bytes))
  }

  static func leaf(_ value: [UInt8]) -> [UInt8] {
    [0x81] + text("linear") + [0x81] + text("w") + value
  }

  /// What flax makes of a large array.
  static func pieces(_ members: [(String, [UInt8])]) -> [UInt8] {
    let mark = Array("__msgpack_chunked_array__".utf8)
    var map: [UInt8] = [0x81 + UInt8(members.count), 0xD9, UInt8(mark.count)]
    map += mark
    map.append(0xC3)
    for (name, value) in members { map += text(name) + value }
    return map
  }

  static let flax = [
    Case([0x80], "holds no leaf"),
    Case([0x81], "announces more values than it can hold, at byte 0"),
    Case(leaf(array()).dropLast(), "is truncated"), Case(leaf([0x80]), "holds no leaf"),
    Case(leaf(array()) + [0], "goes on after its value, at byte"),
    Case([0x81, 0xC1, 0], "is no MessagePack, at byte 1"),
    Case([0xDF, 0xFF, 0xFF, 0xFF, 0xFF], "announces more values than it can hold, at byte 4"),
    Case(leaf([0xDD, 0xFF, 0xFF, 0xFF, 0xFF]), "announces more values than it can hold"),
    Case(leaf([0xDD, 0, 0, 1, 0]), "announces more values than it can hold"),
    // All 300 000 are there, and would take 24 bytes for each one.
    Case(
      leaf([0xDD, 0, 4, 0x93, 0xE0] + [UInt8](repeating: 0xC0, count: 300_000)),
      "announces more values than it can hold"),
    Case(leaf([0xC9, 0xFF, 0xFF, 0xFF, 0xFF, 1]), "is no MessagePack"),
    Case(leaf([0xC9, 0x7F, 0xFF, 0xFF, 0xFF, 1]), "is truncated"),
    Case(leaf([0xDB, 0xFF, 0xFF, 0xFF, 0xFF]), "is truncated"),
    Case(leaf([0xC6, 0xFF, 0xFF, 0xFF, 0xFF]), "is truncated"),
    Case(
      [UInt8](repeating: 0x81, count: 1_000_000),
      "has values in values, more than 8 levels deep, at byte 8"),
    Case(
      leaf([UInt8](repeating: 0x91, count: 1_000_000)),
      "has values in values, more than 8 levels deep"),
    Case(leaf([0xCB, 0, 0, 0, 0, 0, 0, 0, 0]), "leaf 'linear/w' is no array"),
    Case(leaf([0xC3]), "leaf 'linear/w' is no array"),
    Case(leaf([0x91, 1]), "leaf 'linear/w' is no array"),
    Case([0x81, 1] + array(), "a name is no string"),
    Case([0x81, 0x80] + array(), "a name is no string"),
    Case([0x81, 0xA1, 0xFF] + array(), "a name is not UTF-8"),
    Case(
      [0x82] + text("a") + array() + text("a") + array(), "'a' occurs twice"),
    Case(
      [0x82] + text("a") + [0x81] + text("b/c") + array() + text("a/b") + [0x81] + text("c")
        + array(), "'a/b/c' occurs twice"),
    Case(
      leaf(ext([0x93], type: 3)), "leaf 'linear/w' has extension type 3, not 1, an array's"),
    Case(leaf(ext([], type: 1)), "is truncated"),
    Case(leaf(ext([0x93])), "announces more values than it can hold"),
    Case(leaf(ext([0x90])), "leaf 'linear/w' is not a shape, a type and values"),
    Case(leaf(ext([0x93, 1, 2, 3])), "leaf 'linear/w' is not a shape, a type and values"),
    Case(leaf(ext([0x93, 0x90, 1, 0xC4, 0])), "a type is no string"),
    Case(leaf(ext([0xDD, 0xFF, 0xFF, 0xFF, 0xFF])), "announces more values than it can hold"),
    Case(leaf(ext([0xDC, 0, 100] + [UInt8](repeating: 1, count: 100))), "announces more values"),
    Case(
      leaf(array(type: "int32")),
      "leaf 'linear/w' has type 'int32': float16, bfloat16, float32 and float64 are read"),
    Case(
      leaf(array(type: "float64")), "leaf 'linear/w' has 8 bytes where its shape asks for 16"),
    Case(
      leaf(array(type: "bfloat16")), "leaf 'linear/w' has 8 bytes where its shape asks for 4"),
    Case(leaf(pieces([])), "leaf 'linear/w' is an array in pieces without 'shape'"),
    Case(
      leaf(pieces([("shape", [0x80])])),
      "leaf 'linear/w' is an array in pieces without 'chunks'"),
    Case(
      leaf(pieces([("shape", [0x80]), ("chunks", [0x81] + text("0") + [0xC0])])),
      "leaf 'linear/w' has a piece that is no array"),
    Case(
      leaf(
        pieces([("shape", [0x81] + text("0") + [3]), ("chunks", [0x81] + text("0") + array())])),
      "leaf 'linear/w' has 2 values in its pieces; its shape is [3]"),
    Case(
      leaf(pieces([("shape", [0x81] + text("0") + [0xC0]), ("chunks", [0x80])])),
      "leaf 'linear/w' has an axis that is no size"),
    Case(leaf(array(bytes: 4)), "leaf 'linear/w' has 4 bytes where its shape asks for 8"),
    Case(leaf(array(shape: [0x91, 0], bytes: 0)), "leaf 'linear/w' has an empty axis"),
    Case(leaf(array(shape: [0x92, 0xFF, 2])), "leaf 'linear/w' has an axis that is no size"),
    Case(leaf(array(shape: [0x92, 0xC0, 2])), "leaf 'linear/w' has an axis that is no size"),
    Case(
      leaf(array(shape: [0x92, 0xCF, 0xFF] + [UInt8](repeating: 0, count: 7) + [1])),
      "leaf 'linear/w' has too large a shape"),
    Case(
      leaf(
        array(shape: [0x92, 0xCE, 0xFF, 0, 0, 0, 0xCF, 0x40] + [UInt8](repeating: 0, count: 7))),
      "leaf 'linear/w' has too large a shape"),
    Case(
      [0x81] + text("l") + [0x82] + text("b") + array() + text("w") + array(),
      "leaf 'l/b' has an axis of iterations, 'l/w' has none"),
    Case(
      [0x82] + text("a") + array(shape: [0x91, 2]) + text("l/w") + array(shape: [0x93, 1, 1, 2]),
      "leaf 'l/w' has 1 iterations, 'a' 2 iterations"),
    Case(
      [0x82] + text("a") + array(shape: [0x90], bytes: 4) + text("l/w")
        + array(shape: [0x93, 1, 1, 2]),
      "leaf 'l/w' has 1 iterations, 'a' no axis of iterations"),
    Case(leaf(array(type: "a\nb")), #"has type 'a\nb': float16"#),
  ]

  // MARK: npz

  static func npz(_ file: [UInt8], as names: [String] = ["a.npy"]) throws -> [UInt8] {
    try zipArchive(names.map { ($0, file) }, for: "x")
  }

  static func npy(
    _ header: String = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
    version: UInt8 = 1, length: Int? = nil, values: Int = 8
  ) -> [UInt8] {
    let length = length ?? header.utf8.count
    let size = [UInt8(length & 0xFF), UInt8(length >> 8 & 0xFF)] + (version == 1 ? [] : [0, 0])
    return NumPyHeader.magic + [version, 0] + size + header.utf8
      + [UInt8](repeating: 0, count: values)
  }

  static func header(
    descr: String = "'<f4'", fortran: String = "False", shape: String = "(2,)"
  ) -> String {
    "{'descr': \(descr), 'fortran_order': \(fortran), 'shape': \(shape), }"
  }

  /// A good archive with the bytes of `change` put over those that follow the last `signature`.
  static func patched(_ signature: [UInt8], at offset: Int, _ change: [UInt8]) throws -> [UInt8] {
    var bytes = try npz(npy())
    for start in 0..<bytes.count - signature.count
    where bytes[start..<start + signature.count].elementsEqual(signature) {
      let place = start + offset
      bytes.replaceSubrange(place..<place + change.count, with: change)
    }
    return bytes
  }

  static let directory: [UInt8] = Array("PK\u{1}\u{2}".utf8)

  static func archives() throws -> [Case] {
    [
      Case("PK\u{3}\u{4}", "is no whole zip archive: not a zip archive"),
      Case("PK\u{3}\u{4}" + String(repeating: "x", count: 1000), "is no whole zip archive: "),
      Case("PK\u{5}\u{6}" + String(repeating: "\0", count: 18), "holds no leaf"),
      Case(try npz(npy()).dropLast(), "is no whole zip archive: "),
      Case(try npz(npy(), as: ["a.txt"]), "holds 'a.txt', which is no .npy"),
      Case(try npz(npy(), as: ["e\u{301}.npy", "é.npy"]), "occurs twice"),
      Case(try npz([]), "'a.npy' is no .npy file"),
      Case(try npz(Array("not one of NumPy's".utf8)), "'a.npy' is no .npy file"),
      Case(try npz(npy(version: 4)), "'a.npy' has npy version 4, not 1 to 3"),
      Case(try npz(npy(length: 10_001)), "'a.npy' announces a header of 10001 bytes"),
      Case(try npz(npy(length: 200)), "'a.npy' is truncated"),
      Case(try npz(Array(npy(version: 2).prefix(11))), "'a.npy' is truncated"),
      Case(try npz(npy("")), "'a.npy' has a bad header: '{' was expected"),
      Case(try npz(npy("{}")), "has a bad header: descr, fortran_order and shape were expected"),
      Case(try npz(npy("{'a': 1}")), "has a bad header: unknown key 'a'"),
      Case(try npz(npy("{'descr")), "has a bad header: a text is open"),
      Case(try npz(npy(header() + "x")), "has a bad header: it goes on"),
      Case(
        try npz(npy("{'descr': '<f4', 'descr': '<f4'}")),
        "has a bad header: 'descr' occurs twice"),
      Case(
        try npz(npy(header(descr: "'<f8'"))), "'a.npy' has 8 bytes where its shape asks for 16"),
      Case(
        try npz(npy(header(descr: "'<i8'"))),
        "'a.npy' has type '<i8': float16, float32 and float64 are read"),
      Case(
        try npz(npy(header(descr: "'|V2'"))),
        "'a.npy' has type '|V2': bfloat16 cannot be told from others in npz: float16, float32"),
      Case(try npz(npy(header(descr: "'|O'"))), "'a.npy' has type '|O': float16, float32 and"),
      Case(
        try npz(npy(), as: ["x/data.pkl"]), "which is no .npy: PyTorch's own files are not read"),
      Case(try npz(npy(header(descr: "[('x', '<f4')]"))), "'a.npy' has a type of several fields"),
      Case(try npz(npy(header(fortran: "1"))), "True or False was expected"),
      Case(try npz(npy(header(shape: "(-2,)"))), "an axis is no size"),
      Case(try npz(npy(header(shape: "(9223372036854775808,)"))), "an axis is no size"),
      Case(try npz(npy(header(shape: "(4294967296, 4294967296)"))), "has too large a shape"),
      Case(try npz(npy(header(shape: "(0,)"), values: 0)), "leaf 'a' has an empty axis"),
      Case(
        try npz(npy(header(shape: "(3,)"))), "'a.npy' has 8 bytes where its shape asks for 12"),
      Case(
        try npz(npy(header(shape: "(1000000000,)"))),
        "'a.npy' has 8 bytes where its shape asks for 4000000000"),
      Case(
        try npz(npy(header(shape: "(" + String(repeating: "1, ", count: 40) + "2)"))),
        "'a.npy' has 41 axes"),
      // The size unpacked, in the table of contents.
      Case(
        try patched(directory, at: 24, [0xFF, 0xFF, 0xFF, 0x0F]),
        "'a.npy' cannot be believed to have 268435455 bytes"),
      Case(try patched(directory, at: 10, [8, 0]), "'a.npy' "),
      Case(try patched(directory, at: 10, [12, 0]), "'a.npy' is compressed by method 12"),
      Case(try patched(directory, at: 8, [1, 0]), "'a.npy' is encrypted"),
      Case(try patched(directory, at: 16, [1, 2, 3, 4]), "cannot be read: crc error"),
    ]
  }

  // MARK: CSV

  static let csv = [
    Case("iteration,", "is truncated: its last line does not end"),
    Case("iteration,a\n0,1", "is truncated: its last line does not end"),
    Case("iteration,a\n", "holds no rows"),
    Case("iteration,a\n0\n", "line 2 has not the 2 fields of the first line"),
    Case("iteration,a\n0,1,2\n", "line 2 has not the 2 fields of the first line"),
    Case("iteration,a\n0,1\n\n", "line 3 has not the 2 fields of the first line"),
    Case("iteration,a\n0,x\n", "line 2: 'a' is 'x', not a number"),
    Case("iteration,a\n0,\n", "line 2: 'a' is '', not a number"),
    Case("iteration,a\nx,1\n", "line 2 begins with 'x', not with an iteration"),
    Case("iteration,a\n-1,1\n", "line 2 begins with '-1', not with an iteration"),
    Case("iteration,a\n0,1\n1,1\n3,1\n", "line 4 is of iteration 3, which does not come next"),
    Case("iteration,a\n0,1\n0,1\n", "line 3 is of iteration 0, which does not come next"),
    Case("iteration,a\n5,1\n3,1\n", "line 3 is of iteration 3, which does not come next"),
    Case(
      "iteration,a\n0,1\n9,1\n10,1\n11,1\n", "line 5 is of iteration 11, which does not come next"),
    Case("iteration,a\n\(Int.max),1\n", "line 2 begins with '\(Int.max)', not with an iteration"),
    Case("iteration,a,b,a\n0,1,2,3\n", "'a' occurs twice"),
    Case("iteration,a,a\n0,1,2\n", "the columns of leaf 'a' are not all values of an array"),
    Case("iteration,a[1],a[0]\n0,1,2\n", "the columns of leaf 'a' are not all values of an array"),
    Case("iteration,a[0],a[2]\n0,1,2\n", "the columns of leaf 'a' are not all values of an array"),
    Case("iteration,a[-1]\n0,1\n", "the columns of leaf 'a' are not all values of an array"),
    Case("iteration,a[]\n0,1\n", "the columns of leaf 'a' are not all values of an array"),
    Case(
      "iteration,a[9223372036854775807]\n0,1\n",
      "the columns of leaf 'a' are not all values of an array"),
    Case("iteration,\"a\n", "has no column of a leaf"),
    Case(
      "iteration," + String(repeating: ",", count: 2_000_000) + "\n",
      "has more than 1048576 columns"),
  ]

  @Test(arguments: try any + flax + archives() + csv) func isRefused(_ example: Case) throws {
    let path = try scratch.file("x", example.bytes)
    let error = #expect(throws: RecordError.self) { try openTheta(path) }
    let description = error?.description ?? ""
    #expect(description.hasPrefix(path + ": "))
    #expect(description.contains(example.cause), "\(description)")
    #expect(description.filter(\.isNewline).isEmpty)
    #expect(description.count < path.count + 250)
    #expect(error?.kind == .dataError)
  }

  /// A file cut anywhere is refused; CSV wherever its last line is not whole.
  @Test(arguments: ThetaFormat.allCases) func isRefusedCutAnywhere(format: ThetaFormat) throws {
    var random = SplitMix(state: 7)
    let whole = scratch("whole")
    try writeTheta(MadeTheta(MadeTheta.linear, rowCount: 2, using: &random), as: format, to: whole)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: whole)))
    for count in 0..<bytes.count where format != .csv || bytes[..<count].last != 10 {
      let path = try scratch.file("cut", bytes.prefix(count))
      #expect(throws: RecordError.self, "\(count) bytes") { try openTheta(path) }
    }
  }

  /// Gigabytes of zeros in a few bytes, and in a file that has no blocks on the disk.
  @Test func bombsAreNotUnpacked() throws {
    let _: Bool = try Python.run(
      """
      import io, sys, zipfile, numpy
      head = io.BytesIO()
      numpy.lib.format.write_array_header_1_0(
          head, {"descr": "<f4", "fortran_order": False, "shape": (257 << 18,)})
      with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
          with archive.open("a.npy", "w") as file:
              file.write(head.getvalue())
              for _ in range(257): file.write(bytes(1 << 20))
      with zipfile.ZipFile(sys.argv[1] + "s", "w", zipfile.ZIP_DEFLATED) as archive:
          for name in "abcdefg":
              archive.writestr(name + ".npy", bytes(40 << 20))
      print("true")
      """, scratch("bomb"))
    var error = #expect(throws: RecordError.self) { try openTheta(scratch("bomb")) }
    #expect(error?.cause == "'a.npy' cannot be believed to have 269484160 bytes")
    error = #expect(throws: RecordError.self) { try openTheta(scratch("bombs")) }
    #expect(error?.cause == "cannot be believed to unpack to 293601280 bytes")
    // One row of a tebibyte, and many that are as much together.
    for (shape, rowIsBelieved) in [("1,274877906944", false), ("268435456,1024", true)] {
      var header = #"{"a/x":{"dtype":"F32","shape":[\#(shape)],"data_offsets":[0,1099511627776]}}"#
      header += String(repeating: " ", count: 120 - header.utf8.count)
      let sparse = try scratch.file("rows", [120, 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8))
      try #require(truncate(sparse, (1 << 40) + 128) == 0)
      let file = try openTheta(sparse)
      if rowIsBelieved {
        #expect(try file.theta(at: 7) == [Float](repeating: 0, count: 1024))
      } else {
        error = #expect(throws: RecordError.self) { try file.theta(at: 0) }
        #expect(error?.cause == "cannot be believed to have 274877906944 values in one θ")
      }
      error = #expect(throws: RecordError.self) {
        try writeTheta(file, as: .npz, to: scratch("copy"))
      }
      #expect(error?.kind == .dataError && error?.path == sparse)
      #expect(!FileManager.default.fileExists(atPath: scratch("copy")))
    }
    for (start, limit) in [([0x81], 1 << 30), (Array("iteration,".utf8), 1 << 28)] {
      let sparse = try scratch.file("sparse", start)
      try #require(truncate(sparse, 1 << 40) == 0)
      error = #expect(throws: RecordError.self) { try openTheta(sparse) }
      #expect(
        error?.cause
          == "has 1099511627776 bytes; \(limit) at most are believed of such a file")
    }
  }
}
