import Datasets
import Randomness

/// A batch in one thread's memory, kept until another is asked for.
final class Batch<Real: KernelScalar> {
  /// A row a pixel, a lane an image.
  let images: Buffer<Real>
  let labels: UnsafeMutablePointer<Int32>
  private let lanes: Int
  private var key: PRNGKey?

  init(pixelCount: Int, lanes: Int) {
    self.lanes = lanes
    images = Buffer(count: pixelCount * lanes)
    labels = .allocate(capacity: lanes)
    labels.initialize(repeating: 0, count: lanes)
  }

  deinit { labels.deallocate() }

  /// Gathers the images that `key` draws, unless they are there already.
  func load(_ key: PRNGKey, from split: ImageSplit, _ indices: (PRNGKey) -> [Int32]) {
    if self.key == key { return }
    let indices = indices(key)
    split.gather(indices.span, lanes: lanes, into: images.start)
    split.gatherLabels(indices.span, lanes: lanes, into: labels)
    self.key = key
  }
}
