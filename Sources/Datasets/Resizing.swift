import CKernels

extension LabelledImages {
  /// All images at another size, bilinearly between the centres of pixels and without smoothing,
  /// as `tf.image.resize` does, and divided by 255.
  func resized(height: Int, width: Int) -> [Float] {
    let rows = taps(from: shape.height, to: height)
    let columns = taps(from: shape.width, to: width)
    let planes = labels.count * shape.channels
    let count = planes * height * width
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let output = buffer.baseAddress {
        ckernels_resize_planes(
          pixels, planes, shape.height, shape.width, rows, height, columns, width, output)
      }
      initialized = count
    }
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
