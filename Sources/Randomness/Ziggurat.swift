import Foundation

extension PCG64 {
  /// Draws a standard normal number, `Generator.standard_normal()`.
  ///
  /// The ziggurat method of Marsaglia and Tsang (2000) with 256 layers. Almost every draw takes one
  /// `next()`; the others fall into a layer's edge or into the base layer's tail.
  public mutating func standardNormal() -> Double {
    while true {
      let bits = next()
      let layer = Int(truncatingIfNeeded: bits & 0xFF)
      let isNegative = bits >> 8 & 1 == 1
      let position = bits >> 9 & 0xF_FFFF_FFFF_FFFF
      let magnitude = Double(position) * ZigguratTables.widths[layer]
      let x = isNegative ? -magnitude : magnitude
      if position < ZigguratTables.bounds[layer] { return x }
      if layer == 0 {
        // The tail's sign is a bit of the position, not the one above.
        let tail = tailStart + drawTail()
        return position >> 8 & 1 == 1 ? -tail : tail
      }
      let lower = ZigguratTables.densities[layer]
      let upper = ZigguratTables.densities[layer - 1]
      if (upper - lower) * nextDouble() + lower < exp(-0.5 * x * x) { return x }
    }
  }

  /// Draws how far beyond the base layer's edge a number in its tail lies.
  private mutating func drawTail() -> Double {
    while true {
      let x = -inverseTailStart * log1p(-nextDouble())
      let y = -log1p(-nextDouble())
      if y + y > x * x { return x }
    }
  }
}

/// Where the tail starts.
private let tailStart = 3.6541528853610087963519472518
private let inverseTailStart = 0.27366123732975827203338247596
