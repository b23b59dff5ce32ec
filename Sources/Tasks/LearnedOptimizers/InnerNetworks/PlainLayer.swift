/// A layer without parameters that is linear in its input, and so its own derivative.
protocol PlainLayer: Layer {
  func apply<Real: KernelScalar>(
    _ input: UnsafePointer<Real>, _ output: UnsafeMutablePointer<Real>, columns: Int)

  /// The transpose.
  func pullBack<Real: KernelScalar>(
    _ output: UnsafePointer<Real>, _ input: UnsafeMutablePointer<Real>, columns: Int)
}

extension PlainLayer {
  func forward<Real: KernelScalar>(_ pass: LayerPass<Real>) {
    apply(pass.input.values, pass.output.values, columns: pass.columns)
    if let input = pass.input.tangents, let output = pass.output.tangents {
      apply(input, output, columns: pass.columns)
    }
  }

  func pullBack<Real: KernelScalar>(_ pass: LayerPass<Real>, _ adjoints: LayerAdjoints<Real>) {
    guard let input = adjoints.input else { return }
    pullBack(adjoints.output.values, input.values, columns: pass.columns)
    if let output = adjoints.output.tangents, let input = input.tangents {
      pullBack(output, input, columns: pass.columns)
    }
  }
}

/// Means of 2×2 places of each channel; an odd last row or column is left out.
struct PoolLayer: PlainLayer {
  let channels: Int
  let height: Int
  let width: Int

  var inputRows: Int { channels * height * width }
  var outputRows: Int { channels * (height / 2) * (width / 2) }

  func apply<Real: KernelScalar>(
    _ input: UnsafePointer<Real>, _ output: UnsafeMutablePointer<Real>, columns: Int
  ) {
    Real.pool(channels, height, width, columns, input, output)
  }

  func pullBack<Real: KernelScalar>(
    _ output: UnsafePointer<Real>, _ input: UnsafeMutablePointer<Real>, columns: Int
  ) {
    Real.poolPullBack(channels, height, width, columns, output, input)
  }
}

/// From planes of channels to places of channels, the order in which the reference flattens images.
struct FlatteningLayer: PlainLayer {
  let channels: Int
  /// Places of a plane.
  let places: Int

  var inputRows: Int { channels * places }
  var outputRows: Int { inputRows }

  func apply<Real: KernelScalar>(
    _ input: UnsafePointer<Real>, _ output: UnsafeMutablePointer<Real>, columns: Int
  ) {
    Real.transposeRows(channels, places, columns, input, output)
  }

  func pullBack<Real: KernelScalar>(
    _ output: UnsafePointer<Real>, _ input: UnsafeMutablePointer<Real>, columns: Int
  ) {
    Real.transposeRows(places, channels, columns, output, input)
  }
}
