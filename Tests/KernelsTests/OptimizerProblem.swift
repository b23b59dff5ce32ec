import CKernels
import TestSupport
import Testing

/// One inner tensor with MLPLOpt's momenta, a network, and directions of all of them.
struct OptimizerProblem<Real: Precision> {
  static var decays: [Real] { [0.1, 0.5, 0.9, 0.99, 0.999, 0.9999] }

  let count: Int
  /// Layers of the network, the last one counted.
  let layers: Int
  let hidden: Int
  /// Rows of momenta lie apart.
  var stride: Int { count + 3 }

  /// What the update reads, and as large: directions, or adjoints.
  struct Vectors {
    var weights: [Real]
    var bias: [Real]
    var parameters: [Real]
    /// Six rows, with marks between them.
    var momenta: [Real]
    var gradient: [Real]
  }

  var point: Vectors
  var direction: Vectors
  /// Adjoints of parameters and momenta after the update; the others are what adjoints are added to.
  var adjoints: Vectors

  /// What a kernel neither reads nor writes.
  static var mark: Real { 99 }

  init(count: Int, layers: Int, hidden: Int, seed: UInt64 = 11) {
    (self.count, self.layers, self.hidden) = (count, layers, hidden)
    let stride = count + 3
    var generator = SplitMix(state: seed)
    let sizes = Self.sizes(layers: layers, hidden: hidden)
    func vectors(parameters size: Real = 1) -> Vectors {
      var weights: [Real] = []
      for (index, layer) in sizes.enumerated() {
        // The first layer's biases and its time features are no business of the kernel's.
        let unread = index == 0 ? 11 * layer.outputs : 0
        let bias: [Real] = generator.numbers(layer.outputs)
        weights += index == 0 ? bias.map { _ in Self.mark } : bias
        weights += generator.numbers(layer.inputs * layer.outputs)
        weights += [Real](repeating: Self.mark, count: unread)
      }
      var momenta: [Real] = generator.numbers(6 * stride)
      for index in momenta.indices where index % stride >= count { momenta[index] = Self.mark }
      return Vectors(
        weights: weights, bias: generator.numbers(sizes[0].outputs),
        parameters: generator.numbers(count).map { size * $0 }, momenta: momenta,
        gradient: generator.numbers(count))
    }
    point = vectors()
    // A step is a thousandth: what the network does should count as much as what passes it by.
    direction = vectors(parameters: 1e-3)
    adjoints = vectors(parameters: 1e3)
  }

  static func sizes(layers: Int, hidden: Int) -> [(inputs: Int, outputs: Int)] {
    (0..<layers).map { ($0 == 0 ? 8 : hidden, $0 == layers - 1 ? 2 : hidden) }
  }

  private var scratch: Int { ckernels_mlp_optimizer_scratch(count, layers, hidden) }

  /// Parameters and momenta after the update.
  func updated() -> [[Real]] {
    var (parameters, momenta) = (point.parameters, point.momenta)
    withScratch(scratch) { (scratch: UnsafeMutablePointer<Real>) in
      Real.kernels.update(
        count, layers, hidden, point.weights, point.bias, &parameters, &momenta, stride,
        point.gradient, scratch)
    }
    return [parameters, momenta]
  }

  /// The tangents of parameters and momenta after it, and both after it; for fixed weights, if
  /// `weightsMove` is false.
  func pushed(weightsMove: Bool = true) -> [[Real]] {
    var (parameters, momenta) = (point.parameters, point.momenta)
    var (parameterTangents, momentumTangents) = (direction.parameters, direction.momenta)
    withScratch(scratch) { (scratch: UnsafeMutablePointer<Real>) in
      Real.kernels.pushForward(
        count, layers, hidden, point.weights, point.bias, weightsMove ? direction.weights : nil,
        weightsMove ? direction.bias : nil, &parameters, &momenta, stride, point.gradient,
        &parameterTangents, &momentumTangents, direction.gradient, scratch)
    }
    return [parameterTangents, momentumTangents, parameters, momenta]
  }

  /// The adjoints before it: of parameters, momenta and gradient, and those of weights and bias, to
  /// which those of `adjoints` are added. Without `all` the first three stay what they were.
  func pulledBack(all: Bool = true) -> [[Real]] {
    var (weights, bias) = (adjoints.weights, adjoints.bias)
    var (parameters, momenta) = (adjoints.parameters, adjoints.momenta)
    var gradient = adjoints.gradient
    withScratch(scratch) { (scratch: UnsafeMutablePointer<Real>) in
      momenta.withUnsafeMutableBufferPointer { momenta in
        Real.kernels.pullBack(
          count, layers, hidden, point.weights, point.bias, point.parameters, point.momenta,
          stride, point.gradient, &parameters, all ? momenta.baseAddress : nil, &gradient,
          &weights, &bias, scratch)
      }
    }
    return [parameters, momenta, gradient, weights, bias]
  }
}
