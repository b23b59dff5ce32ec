import CPNG
import Figures
import Testing

/// What a PNG file has.
struct Pixels {
  let width: Int
  let height: Int
  private let bytes: [UInt8]

  init(_ figure: some Figure) throws {
    let file = try figure.bytes(as: .png)
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    try #require(png_image_begin_read_from_memory(&image, file, file.count) != 0)
    image.format = png_uint_32(PNG_FORMAT_RGB)
    (width, height) = (Int(image.width), Int(image.height))
    var pixels = [UInt8](repeating: 0, count: 3 * width * height)
    try #require(png_image_finish_read(&image, nil, &pixels, 0, nil) != 0)
    bytes = pixels
  }

  /// The colour at a place in points from the top left, of which each has two pixels a side.
  subscript(x: Double, y: Double) -> Color {
    let first = 3 * (min(Int(y * 2), height - 1) * width + min(Int(x * 2), width - 1))
    return Color(bytes[first], bytes[first + 1], bytes[first + 2])
  }
}

extension Color {
  static let white = Color(255, 255, 255)

  /// Whether it looks like another: edges are mixed.
  func isNear(_ other: Color, within distance: Int = 3) -> Bool {
    [(red, other.red), (green, other.green), (blue, other.blue)].allSatisfy {
      abs(Int($0) - Int($1)) <= distance
    }
  }
}
