import CKernels

/// Planes of bytes with `length` rows and columns, bilinearly between the centres of pixels and
/// without smoothing, as `tf.image.resize` does, and divided by 255.
func resize(
  _ bytes: [UInt8], planes: Int, of shape: ImageShape, to length: Int
) -> [Float] {
  let rows = taps(from: shape.height, to: length)
  let columns = taps(from: shape.width, to: length)
  let count = planes * length * length
  return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
    if let output = buffer.baseAddress {
      ckernels_resize_planes(
        bytes, planes, shape.height, shape.width, rows, length, columns, length, output)
    }
    initialized = count
  }
}

/// What each of `target` rows or columns is made of, when there were `source`.
private func taps(from source: Int, to target: Int) -> [ckernels_tap] {
  let scale = Float(source) / Float(target)
  return (0..<target).map { index in
    let center = (Float(index) + 0.5) * scale - 0.5
    let below = center.rounded(.down)
    return ckernels_tap(
      lower: max(Int(below), 0), upper: min(Int(center.rounded(.up)), source - 1),
      fraction: center - below)
  }
}
