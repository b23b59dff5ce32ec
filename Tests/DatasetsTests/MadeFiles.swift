import CZlib
import TestSupport
import Testing

@testable import Datasets

/// Small files of made-up images.
enum MadeFiles {
  static let imagesName = "train-images-idx3-ubyte"
  static let labelsName = "train-labels-idx1-ubyte"

  /// An idx file: a magic word, sizes and bytes.
  static func idx(_ magic: Int, _ sizes: [Int], _ bytes: [UInt8]) -> [UInt8] {
    ([magic] + sizes).flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
    } + bytes
  }

  /// Bytes that repeat late.
  static func noise(_ count: Int, below limit: Int = 256) -> [UInt8] {
    var random = SplitMix(state: UInt64(count))
    return (0..<count).map { _ in UInt8(Int.random(in: 0..<limit, using: &random)) }
  }

  /// A pair of idx files in `folder`; where it is nil, in a new one.
  static func pair(
    count: Int = 10, height: Int = 4, width: Int = 4, in folder: TemporaryFolder? = nil
  ) throws -> TemporaryFolder {
    let folder = try folder ?? TemporaryFolder()
    _ = try folder.file(
      imagesName, idx(0x803, [count, height, width], noise(count * height * width)))
    _ = try folder.file(labelsName, idx(0x801, [count], noise(count, below: 10)))
    return folder
  }

  /// Records of CIFAR, of which the first is number `first`: `labelBytes` labels below `limit`, then
  /// the pixels.
  static func records(
    _ count: Int, from first: Int = 0, labelBytes: Int, below limit: Int
  ) -> [UInt8] {
    (first..<first + count).flatMap { index in
      (0..<labelBytes).map { UInt8((7 * index + $0 + count) % limit) }
        + noise(3072 + index).prefix(3072)
    }
  }

  /// `bytes` packed by gzip.
  static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    var stream = z_stream()
    // 16 added to the window's bits asks for gzip.
    try #require(
      deflateInit2_(
        &stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK)
    defer { deflateEnd(&stream) }
    var source = bytes
    return source.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      return [UInt8](unsafeUninitializedCapacity: bytes.count + 1000) { packed, count in
        stream.next_out = packed.baseAddress
        stream.avail_out = UInt32(packed.count)
        deflate(&stream, Z_FINISH)
        count = Int(stream.total_out)
      }
    }
  }
}

/// All values of some images.
func values(_ split: ImageSplit, _ images: some Sequence<Int>) -> [Float] {
  images.flatMap { image in
    (0..<split.shape.pixelCount).map { split.value(image: image, pixel: $0) }
  }
}

extension KnownDataset {
  /// The dataset called `name` as if it were published with few images.
  static func small(_ name: String, imagesPerFile: Int) throws -> KnownDataset {
    var dataset = try DatasetCatalogue.named(name)
    if case .cifar(var layout) = dataset.layout {
      layout.imagesPerFile = imagesPerFile
      dataset.layout = .cifar(layout)
    }
    return dataset
  }
}
