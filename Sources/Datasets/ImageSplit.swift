import CKernels

/// Images with labels, from which batches are gathered.
public struct ImageSplit: Sendable {
  /// The size of each image.
  public let shape: ImageShape
  /// A class for each image.
  public let labels: [Int32]
  let pixels: Pixels
  /// Where the split's first value is in `pixels`.
  let offset: Int

  /// How many images there are.
  public var count: Int { labels.count }

  /// The value of a pixel as a network sees it, 0 to 1.
  public func value(image: Int, pixel: Int) -> Float {
    precondition(labels.indices.contains(image), "image \(image) of \(count)")
    precondition((0..<shape.pixelCount).contains(pixel), "pixel \(pixel) of \(shape)")
    let index = offset + image * shape.pixelCount + pixel
    return switch pixels {
    case .bytes(let bytes): Float(bytes[index]) / 255
    case .floats(let floats): floats[index]
    }
  }

  /// Writes the images of a batch, a row a pixel and a column an image.
  ///
  /// - Parameters:
  ///   - indices: Which images, at least one.
  ///   - columns: Columns of the output, a multiple of 16 and no fewer than images; those left repeat
  ///     the last image.
  ///   - rows: Room for `shape.pixelCount` · `columns` numbers. For `Float` this is quick.
  public func gather<Scalar: BinaryFloatingPoint>(
    _ indices: Span<Int32>, columns: Int, into rows: UnsafeMutablePointer<Scalar>
  ) {
    check(indices, columns)
    if Scalar.self == Float.self {
      gatherFloats(indices, columns, into: UnsafeMutableRawPointer(rows))
      return
    }
    for column in 0..<columns {
      let image = Int(indices[min(column, indices.count - 1)])
      for pixel in 0..<shape.pixelCount {
        rows[pixel * columns + column] = Scalar(value(image: image, pixel: pixel))
      }
    }
  }

  /// Writes the labels of a batch, one a column.
  public func gatherLabels(
    _ indices: Span<Int32>, columns: Int, into classes: UnsafeMutablePointer<Int32>
  ) {
    check(indices, columns)
    for column in 0..<columns {
      classes[column] = labels[Int(indices[min(column, indices.count - 1)])]
    }
  }

  private func gatherFloats(
    _ indices: Span<Int32>, _ columns: Int, into rows: UnsafeMutableRawPointer
  ) {
    let rows = rows.assumingMemoryBound(to: Float.self)
    indices.withUnsafeBufferPointer { indices in
      switch pixels {
      case .bytes(let bytes):
        bytes.withUnsafeBufferPointer {
          ckernels_gather_bytes(
            $0.baseAddress.map { $0 + offset }, shape.pixelCount, indices.baseAddress,
            indices.count, columns, rows)
        }
      case .floats(let floats):
        floats.withUnsafeBufferPointer {
          ckernels_gather_floats(
            $0.baseAddress.map { $0 + offset }, shape.pixelCount, indices.baseAddress,
            indices.count, columns, rows)
        }
      }
    }
  }

  private func check(_ indices: Span<Int32>, _ columns: Int) {
    precondition(
      indices.count > 0 && indices.count <= columns && columns % 16 == 0,
      "\(indices.count) images in \(columns) columns")
    for index in indices.indices {
      precondition(labels.indices.contains(Int(indices[index])), "image \(indices[index])")
    }
  }
}
