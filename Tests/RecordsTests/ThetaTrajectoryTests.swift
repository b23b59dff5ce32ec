import Foundation
import Parameters
import Records
import TestSupport
import Testing

@Suite struct ThetaTrajectoryTests {
  let scratch: TemporaryFolder
  let layout = ParameterLayout([
    ParameterLeaf(name: "linear/w", shape: [3, 2]),
    ParameterLeaf(name: "linear/b", shape: [2]),
    ParameterLeaf(name: "scale \"\\\n\u{1}é", shape: []),
  ])
  let metadata = ["task": "swimmer", "comment \"\\\n": "tab\tand é\u{1F40D}"]

  init() throws { scratch = try TemporaryFolder() }

  /// Rows with values whose bits a detour over text would not keep.
  func theta(_ row: Int) -> [Float] {
    (0..<layout.count).map { index in
      switch index {
      case 0: Float(bitPattern: 0x7FC0_1234)
      case 1: -0.0
      case 2: .leastNonzeroMagnitude
      case 3: -.infinity
      default: Float(row * layout.count + index) / 3
      }
    }
  }

  @Test func readsBackAfterEveryRowWithoutClosing() throws {
    let path = scratch("theta.safetensors")
    // Ten rows and more, so that the count takes a second digit.
    let writer = try ThetaTrajectoryWriter(
      path: path, layout: layout, keeping: .all(12), metadata: metadata)
    for done in 0...12 {
      let file = try ThetaTrajectoryFile(path: path)
      #expect(file.layout == layout)
      #expect(file.metadata == metadata)
      #expect(file.rowCapacity == 12)
      #expect(file.rowCount == done)
      #expect(writer.iterations.count == done)
      for row in 0..<done {
        #expect(try file.theta(at: row).map(\.bitPattern) == theta(row).map(\.bitPattern))
      }
      #expect(throws: RecordError.self) { try file.theta(at: done) }
      if done < 12 { try writer.append(theta(done)) }
    }
    try writer.close()
    try writer.close()
    #expect(try ThetaTrajectoryFile(path: path).rowCount == 12)
    #expect(try scratch.names == ["theta.safetensors"])
  }

