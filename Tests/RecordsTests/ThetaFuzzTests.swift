import Foundation
import Parameters
import TestSupport
import Testing

@testable import Records

/// Random bytes, and good files with bytes changed, cut, doubled or replaced by what hurts.
///
/// `NRES_FUZZ_SECONDS=60 scripts/test --filter ThetaFuzz` goes on for a minute with another seed.
@Suite(.serialized) struct ThetaFuzzTests {
  let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  @Test func readersRefuseOrReadWhateverComes() throws {
    let seconds = ProcessInfo.processInfo.environment["NRES_FUZZ_SECONDS"].flatMap(Double.init)
    let seed = seconds == nil ? 17 : UInt64(Date().timeIntervalSince1970)
    var random = SplitMix(state: seed)
    let good = try goodFiles(using: &random)
    let before = try Memory()
    let deadline = ContinuousClock.now + .seconds(seconds ?? 0)
    var (rounds, accepted) = (0, [ThetaFormat: Int]())
    while rounds < 5000 || ContinuousClock.now < deadline {
      rounds += 1
      let bytes = mutant(of: good[rounds % good.count], using: &random)
      let path = try scratch.file("mutant", bytes)
      let started = ContinuousClock.now
      do throws(RecordError) {
        let file = try openTheta(path)
        for row in [0, file.rowCount / 2, file.rowCount - 1] where row < file.rowCount && row >= 0 {
          let theta = try file.theta(at: row)
          #expect(theta.count == file.layout.count, "seed \(seed), round \(rounds)")
        }
        accepted[file.format, default: 0] += 1
      } catch {
        #expect(error.kind == .dataError, "seed \(seed), round \(rounds): \(error)")
        #expect(error.description.filter(\.isNewline).isEmpty)
        #expect(error.path == path && error.cause.utf8.count < 1000)
      }
      #expect(ContinuousClock.now - started < .seconds(5), "seed \(seed), round \(rounds)")
    }
    // Other tests run at the same time, so that the bounds are wide; what a hostile length asks
    // for is far beyond them. A sanitizer keeps what is freed.
    let after = try Memory()
    #expect(isSanitized || after.peakResident - before.resident < 300 << 20)
    #expect(after.peakVirtual - before.peakVirtual < 3 << 30)
    // The readers do not just refuse.
    for format in ThetaFormat.allCases { #expect(accepted[format, default: 0] > 10) }
    if seconds != nil {
      print(
        "seed \(seed): \(rounds) files, read: \(accepted), peak \(after.peakResident >> 20) MiB")
    }
  }

  private func goodFiles(using random: inout SplitMix) throws -> [[UInt8]] {
    var files: [[UInt8]] = []
    for format in ThetaFormat.allCases {
      for (layout, row) in [(MadeTheta.linear, nil), (MadeTheta.linear, 1), (MadeTheta.mlp, 0)] {
        let theta = MadeTheta(layout, rowCount: 2, using: &random)
        let path = scratch("\(files.count)")
        try writeTheta(theta, iteration: row, as: format, to: path)
        files.append([UInt8](try Data(contentsOf: URL(filePath: path))))
      }
    }
    let _: Bool = try Python.run(
      """
      import sys, numpy
      numpy.savez_compressed(sys.argv[1], **{"linear/w": numpy.arange(32, dtype="f4").reshape(2, 8, 2)})
      print("true")
      """, scratch("deflated.npz"))
    return files + [[UInt8](try Data(contentsOf: URL(filePath: scratch("deflated.npz"))))]
  }

  /// Beginnings of what is long, deep or wrong in the formats.
  private static let tokens: [[UInt8]] =
    [
      [0xDD, 0xFF, 0xFF, 0xFF, 0xFF], [0xDD, 0x10, 0, 0, 0], [0xDF, 0xFF, 0xFF, 0xFF, 0xFF],
      [0xDC, 0xFF, 0xFF], [0xC9, 0xFF, 0xFF, 0xFF, 0xFF, 1], [0xDB, 0x7F, 0xFF, 0xFF, 0xFF],
      [0xC6, 0xFF, 0xFF, 0xFF, 0xFF], [0xCF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x81, 0x81, 0x81, 0x81], [0x91, 0x91, 0x91, 0x91], [0xC1], [0x80], [0xC7, 0, 1],
      [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0], [0xFF, 0xFF], [8, 0], [0x50, 0x4B, 1, 2],
    ]
    + [
      "{", "}", "[", "]", ",", "\"", "\\", "-", "0", "9", "(", ")", "4294967296", "\n", "nan",
      "9223372036854775807", "F32", "rows", "'<f8'", "True", "float64", "é", "iteration",
    ].map { [UInt8]($0.utf8) }

  private func mutant(of good: [UInt8], using random: inout SplitMix) -> [UInt8] {
    if Int.random(in: 0..<20, using: &random) == 0 {
      var start = Array(good.prefix(.random(in: 0...12, using: &random)))
      // Announcements of many gigabytes, where a value may stand.
      if Bool.random(using: &random) { start += Self.tokens[.random(in: 0..<3, using: &random)] }
      return start
        + (0..<Int.random(in: 0...300, using: &random)).map { _ in
          .random(in: 0...255, using: &random)
        }
    }
    var bytes = good
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      // Structure is at the start and the end more often than in between.
      let reach = [60, 200, bytes.count].randomElement(using: &random)!
      let from = Int.random(in: 0...min(reach, bytes.count), using: &random)
      let at = Int.random(in: 0..<3, using: &random) == 0 ? bytes.count - from : from
      let end = min(bytes.count, at + .random(in: 0...8, using: &random))
      let token = Self.tokens.randomElement(using: &random)!
      switch Int.random(in: 0..<8, using: &random) {
      case 0 where at < bytes.count: bytes[at] = .random(in: 0...255, using: &random)
      case 1 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.removeSubrange(at..<end)
      case 3: bytes.insert(contentsOf: bytes[at..<end], at: at)
      case 4: bytes.removeSubrange(at...)
      case 5: bytes.replaceSubrange(at..<min(bytes.count, at + token.count), with: token)
      default: bytes.replaceSubrange(at..<end, with: token)
      }
    }
    return bytes
  }
}

/// What the process has in memory, in bytes.
private struct Memory {
  var resident = 0
  var peakResident = 0
  var peakVirtual = 0

  init() throws {
    for line in try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(
      separator: "\n")
    {
      let parts = line.split(whereSeparator: \.isWhitespace)
      guard parts.count > 1, let size = Int(parts[1]) else { continue }
      switch parts[0] {
      case "VmRSS:": resident = size << 10
      case "VmHWM:": peakResident = size << 10
      case "VmPeak:": peakVirtual = size << 10
      default: break
      }
    }
  }
}
