/// The size of an image.
public struct ImageShape: Hashable, Sendable, CustomStringConvertible {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int
  /// Values a pixel: 1 where images are gray, 3 where they have colors.
  public var channels: Int

  /// A size of so many rows, columns and channels.
  public init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Values of one image.
  public var pixelCount: Int { height * width * channels }

  /// `28x28` for gray images, `32x32x3` for others.
  public var description: String { "\(height)x\(width)" + (channels == 1 ? "" : "x\(channels)") }
}
