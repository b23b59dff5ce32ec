/// An RGB picture.
public struct Picture: Sendable, Hashable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Red, green and blue of each pixel, row after row from the top left.
  public let pixels: [UInt8]

  /// - Precondition: `pixels` has 3 · `width` · `height` values.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(pixels.count == 3 * width * height, "three bytes a pixel")
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
