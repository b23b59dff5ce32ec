public import Snapshots
import Unrolls

extension BlockSum {
  /// Writes the sum as few bytes: of ES losses' differences and sums, of derivatives a gradient.
  public func write(to writer: inout ByteWriter) {
    let steps = multipliers.first?.count ?? 0
    writer.write(multipliers.count)
    writer.write(multipliers.flatMap(\.self))
    precondition(multipliers.allSatisfy { $0.count == steps }, "as many steps of each particle")
    writer.write(gradient)
    writer.write(totals.losses)
    for count in [totals.environmentSteps, totals.simulatedSteps, totals.divergedSteps] {
      writer.write(count)
    }
    totals.moments.write(to: &writer)
  }

  /// Reads what ``write(to:)`` wrote.
  ///
  /// - Throws: `ByteReader.TooShort` for other bytes.
  public init(from reader: inout ByteReader) throws {
    let particles = try reader.readInt()
    let multipliers = try reader.readFloats()
    guard particles > 0, multipliers.count.isMultiple(of: particles) else {
      throw ByteReader.TooShort()
    }
    let steps = multipliers.count / particles
    self.init(
      multipliers: (0..<particles).map { Array(multipliers[$0 * steps..<($0 + 1) * steps]) },
      gradient: try reader.readFloats())
    totals.losses = try reader.readDoubles()
    totals.environmentSteps = try reader.readInt()
    totals.simulatedSteps = try reader.readInt()
    totals.divergedSteps = try reader.readInt()
    totals.moments = try Moments(from: &reader)
  }
}

extension Moments {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(count)
    writer.write(words)
  }

  fileprivate init(from reader: inout ByteReader) throws {
    let count = try reader.readInt()
    guard let moments = Moments(count: count, words: try reader.readInts()) else {
      throw ByteReader.TooShort()
    }
    self = moments
  }
}
