import Foundation
import Records
import Snapshots
import TestSupport
import Testing

/// Snapshots in files: as they were, readable in Python, and refused where they are no snapshots.
struct SnapshotFileTests {
  private struct State: Codable, Hashable {
    struct Particle: Codable, Hashable {
      var values: [Double]
      var step: Int
    }
    var title: String
    var theta: [Float]
    var particles: [Particle]
    var empty: [Float]
  }

  private let state = State(
    title: "β = \"0.9\"\n", theta: [0.1, -.infinity, .leastNonzeroMagnitude],
    particles: (0..<4).map { State.Particle(values: [Double($0), .pi], step: 10 * $0) }, empty: [])

  @Test func aFileGivesTheSnapshotBack() throws {
    let folder = try TemporaryFolder()
    let snapshot = try Snapshot(of: state)
    let path = folder("state.safetensors")
    try writeSnapshot(snapshot, to: path)
    let found = try readSnapshot(path)
    #expect(found.snapshot == snapshot)
    #expect(try found.snapshot.decode() == state)
  }

  @Test func pythonReadsTheLeaves() throws {
    let folder = try TemporaryFolder()
    let path = folder("state.safetensors")
    try writeSnapshot(Snapshot(of: state), to: path)
    let rows: [[Double]] = try Python.run(
      """
      import json, sys
      from safetensors.numpy import load_file
      leaves = load_file(sys.argv[1])
      steps = leaves["particles/*/step"]
      assert steps.dtype == "int64"
      print(json.dumps(leaves["particles/*/values"].tolist() + [steps.tolist()]))
      """, path)
    #expect(rows == state.particles.map(\.values) + [[0, 10, 20, 30]])
  }

  /// Every byte of the header turned into another one, and every length cut off.
  @Test func whatIsNoSnapshotIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder("state.safetensors")
    try writeSnapshot(Snapshot(of: state), to: path)
    let whole = try Data(contentsOf: URL(filePath: path))
    let header = 8 + Int(whole[0]) + Int(whole[1]) << 8
    for length in stride(from: 0, to: whole.count, by: 7) {
      try whole.prefix(length).write(to: URL(filePath: path))
      #expect(throws: RecordError.self, "\(length) bytes") { try readSnapshot(path) }
    }
    var readable = 0
    for index in 0..<header {
      var changed = whole
      changed[index] ^= 1
      try changed.write(to: URL(filePath: path))
      // A name or a shape may be another one: then it is another value's snapshot, or none.
      guard let snapshot = try? readSnapshot(path) else { continue }
      readable += 1
      _ = try? snapshot.snapshot.decode(State.self)
    }
    #expect(readable < header / 2)
  }

  @Test func thetaFilesAreNoSnapshots() throws {
    let folder = try TemporaryFolder()
    let path = folder("other.safetensors")
    let json = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}      "#
    var data = Data([UInt8(json.utf8.count), 0, 0, 0, 0, 0, 0, 0])
    data.append(contentsOf: json.utf8)
    data.append(contentsOf: [0, 0, 0, 0])
    try data.write(to: URL(filePath: path))
    let error = #expect(throws: RecordError.self) { try readSnapshot(path) }
    #expect(error?.cause == "is no snapshot: its metadata has no structure")
    #expect(throws: RecordError.self) { try readSnapshot(folder("nothing")) }
  }
}
