import Foundation
import Parameters
import Records
import TestSupport
import Testing

/// θ's that a test made.
struct MadeTheta: ThetaRows {
  let path = "made"
  let format = ThetaFormat.safetensors
  let layout: ParameterLayout
  let rows: [[Float]]

  var rowCount: Int { rows.count }
  func theta(at row: Int) -> [Float] { rows[row] }

  /// The layouts of the reference's policies, for Swimmer and HalfCheetah.
  static let linear = ParameterLayout([ParameterLeaf(name: "linear/w", shape: [8, 2])])
  static let mlp = ParameterLayout([
    ParameterLeaf(name: "mlp/~/linear_0/w", shape: [17, 30]),
    ParameterLeaf(name: "mlp/~/linear_0/b", shape: [30]),
    ParameterLeaf(name: "mlp/~/linear_1/w", shape: [30, 6]),
    ParameterLeaf(name: "mlp/~/linear_1/b", shape: [6]),
  ])

  /// Random rows, with some of the values whose bits a detour over text could lose.
  init(_ layout: ParameterLayout, rowCount: Int, using random: inout some RandomNumberGenerator) {
    self.layout = layout
    let odd: [Float] = [
      -0.0, .leastNonzeroMagnitude, .infinity, -.infinity, .greatestFiniteMagnitude, 0.1, 1e-7,
    ]
    rows = (0..<rowCount).map { _ in
      (0..<layout.count).map { _ in
        Int.random(in: 0..<10, using: &random) == 0
          ? odd.randomElement(using: &random)! : .random(in: -3...3, using: &random)
      }
    }
  }
}

/// Whether both hold the same θ's, to the last bit.
func expectEqual(
  _ found: any ThetaRows, _ expected: MadeTheta, row: Int? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(found.layout == expected.layout, sourceLocation: sourceLocation)
  let rows = row.map { [expected.rows[$0]] } ?? expected.rows
  try #require(found.rowCount == rows.count, sourceLocation: sourceLocation)
  for (index, row) in rows.enumerated() {
    #expect(
      try found.theta(at: index).map(\.bitPattern) == row.map(\.bitPattern),
      sourceLocation: sourceLocation)
  }
  for index in [-1, rows.count, Int.max] {
    let error = #expect(throws: RecordError.self, sourceLocation: sourceLocation) {
      try found.theta(at: index)
    }
    #expect(error?.cause == "holds no row \(index); rows are 0 to \(rows.count - 1)")
  }
}

@Suite struct ThetaRowsTests {
  let scratch: TemporaryFolder
  var random = SplitMix(state: 2304_12180)

  init() throws { scratch = try TemporaryFolder() }

