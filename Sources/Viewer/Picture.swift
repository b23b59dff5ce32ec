import CPNG

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

  /// The picture as the content of a PNG file.
  ///
  /// - Throws: ``ViewerError/drawingFailed(cause:)`` without memory for it.
  public func png() throws(ViewerError) -> [UInt8] {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(width)
    image.height = png_uint_32(height)
    image.format = png_uint_32(PNG_FORMAT_RGB)
    // Never larger than the pixels and a little for each row.
    var size = pixels.count + pixels.count / 100 + 1024 * (height + 16)
    var succeeded = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      succeeded =
        png_image_write_to_memory(&image, buffer.baseAddress, &size, 0, pixels, 0, nil) != 0
      count = succeeded ? size : 0
    }
    guard succeeded else { throw .drawingFailed(cause: "the PNG file could not be made") }
    return bytes
  }
}
