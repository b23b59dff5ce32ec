/// What one thread needs to run an inner network on a batch: every layer's output, and adjoints.
final class NetworkMemory<Real: KernelScalar> {
  let network: InnerNetwork
  let columns: Int
  /// Of each layer, values and then tangents.
  private let outputs: [Buffer<Real>]
  private let slopes: [Buffer<Real>?]
  private let adjoints: [Buffer<Real>]
  private let scratch: Buffer<Real>

  init(_ network: InnerNetwork, columns: Int) {
    self.network = network
    self.columns = columns
    outputs = network.layers.map { Buffer(count: 2 * $0.outputRows * columns) }
    slopes = network.layers.map { $0.keepsSlopes ? Buffer(count: $0.outputRows * columns) : nil }
    let widest = network.layers.map { max($0.inputRows, $0.outputRows) }.max() ?? 0
    adjoints = (0..<2).map { _ in Buffer(count: 2 * widest * columns) }
    scratch = Buffer(count: network.layers.map { $0.scratchCount(columns: columns) }.max() ?? 0)
  }

  /// Runs the network.
  ///
  /// - Parameters:
  ///   - parameters: Of the network; with tangents, the logits have some too.
  ///   - input: A row a pixel, a column an image.
  ///   - keepsSlopes: Whether ``pullBack(parameters:input:logits:into:)`` is to follow.
  /// - Returns: The logits, a row a class.
  func forward(
    parameters: Signal<Real>, input: UnsafeMutablePointer<Real>, keepsSlopes: Bool
  ) -> Signal<Real> {
    for index in network.layers.indices {
      network.layers[index].forward(
        pass(index, parameters: parameters, input: input, keepsSlopes: keepsSlopes))
    }
    return output(network.layers.count - 1, of: parameters)
  }

  /// Goes back through what ``forward(parameters:input:keepsSlopes:)`` did last.
  ///
  /// - Parameters:
  ///   - logits: The derivatives by the logits; with tangents where the parameters have some.
  ///   - gradient: The derivatives by the parameters are added.
  func pullBack(
    parameters: Signal<Real>, input: UnsafeMutablePointer<Real>, logits: Signal<Real>,
    into gradient: Signal<Real>
  ) {
    var above = logits
    for index in network.layers.indices.reversed() {
      let layer = network.layers[index]
      let below = signal(adjoints[index % 2], rows: layer.inputRows, like: parameters)
      let place = network.places[index]
      layer.pullBack(
        pass(index, parameters: parameters, input: input, keepsSlopes: true),
        LayerAdjoints(
          output: above, input: isMoving(below: index) ? below : nil,
          weights: gradient.dropping(place?.weights.lowerBound ?? 0),
          biases: gradient.dropping(place?.biases.lowerBound ?? 0)))
      above = below
    }
  }

  private func pass(
    _ index: Int, parameters: Signal<Real>, input: UnsafeMutablePointer<Real>, keepsSlopes: Bool
  ) -> LayerPass<Real> {
    let place = network.places[index]
    return LayerPass(
      columns: columns, input: index == 0 ? Signal(input) : output(index - 1, of: parameters),
      output: output(index, of: parameters),
      weights: parameters.dropping(place?.weights.lowerBound ?? 0),
      biases: parameters.dropping(place?.biases.lowerBound ?? 0),
      // Tangents are products with slopes, forward too.
      slopes: keepsSlopes || parameters.tangents != nil ? slopes[index]?.start : nil,
      scratch: scratch.start)
  }

  /// The output of a layer.
  private func output(_ index: Int, of parameters: Signal<Real>) -> Signal<Real> {
    let signal = signal(
      outputs[index], rows: network.layers[index].outputRows, like: parameters)
    return isMoving(below: index + 1) ? signal : signal.withoutTangents
  }

  /// Whether layer `index`'s input depends on parameters.
  private func isMoving(below index: Int) -> Bool {
    network.places[..<index].contains { $0 != nil }
  }

  private func signal(
    _ buffer: Buffer<Real>, rows: Int, like parameters: Signal<Real>
  ) -> Signal<Real> {
    Signal(
      buffer.start, tangents: parameters.tangents == nil ? nil : buffer.start + rows * columns)
  }
}
