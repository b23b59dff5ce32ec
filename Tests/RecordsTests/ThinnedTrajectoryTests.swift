import Foundation
import Parameters
import TestSupport
import Testing

@testable import Records

/// Trajectories that keep θ of every n-th iteration.
@Suite struct ThinnedTrajectoryTests {
  let scratch: TemporaryFolder
  let layout = ParameterLayout([
    ParameterLeaf(name: "linear/b", shape: [2]), ParameterLeaf(name: "linear/w", shape: [3, 2]),
  ])

  init() throws { scratch = try TemporaryFolder() }

  private func theta(_ iteration: Int) -> [Float] {
    (0..<layout.count).map { Float(iteration) + Float($0) / 16 }
  }

  private func expect(
    _ rows: any ThetaRows, _ iterations: [Int], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(Array(rows.iterations) == iterations, sourceLocation: sourceLocation)
    try #require(rows.rowCount == iterations.count, sourceLocation: sourceLocation)
    for (row, iteration) in iterations.enumerated() {
      #expect(try rows.row(of: iteration) == row, sourceLocation: sourceLocation)
      #expect(try rows.theta(at: row) == theta(iteration), sourceLocation: sourceLocation)
    }
  }

  @Test("after every row a file says which iterations it has", arguments: [100, 105])
  func growing(final: Int) throws {
    let whole = KeptIterations(every: 10, final: final)
    let path = scratch("theta.safetensors")
    let writer = try ThetaTrajectoryWriter(
      path: path, layout: layout, keeping: whole, metadata: ["task": "x"])
    for done in 0..<whole.count {
      let file = try ThetaTrajectoryFile(path: path)
      #expect(file.metadata == ["task": "x"] && file.rowCapacity == whole.count)
      try expect(file, Array(whole.prefix(done)))
      try writer.append(theta(whole[done]))
    }
    try writer.close()
    try expect(ThetaTrajectoryFile(path: path), Array(whole))
    let size = try #require(
      FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    #expect(size - 4 * layout.count * whole.count < 500)
  }

  @Test("a run that ends before its time keeps its last iteration", arguments: [1, 9, 11, 99, 104])
  func ended(at last: Int) throws {
    let path = scratch("theta.safetensors")
    let whole = KeptIterations(every: 10, final: 105)
    let writer = try ThetaTrajectoryWriter(path: path, layout: layout, keeping: whole)
    let kept = whole.filter { $0 < last }
    for iteration in 0...last { try writer.add(theta(iteration), of: iteration) }
    try writer.close()
    let file = try ThetaTrajectoryFile(path: path)
    try expect(file, kept + [last])
    #expect(file.rowCapacity == kept.count + 1)
  }

  @Test("Python reads which iterations there are")
  func python() throws {
    let path = scratch("theta.safetensors")
    let writer = try ThetaTrajectoryWriter(
      path: path, layout: layout, keeping: KeptIterations(every: 10, final: 25))
    for iteration in [0, 10] { try writer.append(theta(iteration)) }
    func metadata() throws -> [String: String] {
      try Python.run(
        """
        import json, sys
        from safetensors import safe_open
        with safe_open(sys.argv[1], "numpy") as file:
            assert file.get_tensor("linear/w").shape == (4, 3, 2)
            print(json.dumps(file.metadata()))
        """, path)
    }
    let own = ["theta-every": "10", "written-by": "nres"]
    #expect(try metadata() == own.merging(["rows": "2", "last-iteration": "25"]) { $1 })
    try writer.end(theta(13), at: 13)
    #expect(try metadata() == own.merging(["rows": "3", "last-iteration": "13"]) { $1 })
  }

  @Test(
    "a copy as safetensors or CSV has the same iterations, half or whole", arguments: [2, 3, 4])
  func copies(count: Int) throws {
    let whole = KeptIterations(every: 10, final: 25)
    let path = scratch("theta.safetensors")
    let writer = try ThetaTrajectoryWriter(path: path, layout: layout, keeping: whole)
    for iteration in whole.prefix(count) { try writer.append(theta(iteration)) }
    let iterations = Array(whole.prefix(count))
    for format in [ThetaFormat.safetensors, .csv] {
      try writeTheta(openTheta(path), as: format, to: scratch("copy"))
      try expect(openTheta(scratch("copy")), iterations)
      try writeTheta(openTheta(scratch("copy")), as: .safetensors, to: scratch("again"))
      try expect(openTheta(scratch("again")), iterations)
      for name in ["copy", "again"] { try FileManager.default.removeItem(atPath: scratch(name)) }
    }
    // These have no place for it.
    for format in [ThetaFormat.flax, .npz] {
      try writeTheta(openTheta(path), as: format, to: scratch("\(format)"))
      let copy = try openTheta(scratch("\(format)"))
      #expect(copy.iterations == .all(count))
      #expect(try copy.theta(at: 1) == theta(10))
    }
  }

  @Test("one iteration is written by its number, and another is refused")
  func single() throws {
    let path = scratch("theta.safetensors")
    let whole = KeptIterations(every: 10, final: 25)
    let writer = try ThetaTrajectoryWriter(path: path, layout: layout, keeping: whole)
    for iteration in whole { try writer.append(theta(iteration)) }
    let source = try openTheta(path)
    for format in ThetaFormat.allCases {
      try writeTheta(source, iteration: 25, as: format, to: scratch("\(format)"))
      let copy = try openTheta(scratch("\(format)"))
      #expect(copy.iterations == .all(1))
      #expect(try copy.theta(at: 0) == theta(25))
      for (iteration, choice) in [(15, "10 or 20"), (26, "0, 10, 20, 25")] {
        #expect(
          throws: RecordError(
            .dataError, path, "holds no iteration \(iteration): choose \(choice)")
        ) { try writeTheta(source, iteration: iteration, as: format, to: scratch("no")) }
      }
    }
    let text = try String(contentsOfFile: scratch("csv"), encoding: .utf8)
    #expect(text.contains("\n25,"))
    #expect(try ThetaTrajectoryFile(path: scratch("safetensors")).metadata == ["iteration": "25"])
    #expect(!FileManager.default.fileExists(atPath: scratch("no")))
  }

  @Test("values that are not finite are named by their iteration")
  func notFinite() throws {
    let path = scratch("theta.safetensors")
    let writer = try ThetaTrajectoryWriter(
      path: path, layout: layout, keeping: KeptIterations(every: 10, final: 25))
    try writer.append(theta(0))
    try writer.append(theta(10))
    try writer.append([Float](repeating: .nan, count: layout.count))
    let expected = RecordError(
      .dataError, path, "θ of iteration 20 is not finite: linear/b[0] is nan")
    #expect(throws: expected) { try openTheta(path).finiteTheta(at: 2) }
  }
}
