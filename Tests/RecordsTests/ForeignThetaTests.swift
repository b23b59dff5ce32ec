import Foundation
import Parameters
import Records
import TestSupport
import Testing

/// Files of θ between this program and the Python packages whose formats they have.
@Suite struct ForeignThetaTests {
  let scratch: TemporaryFolder
  var random = SplitMix(state: 20_230_917)

  init() throws { scratch = try TemporaryFolder() }

  struct Tensor: Decodable, Equatable {
    var type = "float32"
    var shape: [Int]
    var bits: [UInt32]
  }

  /// The arrays of a theta, all rows or one without an axis of rows.
  private func tensors(_ theta: MadeTheta, row: Int?) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    let rows = row.map { [theta.rows[$0]] } ?? theta.rows
    for (index, leaf) in theta.layout.leaves.enumerated() {
      let range = theta.layout.range(ofLeaf: index)
      tensors[leaf.name] = Tensor(
        shape: (row == nil ? [rows.count] : []) + leaf.shape,
        bits: rows.flatMap { $0[range].map(\.bitPattern) })
    }
    return tensors
  }

  private static let show = """
    def show(tensors):
        print(json.dumps({name: {"type": t.dtype.name, "shape": t.shape,
            "bits": numpy.ascontiguousarray(t).view(numpy.uint32).ravel().tolist()}
            for name, t in tensors.items()}))
    """

  /// Reads the flax file through a template, as the reference does, and says whether writing
  /// what it read gives the same bytes.
  @Test(arguments: [MadeTheta.linear, MadeTheta.mlp], [nil, 2] as [Int?])
  mutating func flaxReadsAndRepeatsOurs(layout: ParameterLayout, row: Int?) throws {
    let theta = MadeTheta(layout, rowCount: 5, using: &random)
    try writeTheta(theta, iteration: row, as: .flax, to: scratch("x"))
    let expected = tensors(theta, row: row)
    let names = String(
      decoding: try JSONEncoder().encode(layout.leaves.map(\.name)), as: UTF8.self)
    let found: [String: Tensor] = try Python.run(
      """
      import json, sys, jax, numpy
      from flax import serialization
      \(Self.show)
      data = open(sys.argv[1], "rb").read()
      template = {}
      for name in json.loads(sys.argv[2]):
          outer, inner = name.rsplit("/", 1)
          template.setdefault(outer, {})[inner] = jax.numpy.zeros(())
      tree = serialization.from_bytes(template, data)
      # Optimizers map over θ, which sorts dictionaries.
      assert serialization.to_bytes(jax.tree_util.tree_map(lambda x: x, tree)) == data
      show({f"{outer}/{inner}": leaf for outer, group in tree.items()
            for inner, leaf in group.items()})
      """, scratch("x"), names)
    #expect(found == expected)
  }

  /// Checkpoints as the reference saves them, by the package's own hand.
  @Test func oursReadsFlax() throws {
    let bits: [[UInt32]] = try Python.run(
      """
      import json, sys, jax, numpy
      from flax import serialization
      def save(name, tree):
          with open(f"{sys.argv[1]}/{name}", "wb") as file:
              file.write(serialization.to_bytes(tree))
      rows = []
      for i in range(3):
          keys = jax.random.split(jax.random.PRNGKey(i), 4)
          rows.append({"mlp/~/linear_0": {"b": jax.random.normal(keys[0], (30,)),
                                          "w": jax.random.normal(keys[1], (8, 30))},
                       "mlp/~/linear_1": {"b": jax.random.normal(keys[2], (2,)),
                                          "w": jax.random.normal(keys[3], (30, 2))}})
          # Before the first update haiku's own order stands.
          turned = {k: dict(reversed(v.items())) for k, v in reversed(rows[i].items())}
          save(f"theta{i}", turned if i == 0 else rows[i])
      save("theta_trajectory0", jax.tree_util.tree_map(lambda *x: numpy.stack(x), *rows))
      save("fortran", {"linear": {"w": numpy.asfortranarray(
          numpy.arange(6, dtype=numpy.float32).reshape(2, 3))}})
      save("deep", {"a": {"b": {"c": numpy.float32([1, 2])}}, "d": numpy.zeros((2, 1), "f4")})
      print(json.dumps([numpy.concatenate([numpy.asarray(leaf).ravel()
          for leaf in jax.tree_util.tree_leaves(row)]).view(numpy.uint32).tolist()
          for row in rows]))
      """, scratch.path)
    func expectRows(_ path: String, _ expected: some Collection<[UInt32]>) throws {
      let file = try openTheta(path)
      #expect(file.format == .flax)
      #expect(
        file.layout.leaves == [
          ParameterLeaf(name: "mlp/~/linear_0/b", shape: [30]),
          ParameterLeaf(name: "mlp/~/linear_0/w", shape: [8, 30]),
          ParameterLeaf(name: "mlp/~/linear_1/b", shape: [2]),
          ParameterLeaf(name: "mlp/~/linear_1/w", shape: [30, 2]),
        ])
      try #require(file.rowCount == expected.count)
      for (row, bits) in expected.enumerated() {
        #expect(try file.theta(at: row).map(\.bitPattern) == bits)
      }
    }
    for row in 0..<3 { try expectRows(scratch("theta\(row)"), bits[row...row]) }
    try expectRows(scratch("theta_trajectory0"), bits)
    try expectRows(scratch.path, bits)
    for name in ["theta1", "theta_trajectory0"] {
      try writeTheta(
        openTheta(scratch(name)), iteration: name == "theta1" ? 0 : nil, as: .flax,
        to: scratch("again-" + name))
      #expect(
        FileManager.default.contents(atPath: scratch("again-" + name))
          == FileManager.default.contents(atPath: scratch(name)))
    }
    try FileManager.default.removeItem(atPath: scratch("theta_trajectory0"))
    try expectRows(scratch.path, bits)
    #expect(try openTheta(scratch("fortran")).theta(at: 0) == [0, 1, 2, 3, 4, 5])
    let deep = try openTheta(scratch("deep"))
    #expect(deep.layout.leaves.map(\.name) == ["a/b/c", "d"] && deep.rowCount == 2)
    #expect(try deep.theta(at: 1) == [2, 0])
  }

  @Test(arguments: [nil, 3] as [Int?])
  mutating func numpyReadsOurs(row: Int?) throws {
    let theta = MadeTheta(MadeTheta.mlp, rowCount: 5, using: &random)
    try writeTheta(theta, iteration: row, as: .npz, to: scratch("x.npz"))
    let found: [String: Tensor] = try Python.run(
      """
      import json, sys, zipfile, numpy
      \(Self.show)
      assert zipfile.ZipFile(sys.argv[1]).testzip() is None
      show(numpy.load(sys.argv[1]))
      """, scratch("x.npz"))
    var expected = tensors(theta, row: row)
    if row != nil {
      for name in expected.keys { expected[name]?.shape.insert(1, at: 0) }
    }
    #expect(found == expected)
  }

  @Test(arguments: ["savez", "savez_compressed"])
  func oursReadsNumpy(function: String) throws {
    let _: Bool = try Python.run(
      """
      import sys, numpy
      values = numpy.arange(24, dtype=numpy.float32) / 3
      numpy.\(function)(sys.argv[1] + "/all.npz", **{
          "linear/b": values[:4].reshape(2, 2), "linear/w": values[4:].reshape(2, 5, 2)})
      numpy.\(function)(sys.argv[1] + "/one.npz", **{"linear/w": values.reshape(12, 2)})
      for version in [(2, 0), (3, 0)]:
          with open(sys.argv[1] + "/a.npy", "wb") as file:
              numpy.lib.format.write_array(file, values.reshape(2, 12), version)
          import zipfile
          with zipfile.ZipFile(f"{sys.argv[1]}/v{version[0]}.npz", "w") as archive:
              archive.write(sys.argv[1] + "/a.npy", "é/a.npy")
      print("true")
      """, scratch.path)
    let values = (0..<24).map { Float($0) / 3 }
    let all = try openTheta(scratch("all.npz"))
    #expect(all.format == .npz && all.rowCount == 2)
    #expect(all.layout.summary == "linear/b[2], linear/w[5, 2]")
    #expect(try all.theta(at: 1) == Array(values[2..<4] + values[14...]))
    let one = try openTheta(scratch("one.npz"))
    #expect(one.rowCount == 1 && one.layout.leaves[0].shape == [12, 2])
    #expect(try one.theta(at: 0) == values)
    for version in ["v2", "v3"] {
      let file = try openTheta(scratch(version + ".npz"))
      #expect(file.layout.leaves == [ParameterLeaf(name: "é/a", shape: [12])])
      #expect(try file.theta(at: 1) == Array(values[12...]))
    }
  }

  @Test mutating func safetensorsReadsOurs() throws {
    let theta = MadeTheta(MadeTheta.mlp, rowCount: 5, using: &random)
    try writeTheta(theta, as: .safetensors, to: scratch("x"))
    let found: [String: Tensor] = try Python.run(
      """
      import json, sys, numpy, safetensors.numpy
      \(Self.show)
      show(safetensors.numpy.load_file(sys.argv[1]))
      """, scratch("x"))
    #expect(found == tensors(theta, row: nil))
  }

  @Test mutating func pythonReadsOurTable() throws {
    let theta = MadeTheta(MadeTheta.linear, rowCount: 5, using: &random)
    try writeTheta(theta, as: .csv, to: scratch("x.csv"))
    try writeTheta(theta, iteration: 3, as: .csv, to: scratch("y.csv"))
    struct Table: Decodable {
      var names: [String]
      var iterations: [Int]
      var bits: [[UInt32]]
    }
    for (name, rows) in [("x.csv", Array(0..<5)), ("y.csv", [3])] {
      let table: Table = try Python.run(
        """
        import csv, json, sys, numpy
        names, *rows = csv.reader(open(sys.argv[1], newline=""))
        print(json.dumps({"names": names, "iterations": [int(row[0]) for row in rows],
            "bits": [numpy.array(row[1:], "f4").view(numpy.uint32).tolist() for row in rows]}))
        """, scratch(name))
      let columns = (0..<8).flatMap { ["linear/w[\($0),0]", "linear/w[\($0),1]"] }
      #expect(table.names == ["iteration"] + columns)
      #expect(table.iterations == rows)
      #expect(table.bits == rows.map { theta.rows[$0].map(\.bitPattern) })
    }
  }
}
