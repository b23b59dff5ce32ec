import Datasets
import Randomness

/// A batch in one thread's memory, kept until another is asked for.
final class Batch<Real: KernelScalar> {
  /// A row a pixel, a column an image.
  let images: Buffer<Real>
  let labels: UnsafeMutablePointer<Int32>
  private let columns: Int
  private var key: PRNGKey?

  init(pixelCount: Int, columns: Int) {
    self.columns = columns
    images = Buffer(count: pixelCount * columns)
    labels = .allocate(capacity: columns)
    labels.initialize(repeating: 0, count: columns)
  }

  deinit { labels.deallocate() }

  /// Gathers the images that `key` draws, unless they are there already.
  func load(_ key: PRNGKey, from split: ImageSplit, _ indices: (PRNGKey) -> [Int32]) {
    if self.key == key { return }
    let indices = indices(key)
    split.gather(indices.span, columns: columns, into: images.start)
    split.gatherLabels(indices.span, columns: columns, into: labels)
    self.key = key
  }
}
