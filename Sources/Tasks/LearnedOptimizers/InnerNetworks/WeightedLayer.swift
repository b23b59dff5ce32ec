/// A layer that is linear in its input and in its weights, w · x + b; the product rule for it stands
/// here.
protocol WeightedLayer: Layer {
  /// Channels or features of the output, each with one bias.
  var biasCount: Int { get }

  /// output = w · input + b, or, where biases are nil and it accumulates, output += w · input.
  func apply<Real: KernelScalar>(
    weights: UnsafePointer<Real>, biases: UnsafePointer<Real>?, accumulates: Bool,
    input: UnsafePointer<Real>, output: UnsafeMutablePointer<Real>, _ pass: LayerPass<Real>)

  /// adjoints = wᵀ · output, or += where it accumulates.
  func pullBack<Real: KernelScalar>(
    weights: UnsafePointer<Real>, accumulates: Bool, output: UnsafePointer<Real>,
    input: UnsafeMutablePointer<Real>, _ pass: LayerPass<Real>)

  /// Adds to the weights' adjoints the products of input and output adjoints.
  func addProducts<Real: KernelScalar>(
    input: UnsafePointer<Real>, output: UnsafePointer<Real>, weights: UnsafeMutablePointer<Real>,
    _ pass: LayerPass<Real>)
}

extension WeightedLayer {
  func forward<Real: KernelScalar>(_ pass: LayerPass<Real>) {
    apply(
      weights: pass.weights.values, biases: pass.biases.values, accumulates: false,
      input: pass.input.values, output: pass.output.values, pass)
    guard let output = pass.output.tangents, let weights = pass.weights.tangents else { return }
    apply(
      weights: weights, biases: pass.biases.tangents, accumulates: false,
      input: pass.input.values, output: output, pass)
    if let input = pass.input.tangents {
      apply(
        weights: pass.weights.values, biases: nil, accumulates: true, input: input, output: output,
        pass)
    }
  }

  func pullBack<Real: KernelScalar>(_ pass: LayerPass<Real>, _ adjoints: LayerAdjoints<Real>) {
    let rows = outputRows / biasCount * pass.columns
    addProducts(
      input: pass.input.values, output: adjoints.output.values, weights: adjoints.weights.values,
      pass)
    Real.rowSums(biasCount, rows, adjoints.output.values, adjoints.biases.values)
    if let input = adjoints.input {
      pullBack(
        weights: pass.weights.values, accumulates: false, output: adjoints.output.values,
        input: input.values, pass)
    }
    guard let output = adjoints.output.tangents, let weights = adjoints.weights.tangents else {
      return
    }
    addProducts(input: pass.input.values, output: output, weights: weights, pass)
    if let input = pass.input.tangents {
      addProducts(input: input, output: adjoints.output.values, weights: weights, pass)
    }
    Real.rowSums(biasCount, rows, output, adjoints.biases.tangents)
    if let input = adjoints.input?.tangents, let tangents = pass.weights.tangents {
      pullBack(
        weights: pass.weights.values, accumulates: false, output: output, input: input, pass)
      pullBack(
        weights: tangents, accumulates: true, output: adjoints.output.values, input: input, pass)
    }
  }
}