  @Test(
    "Python reads what was written, and of a closed file nothing else", arguments: [0, 4, 7],
    [false, true])
  func python(done: Int, isClosed: Bool) throws {
    struct Tensor: Decodable, Equatable {
      var type: String
      var shape: [Int]
      var bits: [UInt32]
    }
    struct Contents: Decodable {
      var metadata: [String: String]
      var tensors: [String: Tensor]
    }
    let path = scratch("theta.safetensors")
    let writer = try ThetaTrajectoryWriter(
      path: path, layout: layout, keeping: .all(7), metadata: metadata)
    for row in 0..<done { try writer.append(theta(row)) }
    if isClosed { try writer.close() }
    let count = isClosed && done > 0 ? done : 7

    let contents: Contents = try Python.run(
      """
      import json, sys, numpy, safetensors, safetensors.numpy
      tensors = safetensors.numpy.load_file(sys.argv[1])
      with safetensors.safe_open(sys.argv[1], "numpy") as file:
          metadata = file.metadata()
      print(json.dumps({"metadata": metadata, "tensors": {name: {
          "type": t.dtype.name, "shape": t.shape, "bits": t.view(numpy.uint32).ravel().tolist()
      } for name, t in tensors.items()}}))
      """, path)

    #expect(
      contents.metadata == metadata.merging(["rows": "\(done)", "written-by": "nres"]) { $1 })
    #expect(contents.tensors.count == layout.leaves.count)
    for (index, leaf) in layout.leaves.enumerated() {
      let rows = (0..<count).flatMap { row in
        layout.range(ofLeaf: index).map { row < done ? theta(row)[$0].bitPattern : 0 }
      }
      let expected = Tensor(type: "float32", shape: [count] + leaf.shape, bits: rows)
      #expect(contents.tensors[leaf.name] == expected)
    }
  }

  @Test func readsAFileThatPythonWrote() throws {
    let path = scratch("foreign.safetensors")
    let _: Bool = try Python.run(
      """
      import sys, numpy, safetensors.numpy
      values = numpy.arange(24, dtype=numpy.float32)
      safetensors.numpy.save_file(
          {"b": values[:6].reshape(2, 3), "a": values[6:22].reshape(2, 4, 2), "c": values[22:]},
          sys.argv[1], metadata={"from": "Python"})
      print("true")
      """, path)
    let file = try ThetaTrajectoryFile(path: path)
    #expect(file.layout.leaves.map(\.name) == ["a", "b", "c"])
    #expect(file.layout.leaves.map(\.shape) == [[4, 2], [3], []])
    #expect(file.rowCount == 2)
    #expect(file.metadata == ["from": "Python"])
    #expect(try file.theta(at: 0) == ([6..<14, 0..<3, 22..<23].joined().map(Float.init)))
    #expect(try file.theta(at: 1) == ([14..<22, 3..<6, 23..<24].joined().map(Float.init)))
  }

  @Test(arguments: [-1, 2, 3, Int.max, Int.min]) func saysWhichRowsThereAre(row: Int) throws {
    let path = scratch("theta.safetensors")
    let writer = try ThetaTrajectoryWriter(path: path, layout: layout, keeping: .all(3))
    try writer.append(theta(0))
    try writer.append(theta(1))
    let file = try ThetaTrajectoryFile(path: path)
    let error = #expect(throws: RecordError.self) { try file.theta(at: row) }
    #expect(error?.description == "\(path): holds no row \(row); rows are 0 to 1")
    #expect(error?.kind == .dataError)
  }

  @Test(arguments: [(1 << 28, 1 << 20), (Int.max / 8, 1), (Int.max, 1 << 30)])
  func withoutRoomNothingIsLeft(rowCount: Int, width: Int) throws {
    let old = try scratch.file("theta.safetensors", "old".utf8)
    let huge = ParameterLayout([ParameterLeaf(name: "w", shape: [width])])
    let error = #expect(throws: RecordError.self) {
      try ThetaTrajectoryWriter(path: old, layout: huge, keeping: .all(rowCount))
    }
    #expect(error?.kind == .cannotCreate)
    #expect(error?.path == old)
    #expect(try scratch.names == ["theta.safetensors"])
    #expect(try String(contentsOfFile: old, encoding: .utf8) == "old")
  }

  @Test func whatTookTheFilesPlaceIsLeftAlone() throws {
    let path = scratch("theta.safetensors")
    let writers = try (0..<2).map { number in
      if number == 1 { try FileManager.default.moveItem(atPath: path, toPath: path + ".moved") }
      return try ThetaTrajectoryWriter(path: path, layout: layout, keeping: .all(5))
    }
    for writer in writers { try writer.append(theta(0)) }
    let error = #expect(throws: RecordError.self) { try writers[0].close() }
    #expect(error?.cause.hasPrefix("is no longer there") == true)
    try writers[1].append(theta(1))
    #expect(try ThetaTrajectoryFile(path: path).rowCapacity == 5)
    #expect(try ThetaTrajectoryFile(path: path).rowCount == 2)
  }

  @Test func headerIsAlignedAndStartsWithABrace() throws {
    for length in 0..<9 {
      let path = scratch("theta.safetensors")
      _ = try ThetaTrajectoryWriter(
        path: path, layout: layout, keeping: .all(1),
        metadata: ["pad": String(repeating: "x", count: length)])
      let bytes = try Data(contentsOf: URL(filePath: path))
      let header = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      #expect(header % 8 == 0)
      #expect(bytes[8] == UInt8(ascii: "{"))
      #expect(bytes.count == 8 + header + 4 * layout.count)
    }
  }
}
