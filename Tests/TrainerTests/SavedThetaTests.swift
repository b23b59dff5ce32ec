import Foundation
import Parameters
import Records
import TestSupport
import Testing
import Trainer

@Suite struct SavedThetaTests {
  let scratch: TemporaryFolder
  let layout = ParameterLayout([
    ParameterLeaf(name: "linear/b", shape: [2]), ParameterLeaf(name: "linear/w", shape: [3, 2]),
    ParameterLeaf(name: "scale", shape: []),
  ])

  init() throws { scratch = try TemporaryFolder() }

  /// A file of three iterations whose middle one has `value` at `index`.
  private func save(_ value: Float, at index: Int) throws -> String {
    let path = scratch("theta_trajectory.safetensors")
    let writer = try ThetaTrajectoryWriter(path: path, layout: layout, keeping: .all(3))
    for row in 0..<3 {
      var theta = (0..<layout.count).map { Float(row) + Float($0) / 16 }
      if row == 1 { theta[index] = value }
      try writer.append(theta)
    }
    try writer.close()
    return path
  }

  @Test(arguments: ThetaFormat.allCases)
  func filesAndFoldersOfAnyFormat(format: ThetaFormat) throws {
    let run = try SavedTheta(path: save(0.5, at: 0))
    _ = try run.write(iteration: nil, as: format, to: scratch("copy"))
    let copy = try SavedTheta(path: scratch("copy"))
    #expect(copy.format == format && copy.layout == layout && copy.iterations == .all(3))
    for iteration in 0..<3 {
      #expect(
        try copy.theta(at: iteration, layout: layout) == run.theta(at: iteration, layout: layout))
    }
    _ = try run.write(iteration: 2, as: format, to: scratch("one"))
    let one = try SavedTheta(path: scratch("one"))
    #expect(one.iterations == .all(1))
    #expect(try one.theta(at: 0, layout: layout) == run.theta(at: 2, layout: layout))
  }

  @Test(arguments: [
    (Float.nan, 1, "linear/b[1] is nan"), (.infinity, 2, "linear/w[0,0] is inf"),
    (-.infinity, 7, "linear/w[2,1] is -inf"), (.nan, 8, "scale is nan"),
  ])
  func valuesThatAreNotFiniteAreNamed(value: Float, index: Int, cause: String) throws {
    let path = try save(value, at: index)
    let saved = try SavedTheta(path: path)
    let expected = RecordError(.dataError, path, "θ of iteration 1 is not finite: \(cause)")
    #expect(throws: expected) { try saved.theta(at: 1, layout: layout) }
    for format in ThetaFormat.allCases {
      #expect(throws: expected) {
        try saved.write(iteration: 1, as: format, to: scratch("copy"))
      }
      #expect(!FileManager.default.fileExists(atPath: scratch("copy")))
      _ = try saved.write(iteration: 2, as: format, to: scratch("\(format).last"))
      let written = try saved.write(iteration: nil, as: format, to: scratch("\(format).first"))
      #expect(written == .all(1))
      #expect(try SavedTheta(path: scratch("\(format).first")).iterations == .all(1))
    }
    #expect(throws: Never.self) { try saved.theta(at: 0, layout: layout) }
  }

  @Test func anotherLayoutIsRefused() throws {
    let path = try save(0, at: 0)
    let other = ParameterLayout([ParameterLeaf(name: "linear/w", shape: [8, 2])])
    #expect(
      throws: RecordError(
        .dataError, path,
        "holds linear/b[2], linear/w[3, 2], scale[], but this task needs linear/w[8, 2]: "
          + "use a run of the same task")
    ) { try SavedTheta(path: path).theta(at: 0, layout: other) }
  }
}
