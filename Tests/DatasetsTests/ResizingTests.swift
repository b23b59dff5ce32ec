import Testing

@testable import Datasets

struct ResizingTests {
  /// The two-dimensional interpolation written out in Double.
  static func plain(_ bytes: [UInt8], _ shape: ImageShape, to length: Int) -> [Double] {
    func place(_ index: Int, _ size: Int) -> (lower: Int, upper: Int, fraction: Double) {
      let center = (Double(index) + 0.5) * Double(size) / Double(length) - 0.5
      let clamped = min(max(center, 0), Double(size - 1))
      let lower = Int(clamped)
      return (lower, min(lower + 1, size - 1), clamped - Double(lower))
    }
    return (0..<shape.channels * length * length).map { index in
      let channel = index / (length * length)
      let row = place(index / length % length, shape.height)
      let column = place(index % length, shape.width)
      func pixel(_ y: Int, _ x: Int) -> Double {
        Double(bytes[(channel * shape.height + y) * shape.width + x])
      }
      func between(_ y: Int) -> Double {
        pixel(y, column.lower) * (1 - column.fraction) + pixel(y, column.upper) * column.fraction
      }
      return (between(row.lower) * (1 - row.fraction) + between(row.upper) * row.fraction) / 255
    }
  }

  @Test(
    "resizing interpolates between the centres of pixels",
    arguments: [(1, 1, 1), (28, 28, 1), (5, 9, 3), (32, 32, 3), (2, 1, 2)], [1, 2, 7, 8, 14, 40])
  func interpolates(size: (Int, Int, Int), length: Int) {
    let shape = ImageShape(height: size.0, width: size.1, channels: size.2)
    let bytes = MadeFiles.noise(shape.pixelCount)
    let resized = resize(bytes, planes: shape.channels, of: shape, to: length)
    let expected = Self.plain(bytes, shape, to: length)
    #expect(resized.count == expected.count)
    // A centre is rounded three times, each time by half an ulp of the size at most, and makes no
    // more than that of a difference; interpolating adds a few roundings of values up to 1.
    let places = 1.5 * Double(Float(shape.height).ulp + Float(shape.width).ulp)
    for (value, expected) in zip(resized, expected) {
      #expect(abs(Double(value) - expected) < places + 4 * Double(Float(1).ulp))
    }
  }
}
