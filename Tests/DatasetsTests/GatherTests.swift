import TestSupport
import Testing

@testable import Datasets

struct GatherTests {
  /// Images of odd sizes; all bytes occur.
  static let shapes = [
    ImageShape(height: 1, width: 1, channels: 1), ImageShape(height: 3, width: 5, channels: 1),
    ImageShape(height: 4, width: 4, channels: 1), ImageShape(height: 8, width: 8, channels: 1),
    ImageShape(height: 3, width: 7, channels: 3), ImageShape(height: 28, width: 28, channels: 1),
  ]

  @Test(
    "a batch has a row a pixel and a column an image", arguments: shapes,
    [(1, 16), (5, 16), (16, 16), (17, 32), (128, 128), (100, 128)])
  func gather(shape: ImageShape, batch: (count: Int, columns: Int)) {
    let imageCount = 23
    let bytes = (0..<imageCount * shape.pixelCount).map { UInt8($0 * 37 & 255) }
    let labels = (0..<imageCount - 2).map { Int32($0 * 5 % 10) }
    // The split begins with the third image.
    let offset = 2 * shape.pixelCount
    var random = SplitMix(state: UInt64(batch.count))
    let indices = (0..<batch.count).map { _ in
      Int32.random(in: 0..<Int32(labels.count), using: &random)
    }
    for pixels in [Pixels.bytes(bytes), .floats(bytes.map { Float($0) * 0.37 })] {
      let split = ImageSplit(shape: shape, labels: labels, pixels: pixels, offset: offset)
      // The last number must stay.
      let size = shape.pixelCount * batch.columns
      var floats = [Float](repeating: -1, count: size + 1)
      var doubles = [Double](repeating: -1, count: size + 1)
      var classes = [Int32](repeating: -1, count: batch.columns + 1)
      split.gather(indices.span, columns: batch.columns, into: &floats)
      split.gather(indices.span, columns: batch.columns, into: &doubles)
      split.gatherLabels(indices.span, columns: batch.columns, into: &classes)
      var expected: [Float] = []
      for pixel in 0..<shape.pixelCount {
        for column in 0..<batch.columns {
          let image = Int(indices[min(column, batch.count - 1)])
          let place = offset + image * shape.pixelCount + pixel
          switch pixels {
          case .bytes: expected.append(Float(bytes[place]) / 255)
          case .floats: expected.append(Float(bytes[place]) * 0.37)
          }
        }
      }
      #expect(floats == expected + [-1])
      #expect(doubles == expected.map { Double($0) } + [-1])
      #expect(
        classes == (0..<batch.columns).map { labels[Int(indices[min($0, batch.count - 1)])] } + [-1]
      )
    }
  }

  @Test("each byte is divided by 255, rounded once")
  func division() {
    let shape = ImageShape(height: 16, width: 16, channels: 1)
    let split = ImageSplit(
      shape: shape, labels: [0], pixels: .bytes((0...255).map { UInt8($0) }), offset: 0)
    var rows = [Float](repeating: -1, count: 256 * 16)
    split.gather([Int32(0)].span, columns: 16, into: &rows)
    for byte in 0...255 { #expect(rows[byte * 16 + 3] == Float(Double(byte) / 255)) }
  }
}
