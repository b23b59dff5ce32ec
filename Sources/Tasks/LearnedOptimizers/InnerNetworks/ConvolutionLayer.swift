import CKernels

/// A 3×3 convolution with stride 1 and zeros around (SAME), w of shape (3, 3, inputs, outputs).
///
/// Rows are channels, each a plane of height · width.
struct ConvolutionLayer: WeightedLayer {
  let inputChannels: Int
  let outputChannels: Int
  let height: Int
  let width: Int

  var inputRows: Int { inputChannels * height * width }
  var outputRows: Int { outputChannels * height * width }
  var weightShape: [Int]? { [3, 3, inputChannels, outputChannels] }
  var biasCount: Int { outputChannels }

  func scratchCount(columns: Int) -> Int {
    ckernels_convolve_scratch(inputChannels, outputChannels, width, columns)
  }

  func apply<Real: KernelScalar>(
    weights: UnsafePointer<Real>, biases: UnsafePointer<Real>?, accumulates: Bool,
    input: UnsafePointer<Real>, output: UnsafeMutablePointer<Real>, _ pass: LayerPass<Real>
  ) {
    Real.convolve(
      inputChannels, outputChannels, height, width, pass.columns, weights, biases,
      accumulates ? 1 : 0, input, output, pass.scratch)
  }

  func pullBack<Real: KernelScalar>(
    weights: UnsafePointer<Real>, accumulates: Bool, output: UnsafePointer<Real>,
    input: UnsafeMutablePointer<Real>, _ pass: LayerPass<Real>
  ) {
    Real.convolvePullBack(
      inputChannels, outputChannels, height, width, pass.columns, weights, accumulates ? 1 : 0,
      output, input, pass.scratch)
  }

  func addProducts<Real: KernelScalar>(
    input: UnsafePointer<Real>, output: UnsafePointer<Real>, weights: UnsafeMutablePointer<Real>,
    _ pass: LayerPass<Real>
  ) {
    Real.convolveWeights(
      inputChannels, outputChannels, height, width, pass.columns, input, output, weights,
      pass.scratch)
  }
}
