/// Images of bytes and their labels, as files have them.
struct LabelledImages {
  /// The size of each.
  var shape: ImageShape
  /// Pixels by channel, row and column, image after image.
  var pixels: [UInt8]
  /// A class for each image.
  var labels: [UInt8]
}
