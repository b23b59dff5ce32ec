import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct EventFileTests {
  let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  /// RFC 3720, B.4, and the customary check value; then the mask undone.
  static let checksums: [([UInt8], UInt32)] = [
    (Array("123456789".utf8), 0xE306_9283), (Array(repeating: 0, count: 32), 0x8A91_36AA),
    (Array(repeating: 0xFF, count: 32), 0x62A8_AB43), (Array(0..<32), 0x46DD_794E), ([], 0),
  ]

  @Test(arguments: checksums) func checksum(bytes: [UInt8], expected: UInt32) {
    let rotated = maskedChecksum(bytes) &- 0xA282_EAD8
    #expect(rotated >> 17 | rotated << 15 == expected)
  }

  struct Scalar: Codable, Hashable {
    var tag: String
    var step: Int
    var bits: UInt32
    var wallTime: Double
  }

  let readBack = """
    import json, struct, sys
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
    events.Reload()
    print(json.dumps([{"tag": tag, "step": e.step, "wallTime": e.wall_time,
        "bits": struct.unpack("<I", struct.pack("<f", e.value))[0]}
        for tag in events.Tags()["scalars"] for e in events.Scalars(tag)]))
    """

  @Test func tensorboardReadsScalarsBack() throws {
    let writer = try EventFileWriter(folder: scratch.path, wallTime: 1_700_000_000.5)
    try writer.describe(
      [Hyperparameter("a", .number(1))], metric: "odd", text: ("settings", "a = 1"),
      wallTime: 1_700_000_000.5)
    var expected = Set<Scalar>()
    for step in 0..<1500 {
      let values: [(tag: String, value: Float)] = [
        ("loss/train", 1 / Float(step + 1)), ("évaluation, \"quoted\"", -Float(step)),
        ("odd", [Float.infinity, -.infinity, .leastNonzeroMagnitude, -0.0][step % 4]),
      ]
      let time = 1_700_000_000.5 + Double(step) / 3
      try writer.scalars(values, step: step * 1_000_003, wallTime: time)
      for (tag, value) in values {
        expected.insert(
          Scalar(tag: tag, step: step * 1_000_003, bits: value.bitPattern, wallTime: time))
      }
    }
    // Without flush, whole records only; 1500 of them are more than the buffer holds.
    let early: [Scalar] = try Python.run(readBack, scratch.path)
    #expect(early.count > 500 && early.count < expected.count)
    #expect(expected.isSuperset(of: early))

    try writer.flush()
    let all: [Scalar] = try Python.run(readBack, scratch.path)
    #expect(all.count == expected.count)
    #expect(Set(all) == expected)
  }

  @Test func firstRecordSaysTheVersion() throws {
    let writer = try EventFileWriter(folder: scratch.path, wallTime: 2.5)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: writer.path)))
    let body =
      [UInt8](arrayLiteral: 9) + withUnsafeBytes(of: 2.5, Array.init) + [26, 13]
      + Array("brain.Event:2".utf8)
    #expect(bytes.prefix(8) == [24, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(bytes[12...].dropLast(4)) == body)
  }

  @Test func namesAreFreeAndBelongToTensorBoard() throws {
    let writers = try (0..<3).map { _ in
      try EventFileWriter(folder: scratch.path, wallTime: 1_700_000_000)
    }
    #expect(Set(writers.map(\.path)).count == 3)
    #expect(try scratch.names.count == 3)
    for name in try scratch.names {
      #expect(name.hasPrefix("events.out.tfevents.1700000000."))
    }
  }

  @Test func whatGatheredIsWrittenAtTheEnd() throws {
    do {
      let writer = try EventFileWriter(folder: scratch.path)
      try writer.scalars([("a", 1)], step: 7, wallTime: 3)
    }
    let all: [Scalar] = try Python.run(readBack, scratch.path)
    #expect(all == [Scalar(tag: "a", step: 7, bits: Float(1).bitPattern, wallTime: 3)])
  }

  @Test func aFolderThatIsNotThereIsAnError() throws {
    let folder = scratch("missing")
    let error = #expect(throws: RecordError.self) { try EventFileWriter(folder: folder) }
    #expect(error?.kind == .cannotCreate)
    #expect(error?.path.hasPrefix(folder) == true)
    #expect(error?.cause == "no such file or directory")
  }
}
