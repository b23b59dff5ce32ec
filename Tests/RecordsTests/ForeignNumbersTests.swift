import Foundation
import Parameters
import TestSupport
import Testing

@testable import Records

/// θ files of other programs: one θ or several, other types and orders of numbers, other names.
@Suite struct ForeignNumbersTests {
  let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  /// A safetensors file of one tensor.
  private func safetensors(
    _ type: String, _ shape: [Int], _ values: [UInt8], name: String = "linear/w",
    metadata: String = ""
  ) throws -> String {
    let header =
      "{\(metadata)\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),"
      + "\"data_offsets\":[0,\(values.count)]}}"
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init)
    return try scratch.file("x.safetensors", length + header.utf8 + values)
  }

  /// An npz file of one array.
  private func npz(
    _ type: String, _ shape: String, _ values: [UInt8], isFortran: Bool = false,
    name: String = "linear/w"
  ) throws -> String {
    let header = HostileThetaTests.header(
      descr: "'\(type)'", fortran: isFortran ? "True" : "False", shape: shape)
    let file = HostileThetaTests.npy(header, values: 0) + values
    return try scratch.file("x.npz", zipArchive([(name + ".npy", file)], for: "x"))
  }

  private func bytes<Number>(_ numbers: [Number]) -> [UInt8] { numbers.withUnsafeBytes(Array.init) }

  private func expect(
    _ path: String, _ layout: String, _ rows: [[Float]],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = try openTheta(path)
    #expect(file.layout.summary == layout, sourceLocation: sourceLocation)
    try #require(file.rowCount == rows.count, sourceLocation: sourceLocation)
    for (row, theta) in rows.enumerated() {
      #expect(try file.theta(at: row) == theta, sourceLocation: sourceLocation)
    }
  }

  @Test("weights with two axes are one θ in safetensors too")
  func singleSafetensors() throws {
    let values = (0..<6).map { Float($0) / 3 }
    try expect(safetensors("F32", [3, 2], bytes(values)), "linear/w[3, 2]", [values])
    try expect(
      safetensors("F32", [2, 3, 1], bytes(values)), "linear/w[3, 1]",
      [Array(values[..<3]), Array(values[3...])])
    try expect(
      safetensors("F32", [3, 2], bytes(values), name: "0.weight"), "0.weight[3, 2]", [values])
    try expect(
      safetensors("F32", [], bytes([Float(7)]), name: "log_lr"), "log_lr[]", [[7]])
    // The metadata of a run's own file says what it is; what others mean by "rows" is theirs.
    func withMetadata(_ text: String, _ shape: [Int]) throws -> String {
      try safetensors("F32", shape, bytes(values), metadata: "\"__metadata__\":{\(text)},")
    }
    let halves = [Array(values[..<3]), Array(values[3...])]
    try expect(
      withMetadata(#""rows":"1","written-by":"nres""#, [3, 2]), "linear/w[2]", [Array(values[..<2])]
    )
    try expect(withMetadata(#""rows":"1""#, [3, 2]), "linear/w[3, 2]", [values])
    try expect(withMetadata(#""rows":"many""#, [2, 3, 1]), "linear/w[3, 1]", halves)
    try expect(withMetadata(#""rows":"7","theta-every":"x""#, [2, 3, 1]), "linear/w[3, 1]", halves)
    // Version 0.1 said no more than this.
    try expect(withMetadata(#""rows":"1""#, [2, 3, 1]), "linear/w[3, 1]", [halves[0]])
    try expect(
      safetensors("F32", [3, 2], bytes(values), metadata: #""__metadata__": null,"#),
      "linear/w[3, 2]", [values])
  }

  @Test("a tensor without values is left out, where others have some")
  func noValues() throws {
    func entry(_ name: String, _ shape: String, _ offsets: String) -> String {
      #""\#(name)":{"dtype":"F32","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#
    }
    let entries = [
      entry("empty", "0,4", "0,0"), entry("linear/w", "2,1", "0,8"), entry("last", "3,0", "8,8"),
    ]
    let header = "{\(entries.joined(separator: ","))}"
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init)
    let path = try scratch.file("x.safetensors", length + header.utf8 + bytes([Float(5), 6]))
    try expect(path, "linear/w[2, 1]", [[5, 6]])
  }

  @Test("numbers of 16 and 64 bits are rounded to the nearest of 32")
  func types() throws {
    let doubles = [0.1, -1e-300, 3.5, 1 + 0x1p-25]
    let floats: [Float] = [0.1, 0, 3.5, 1]
    let halves: [Float16] = [0.1, -0.0, 65504, .leastNonzeroMagnitude]
    let halfFloats: [Float] = [0.0999755859375, 0, 65504, 0x1p-24]
    // The upper halves of 1, −2, 3 · 2⁻¹²⁶ and infinity.
    let brains: [UInt16] = [0x3F80, 0xC000, 0x0140, 0x7F80]
    let brainFloats: [Float] = [1, -2, 0x1.8p-125, .infinity]
    try expect(safetensors("F64", [2, 2], bytes(doubles)), "linear/w[2, 2]", [floats])
    try expect(safetensors("F16", [2, 2], bytes(halves)), "linear/w[2, 2]", [halfFloats])
    try expect(safetensors("BF16", [2, 2], bytes(brains)), "linear/w[2, 2]", [brainFloats])
    try expect(
      safetensors("F64", [2, 2, 1], bytes(doubles)), "linear/w[2, 1]",
      [Array(floats[..<2]), Array(floats[2...])])
    try expect(npz("<f8", "(2, 2)", bytes(doubles)), "linear/w[2, 2]", [floats])
    try expect(npz("<f2", "(4, 1)", bytes(halves)), "linear/w[4, 1]", [halfFloats])
    try expect(
      npz(">f8", "(2, 2)", bytes(doubles.map(\.bitPattern.bigEndian))), "linear/w[2, 2]", [floats])
    try expect(
      npz(">f4", "(2, 2)", bytes(floats.map(\.bitPattern.bigEndian))), "linear/w[2, 2]", [floats])
    try expect(
      npz(">f2", "(2, 2)", bytes(halves.map(\.bitPattern.bigEndian))), "linear/w[2, 2]",
      [halfFloats])
  }

  @Test("in Fortran's order the first axis runs fastest")
  func fortran() throws {
    let values = (0..<6).map { Float($0) }
    try expect(
      npz("<f4", "(3, 2)", bytes(values), isFortran: true), "linear/w[3, 2]", [[0, 3, 1, 4, 2, 5]])
    try expect(
      npz("<f4", "(2, 1, 3)", bytes(values), isFortran: true), "linear/w[1, 3]",
      [[0, 2, 4], [1, 3, 5]])
    #expect(rowMajor([], shape: [2, 0]) == [])
    #expect(rowMajor([4], shape: []) == [4])
    // Element (i, j, k) of 2 × 3 × 4 is at i + 2j + 6k there, at 12i + 4j + k here.
    let turned = rowMajor((0..<24).map { Float($0) }, shape: [2, 3, 4])
    for index in 0..<24 {
      let (i, j, k) = (index / 12, index / 4 % 3, index % 4)
      #expect(turned[index] == Float(i + 2 * j + 6 * k))
    }
  }

  @Test("PyTorch's and flax's names of weights and biases tell one θ from several")
  func names() throws {
    let values = (0..<4).map { Float($0) }
    for name in ["weight", "fc.0.weight", "Dense_0/kernel", "w"] {
      try expect(npz("<f4", "(2, 2)", bytes(values), name: name), "\(name)[2, 2]", [values])
    }
    for name in ["bias", "fc.0.bias", "b"] {
      try expect(npz("<f4", "(4,)", bytes(values), name: name), "\(name)[4]", [values])
      try expect(
        npz("<f4", "(2, 2)", bytes(values), name: name), "\(name)[2]", [[0, 1], [2, 3]])
    }
  }

  @Test("a table may begin with a byte-order mark")
  func byteOrderMark() throws {
    let text = "iteration,\"a[0]\",\"a[1]\"\r\n0,1,2\r\n1,3,4\r\n"
    let path = try scratch.file("x.csv", [0xEF, 0xBB, 0xBF] + text.utf8)
    try expect(path, "a[2]", [[1, 2], [3, 4]])
  }

  @Test(
    "what cannot be is named",
    arguments: [
      (
        "I32", [2, 2], 16,
        "tensor 'linear/w' has type 'I32': float16, bfloat16, float32 and float64"
      ),
      ("F64", [2, 2], 16, "tensor 'linear/w' has 16 bytes where its shape asks for 32"),
      ("F32", [0, 2], 0, "leaf 'linear/w' has an empty axis: its shape is [0, 2]"),
      ("F32", [1 << 40, 1 << 40], 16, "tensor 'linear/w' has too large a shape"),
    ] as [(String, [Int], Int, String)])
  func refused(type: String, shape: [Int], count: Int, cause: String) throws {
    let path = try safetensors(type, shape, [UInt8](repeating: 0, count: count))
    let error = #expect(throws: RecordError.self) { try openTheta(path) }
    #expect(
      error?.kind == .dataError && error?.cause.hasPrefix(cause) == true, "\(error?.cause ?? "")")
  }

  @Test("flax's own writer: other types, and arrays in pieces")
  func flax() throws {
    let _: Bool = try Python.run(
      """
      import sys, numpy, jax.numpy
      from flax import serialization
      values = numpy.arange(24).reshape(4, 6) / 4
      def save(name, array):
          with open(f"{sys.argv[1]}/{name}", "wb") as file:
              file.write(serialization.to_bytes({"linear": {"w": array}}))
      save("float64", values)
      save("float16", values.astype("f2"))
      save("bfloat16", jax.numpy.asarray(values, "bfloat16"))
      serialization.MAX_CHUNK_SIZE = 8
      save("pieces", values.astype("f4"))
      assert b"chunked" in open(f"{sys.argv[1]}/pieces", "rb").read()
      print("true")
      """, scratch.path)
    for name in ["float64", "float16", "bfloat16", "pieces"] {
      try expect(scratch(name), "linear/w[4, 6]", [(0..<24).map { Float($0) / 4 }])
    }
  }
}
