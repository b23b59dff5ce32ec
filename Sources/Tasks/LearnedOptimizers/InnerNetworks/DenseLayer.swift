/// A fully connected layer, w of shape (inputs, outputs).
struct DenseLayer: WeightedLayer {
  let inputRows: Int
  let outputRows: Int

  var weightShape: [Int]? { [inputRows, outputRows] }
  var biasCount: Int { outputRows }

  func apply<Real: KernelScalar>(
    weights: UnsafePointer<Real>, biases: UnsafePointer<Real>?, accumulates: Bool,
    input: UnsafePointer<Real>, output: UnsafeMutablePointer<Real>, _ pass: LayerPass<Real>
  ) {
    Real.dense(
      inputRows, outputRows, pass.columns, weights, outputRows, 1, biases, accumulates ? 1 : 0,
      input,
      output)
  }

  func pullBack<Real: KernelScalar>(
    weights: UnsafePointer<Real>, accumulates: Bool, output: UnsafePointer<Real>,
    input: UnsafeMutablePointer<Real>, _ pass: LayerPass<Real>
  ) {
    Real.dense(
      outputRows, inputRows, pass.columns, weights, 1, outputRows, nil, accumulates ? 1 : 0, output,
      input)
  }

  func addProducts<Real: KernelScalar>(
    input: UnsafePointer<Real>, output: UnsafePointer<Real>, weights: UnsafeMutablePointer<Real>,
    _ pass: LayerPass<Real>
  ) {
    Real.outerProducts(inputRows, outputRows, pass.columns, input, output, weights)
  }
}
