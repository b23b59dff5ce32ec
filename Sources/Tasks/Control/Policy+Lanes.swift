import CKernels
import Parameters

extension Policy {
  /// One thread's buffers for several policies side by side, each with a θ of its own: a row of lanes
  /// for each number.
  struct Lanes {
    let laneCount: Int
    var observations, actions: [Float]
    fileprivate var normalized, hidden, thetas: [Float]
  }

  /// - Parameter laneCount: A multiple of 8.
  func makeLanes(laneCount: Int) -> Lanes {
    func rows(_ count: Int) -> [Float] { [Float](repeating: 0, count: count * laneCount) }
    var lanes = Lanes(
      laneCount: laneCount, observations: rows(layers[0].inputs),
      actions: rows(layers[layers.count - 1].outputs),
      normalized: rows(statistics == nil ? 0 : layers[0].inputs), hidden: rows(layers[0].outputs),
      thetas: rows(layout.count))
    // Lanes without a θ divide too.
    if let statistics {
      for index in statistics.deviations.lowerBound * laneCount..<statistics.deviations.upperBound
        * laneCount
      { lanes.thetas[index] = 1 }
    }
    return lanes
  }

  /// Takes up a θ for each lane; those beyond `thetas` are left as they are.
  func use(_ thetas: [[Float]], in scratch: inout Lanes) {
    for (lane, theta) in thetas.enumerated() {
      for index in 0..<layout.count {
        scratch.thetas[index * scratch.laneCount + lane] = theta[index]
      }
    }
  }

  /// Sets the actions from the observations, as ``act(theta:in:)`` does in each lane.
  func act(in scratch: inout Lanes) {
    if let statistics { normalize(by: statistics, in: &scratch) }
    let input = statistics == nil ? scratch.observations : scratch.normalized
    switch architecture {
    case .linear:
      apply(
        layers[0], scratch.thetas, scratch.laneCount, input: input, output: &scratch.actions)
    case .mlp:
      apply(
        layers[0], scratch.thetas, scratch.laneCount, input: input, output: &scratch.hidden)
      for index in scratch.hidden.indices { scratch.hidden[index] = max(scratch.hidden[index], 0) }
      apply(
        layers[1], scratch.thetas, scratch.laneCount, input: scratch.hidden,
        output: &scratch.actions)
    }
  }

  private func normalize(by statistics: Statistics, in scratch: inout Lanes) {
    let (numbers, parameters) = (scratch.observations, scratch.thetas)
    let (observations, thetas) = (numbers.span, parameters.span)
    let means = thetas.extracting(
      statistics.means.lowerBound * scratch.laneCount..<statistics.means.upperBound
        * scratch.laneCount)
    let deviations = thetas.extracting(
      statistics.deviations.lowerBound * scratch.laneCount..<statistics.deviations.upperBound
        * scratch.laneCount)
    var normalized = scratch.normalized.mutableSpan
    for index in observations.indices {
      normalized[index] = (observations[index] - means[index]) / deviations[index]
    }
  }

  private func apply(
    _ layer: Layer, _ thetas: [Float], _ laneCount: Int, input: [Float], output: inout [Float]
  ) {
    input.withUnsafeBufferPointer { input in
      thetas.withUnsafeBufferPointer { thetas in
        output.withUnsafeMutableBufferPointer { output in
          guard let input = input.baseAddress, let output = output.baseAddress,
            let weights = thetas.baseAddress.map({ $0 + layer.weights.lowerBound * laneCount })
          else { return }
          for lane in stride(from: 0, to: laneCount, by: 8) {
            ckernels_matrix_vectors_8(
              input + lane, weights + lane, laneCount, layer.inputs, layer.outputs,
              layer.roundedOutputs, output + lane)
          }
        }
      }
    }
    guard let biases = layer.biases else { return }
    for (index, bias) in biases.enumerated() {
      for lane in 0..<laneCount {
        output[index * laneCount + lane] += thetas[bias * laneCount + lane]
      }
    }
  }
}
