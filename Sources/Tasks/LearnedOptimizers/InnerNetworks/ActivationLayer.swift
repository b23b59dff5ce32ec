/// What a hidden layer does to each number.
public enum Activation: String, CaseIterable, Sendable {
  case relu
  /// In its tanh form (Hendrycks & Gimpel 2016).
  case gelu
}

/// An activation of each number.
struct ActivationLayer: Layer {
  let activation: Activation
  let inputRows: Int

  var outputRows: Int { inputRows }
  var keepsSlopes: Bool { true }

  func forward<Real: KernelScalar>(_ pass: LayerPass<Real>) {
    let count = inputRows * pass.columns
    let kernel = activation == .relu ? Real.relu : Real.gelu
    kernel(count, pass.input.values, pass.output.values, pass.slopes)
    if let output = pass.output.tangents, let input = pass.input.tangents, let slopes = pass.slopes
    {
      Real.multiply(count, slopes, input, output)
    }
  }

  func pullBack<Real: KernelScalar>(_ pass: LayerPass<Real>, _ adjoints: LayerAdjoints<Real>) {
    guard let slopes = pass.slopes, let input = adjoints.input else { return }
    let count = inputRows * pass.columns
    Real.multiply(count, slopes, adjoints.output.values, input.values)
    guard let output = adjoints.output.tangents, let inputTangents = input.tangents else { return }
    Real.multiply(count, slopes, output, inputTangents)
    if activation == .gelu, let tangents = pass.input.tangents {
      Real.geluCurvature(
        count, pass.input.values, tangents, adjoints.output.values, inputTangents)
    }
  }
}
