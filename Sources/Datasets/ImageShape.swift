/// The size of an image.
public struct ImageShape: Hashable, Sendable, CustomStringConvertible {
  public var height: Int
  public var width: Int
  public var channels: Int

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
