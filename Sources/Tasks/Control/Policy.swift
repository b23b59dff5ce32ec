import CKernels
public import Parameters
public import Randomness

/// A deterministic policy: actions from observations, in float32.
public struct Policy: Sendable {
  /// The reference's names of the architectures.
  public enum Architecture: String, Codable, CaseIterable, Sendable {
    /// action = observation · w, without bias.
    case linear
    /// One hidden layer of 30 rectified linear units.
    case mlp
  }

  /// How θ₀ is drawn.
  public enum Initialization: String, Codable, CaseIterable, Sendable {
    /// All zero (linear policies only).
    case zero
    /// Truncated normal, its variance a scale divided by the inputs of the layer.
    case normal
  }

  public let architecture: Architecture
  public let layout: ParameterLayout
  let layers: [Layer]
  /// Where θ has the statistics of observations that the policy normalizes by; nil if it does not.
  let statistics: Statistics?

  /// One dense layer's place in θ.
  struct Layer {
    var inputs: Int
    var outputs: Int
    var weights: Range<Int>
    var biases: Range<Int>?

    /// Outputs whose products the reference's compiled policy rounds before adding; the others it
    /// adds by fused multiply-adds. Read off its numbers for 8 × 2 (Swimmer) and 17 × 6
    /// (HalfCheetah).
    var roundedOutputs: Int { outputs == 2 ? 1 : 0 }
  }

  /// Whether it acts on (observation − mean) / deviation, of which θ has both.
  public var normalizesObservations: Bool { statistics != nil }

  /// A policy for observations and actions of the given sizes.
  ///
  /// - Parameter normalizesObservations: Whether θ has leaves `observations/…`: the mean and the deviation
  ///   that observations are normalized by, and how many these are of (Mania et al. 2018).
  public init(
    _ architecture: Architecture, observationCount: Int, actionCount: Int,
    normalizesObservations: Bool = false
  ) {
    let sizes: [Int]
    let names: [String]
    switch architecture {
    case .linear: (sizes, names) = ([observationCount, actionCount], ["linear"])
    case .mlp:
      (sizes, names) = ([observationCount, 30, actionCount], ["mlp/~/linear_0", "mlp/~/linear_1"])
    }
    let hasBiases = architecture == .mlp
    let layout = ParameterLayout(
      names.enumerated().flatMap { index, name in
        [ParameterLeaf(name: "\(name)/w", shape: [sizes[index], sizes[index + 1]])]
          + (hasBiases ? [ParameterLeaf(name: "\(name)/b", shape: [sizes[index + 1]])] : [])
      }
        + (normalizesObservations ? Self.statisticsLeaves(observationCount: observationCount) : []))
    self.architecture = architecture
    self.layout = layout
    statistics = Self.statistics(in: layout)
    layers = names.enumerated().map { index, name in
      Layer(
        inputs: sizes[index], outputs: sizes[index + 1],
        weights: layout.range(of: "\(name)/w") ?? 0..<0,
        biases: layout.range(of: "\(name)/b"))
    }
  }

  /// θ₀: zeros, or each weight matrix from the next key of haiku's sequence and zero biases. Observations
  /// count as normalized.
  ///
  /// - Parameter scale: The variance scale of a linear policy; an MLP's is 0.3 whatever is asked,
  ///   as in the reference, which also ignores the initialization type for it.
  public func initialParameters(
    _ initialization: Initialization, scale: Double, key: PRNGKey
  ) -> [Float] {
    var theta = [Float](repeating: 0, count: layout.count)
    if let statistics { for index in statistics.deviations { theta[index] = 1 } }
    if architecture == .linear && initialization == .zero { return theta }
    var keys = PRNGSequence(key)
    for layer in layers {
      let variance = (architecture == .mlp ? 0.3 : scale) / Double(layer.inputs)
      // Haiku divides by the standard deviation of a unit normal cut off at ±2, a float32.
      let deviation = Float(variance.squareRoot() / Double(Float(0.87962566103423978)))
      let draws = keys.next().truncatedNormal(layer.weights.count)
      for (index, draw) in zip(layer.weights, draws) { theta[index] = deviation * draw }
    }
    return theta
  }

  /// Buffers of one thread.
  public struct Scratch {
    public var observation: [Float]
    public var action: [Float]
    fileprivate var normalized, hidden: [Float]
  }

  public func makeScratch() -> Scratch {
    let first = layers[0]
    let last = layers[layers.count - 1]
    return Scratch(
      observation: [Float](repeating: 0, count: first.inputs),
      action: [Float](repeating: 0, count: last.outputs),
      normalized: [Float](repeating: 0, count: statistics == nil ? 0 : first.inputs),
      hidden: [Float](repeating: 0, count: first.outputs))
  }

  /// Sets `scratch.action` from `scratch.observation`.
  public func act(theta: [Float], in scratch: inout Scratch) {
    if let statistics {
      for index in scratch.normalized.indices {
        scratch.normalized[index] =
          (scratch.observation[index] - theta[statistics.means.lowerBound + index])
          / theta[statistics.deviations.lowerBound + index]
      }
    }
    let input = statistics == nil ? scratch.observation : scratch.normalized
    switch architecture {
    case .linear:
      apply(layers[0], theta: theta, input: input, output: &scratch.action)
    case .mlp:
      apply(layers[0], theta: theta, input: input, output: &scratch.hidden)
      for index in scratch.hidden.indices {
        scratch.hidden[index] = max(scratch.hidden[index], 0)
      }
      apply(layers[1], theta: theta, input: scratch.hidden, output: &scratch.action)
    }
  }

  private func apply(_ layer: Layer, theta: [Float], input: [Float], output: inout [Float]) {
    theta.withUnsafeBufferPointer { theta in
      guard let weights = theta.baseAddress?.advanced(by: layer.weights.lowerBound) else { return }
      ckernels_matrix_vector(
        input, weights, layer.inputs, layer.outputs, layer.roundedOutputs, &output)
    }
    if let biases = layer.biases {
      for (index, bias) in biases.enumerated() { output[index] += theta[bias] }
    }
  }
}