  @Test(
    arguments: ThetaFormat.allCases,
    [(MadeTheta.linear, 1), (MadeTheta.linear, 61), (MadeTheta.mlp, 3)])
  mutating func policiesSurviveEveryFormat(
    format: ThetaFormat, example: (layout: ParameterLayout, rowCount: Int)
  ) throws {
    let theta = MadeTheta(example.layout, rowCount: example.rowCount, using: &random)
    try writeTheta(theta, as: format, to: scratch("all"))
    let all = try openTheta(scratch("all"))
    #expect(all.format == format && all.path == scratch("all"))
    try expectEqual(all, theta)
    let row = theta.rowCount / 2
    try writeTheta(theta, iteration: row, as: format, to: scratch("one"))
    try expectEqual(openTheta(scratch("one")), theta, row: row)
    // What was read is written as it was.
    try writeTheta(all, as: format, to: scratch("again"))
    #expect(
      FileManager.default.contents(atPath: scratch("again"))
        == FileManager.default.contents(atPath: scratch("all")))
    #expect(try scratch.names == ["again", "all", "one"])
  }

  @Test(arguments: ThetaFormat.allCases)
  mutating func anyLayoutSurvives(format: ThetaFormat) throws {
    for round in 0..<150 {
      let theta = MadeTheta(
        randomLayout(), rowCount: .random(in: 1...4, using: &random), using: &random)
      let path = scratch("\(round)")
      try writeTheta(theta, as: format, to: path)
      try expectEqual(openTheta(path), theta)
    }
  }

  /// Leaves on several levels, none of which is a group too.
  private mutating func randomLayout() -> ParameterLayout {
    let words = ["w", "b", "~", "layer_0", "é", "", "a b", "\"", ",", "[0]x", "-", ".npy", "B"]
    var leaves: [String: ParameterLeaf] = [:]
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      let depth = Int.random(in: 1...3, using: &random)
      let name = ["top\(depth)"] + (1..<depth).map { _ in words.randomElement(using: &random)! }
      let joined = name.joined(separator: "/") + (depth == 1 ? "" : "/w")
      let axes = depth == 1 ? Int.random(in: 0...3, using: &random) : 2
      leaves[joined] = ParameterLeaf(
        name: joined, shape: (0..<axes).map { _ in .random(in: 1...4, using: &random) })
    }
    // Weights tell a trajectory; without them only a leading axis that all share does.
    return ParameterLayout(Array(leaves.values))
  }

  @Test(arguments: ThetaFormat.allCases)
  mutating func nothingIsReplacedAndNothingIsLeft(format: ThetaFormat) throws {
    let theta = MadeTheta(MadeTheta.linear, rowCount: 2, using: &random)
    let old = try scratch.file("old", "old".utf8)
    try FileManager.default.createSymbolicLink(
      atPath: scratch("dangling"), withDestinationPath: "nowhere")
    for (path, cause) in [
      (old, "is there already: choose another name or remove it"),
      (scratch("dangling"), "is there already: choose another name or remove it"),
      (scratch.path, "is there already: choose another name or remove it"),
      (scratch("missing/x"), "no such file or directory"), ("", "is not a file name"),
      (old + "/", "is not a file name"), (old + "/x", "not a directory"),
    ] {
      let error = #expect(throws: RecordError.self) { try writeTheta(theta, as: format, to: path) }
      #expect(error == RecordError(.cannotCreate, path, cause))
    }
    let error = #expect(throws: RecordError.self) {
      try writeTheta(theta, iteration: 2, as: format, to: scratch("x"))
    }
    #expect(error?.description == "made: holds no iteration 2: choose 0 to 1")
    #expect(try scratch.names == ["dangling", "old"])
    #expect(try String(contentsOfFile: old, encoding: .utf8) == "old")
  }

  @Test(arguments: [
    (ThetaFormat.flax, ["a", "a/b"], "'a' is a leaf and a group: flax has no such tree"),
    (.npz, ["a\0b"], #"'a\0b' cannot be a name in npz"#),
    (.safetensors, ["__metadata__"], "'__metadata__' cannot be a leaf's name"),
    (.csv, ["a[0]"], "'a[0]' cannot be a column of CSV"),
    (.csv, ["a\nb"], #"'a\nb' cannot be a column of CSV"#),
  ])
  mutating func namesThatAFormatCannotHold(
    format: ThetaFormat, names: [String], cause: String
  ) throws {
    let layout = ParameterLayout(names.map { ParameterLeaf(name: $0, shape: [2]) })
    let theta = MadeTheta(layout, rowCount: 2, using: &random)
    let error = #expect(throws: RecordError.self) {
      try writeTheta(theta, as: format, to: scratch("x"))
    }
    #expect(error == RecordError(.cannotCreate, scratch("x"), cause))
    #expect(try scratch.names == [])
  }

  /// The reference's folder while it trains, and when it is done.
  @Test mutating func foldersOfTheReference() throws {
    let theta = MadeTheta(MadeTheta.mlp, rowCount: 12, using: &random)
    for row in 0..<12 {
      try writeTheta(theta, iteration: row, as: .flax, to: scratch("theta\(row)"))
    }
    // Flax writes a file under another name first; a kill can leave it.
    _ = try scratch.file("thetatmp", "part".utf8)
    try expectEqual(openTheta(scratch.path), theta)
    var error: RecordError?
    for name in ["theta-1", "theta07", "theta+1", "theta99999999999999999999"] {
      let path = try scratch.file(name, "other".utf8)
      error = #expect(throws: RecordError.self) { try openTheta(scratch.path) }
      #expect(
        error?.cause == "has '\(name)', which is no iteration's θ (theta0, theta1, …): give one of "
          + "the files")
      try FileManager.default.removeItem(atPath: path)
    }
    let last = try scratch.file("theta\(Int.max)", "other".utf8)
    error = #expect(throws: RecordError.self) { try openTheta(scratch.path) }
    #expect(error?.cause == "has no theta12, but theta\(Int.max): give one of the files")
    try FileManager.default.removeItem(atPath: last)

    try FileManager.default.removeItem(atPath: scratch("theta5"))
    error = #expect(throws: RecordError.self) { try openTheta(scratch.path) }
    #expect(error?.cause == "has no theta5, but theta11: give one of the files")

    try writeTheta(theta, as: .flax, to: scratch("theta5"))
    let folder = try openTheta(scratch.path)
    error = #expect(throws: RecordError.self) { try folder.theta(at: 5) }
    #expect(error?.description == scratch("theta5: holds 12 iterations where one was expected"))
    try FileManager.default.removeItem(atPath: scratch("theta5"))
    let other = MadeTheta(MadeTheta.linear, rowCount: 1, using: &random)
    try writeTheta(other, iteration: 0, as: .flax, to: scratch("theta5"))
    error = #expect(throws: RecordError.self) { try folder.theta(at: 5) }
    #expect(
      error?.cause.hasPrefix("holds linear/w[8, 2], but theta0 mlp/~/linear_0/b[30], ") == true)

    try writeTheta(other, as: .flax, to: scratch("theta_trajectory0"))
    try expectEqual(openTheta(scratch.path), other)
    #expect(try openTheta(scratch.path).path == scratch("theta_trajectory0"))
    try writeTheta(theta, as: .safetensors, to: scratch("theta_trajectory.safetensors"))
    try expectEqual(openTheta(scratch.path), theta)
  }

  @Test func whatIsNotThereIsNoInput() throws {
    let regular = try scratch.file("regular", [1])
    try FileManager.default.createDirectory(
      atPath: scratch("empty"), withIntermediateDirectories: false)
    let pipe = scratch("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    let none = "no such file or folder: give a run folder or a θ file"
    for (path, cause) in [
      (scratch("missing"), none), (regular + "/x", none), ("", none),
      (pipe, "is not a regular file"), ("/dev/null", "is not a regular file"),
      (
        scratch("empty"),
        "holds no θ: a run folder has theta_trajectory.safetensors, theta_trajectory0 or theta0, "
          + "theta1, …"
      ),
    ] {
      let error = #expect(throws: RecordError.self) { try openTheta(path) }
      #expect(error == RecordError(.noInput, path, cause))
    }
  }

  @Test func namesOfFiles() {
    let all = ThetaFormat.allCases.map { $0.fileName() }
    #expect(
      all == [
        "theta_trajectory0", "theta_trajectory.npz", "theta_trajectory.safetensors",
        "theta_trajectory.csv",
      ])
    let one = ThetaFormat.allCases.map { $0.fileName(iteration: 7) }
    #expect(one == ["theta7", "theta7.npz", "theta7.safetensors", "theta7.csv"])
  }
}
