import Parameters

extension LearnedOptimizerTask {
  /// Bytes that training takes, roughly and not less, the images left out.
  ///
  /// - Parameters:
  ///   - particles: Particles, of which each has at most two states and a direction.
  ///   - threads: Threads, of which each runs the network on a batch.
  ///   - keptSteps: Steps whose states a thread keeps for reverse mode.
  public func memory(particles: Int, threads: Int, keptSteps: Int) -> Double {
    let network = problem.network
    // Outputs and their tangents, slopes, adjoints and theirs.
    let rows =
      network.layers.reduce(0.0) { $0 + 3 * Double($1.outputRows) }
      + 4 * Double(network.layers.map { max($0.inputRows, $0.outputRows) }.max() ?? 0)
    let kept = Double(keptSteps) * Double(problem.valueCount + network.layout.count)
    let states = 3 * Double(particles) * Double(problem.valueCount + layout.count)
    return 4 * (states + Double(threads) * (rows * Double(problem.columns) + kept))
  }
}
