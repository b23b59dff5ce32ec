import Estimators
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// What particles of the estimators that differentiate carry on Lorenz, after the burn-in and after
/// each window, against the reference.
struct DerivativeStateTests {
  @Test func truncatedBackpropagation() throws {
    let golden = try GoldenDerivatives("lorenz_TruncatedBPTT")
    try golden.forEachWindow(of: TruncatedBackpropagationBlock<Lorenz>.self) { window, block in
      try golden.compare(block.states, "state\(window)/current_unroll_states")
    }
  }

  @Test(arguments: ["lorenz_TruncatedForwardModeK_K41", "lorenz_FullDirectionalGradient"])
  func directional(_ name: String) throws {
    let golden = try GoldenDerivatives(name)
    try golden.forEachWindow(of: DirectionalBlock<Lorenz>.self) { window, block in
      try golden.compare(block.motion, window: window)
      try golden.compareExactly(
        block.noise.noises.flatMap { $0 }, "state\(window)/current_epsilons")
      try golden.compareExactly(
        block.noise.accumulated.flatMap { $0 }, "state\(window)/accumulated_epsilons")
    }
  }

  @Test func oneDirectionAnEpisode() throws {
    let golden = try GoldenDerivatives("lorenz_TruncatedForwardModeSharedNoise")
    try golden.forEachWindow(of: EpisodeDirectionBlock<Lorenz>.self) { window, block in
      try golden.compare(block.motion, window: window)
      try golden.compareExactly(block.noise.noises.flatMap { $0 }, "state\(window)/epsilons")
    }
  }

  @Test(arguments: ["lorenz_UORO", "lorenz_FullUORO"])
  func rankOne(_ name: String) throws {
    let golden = try GoldenDerivatives(name)
    try golden.forEachWindow(of: RankOneBlock<Lorenz>.self) { window, block in
      try golden.compare(block.states, "state\(window)/unroll_states")
      try golden.compareVectors(block.estimate.state, "state\(window)/float_state_tilde")
      try golden.compareVectors(block.estimate.theta, "state\(window)/theta_tilde")
    }
  }
}

/// A golden run whose carried states are compared. Its four particles are one block.
private struct GoldenDerivatives {
  private let run: GoldenRun
  private let name: String
  private let task: Lorenz

  init(_ name: String) throws {
    self.name = name
    run = try GoldenRun(name)
    task = Lorenz(horizon: run.flags.horizonLength)
  }

  /// Runs the start (window 0) and the windows, and shows the block after each.
  func forEachWindow<Block: EstimatorBlock>(
    of _: Block.Type, _ body: (_ window: Int, _ block: Block) throws -> Void
  ) throws where Block.Task == Lorenz {
    let estimator = try #require(
      try EstimatorCatalogue.named(run.flags.estimator).make(
        task, settings: run.settings, theta: run.vector("theta", 0, layout: task.layout),
        key: run.startKey, pool: WorkerPool(threadCount: 1)) as? BlockRuntime<Block>)
    try body(0, estimator.blocks[0])
    for (index, key) in run.windowKeys.enumerated() {
      _ = try estimator.estimate(
        theta: run.vector("theta", index, layout: task.layout), key: key)
      #expect(estimator.blocks.count == 1)
      try body(index + 1, estimator.blocks[0])
    }
  }

  /// Steps exactly; positions to 8 ulp: XLA fuses products and sums, which leaves up to 4 after
  /// 40 steps.
  func compare(_ states: [DynamicalState], _ name: String) throws {
    #expect(try states.map(\.step) == run.golden.integers("\(name).leaf6"))
    for leaf in 0..<6 {
      let expected = try run.golden.floats("\(name).leaf\(leaf)")
      #expect(expected.count == states.count)
      for (state, value) in zip(states, expected) {
        #expect(abs(state.values[leaf] - value) <= 8 * value.ulp, "\(name).leaf\(leaf)")
      }
    }
  }

  func compare(_ motion: DirectionalMotion<Lorenz>, window: Int) throws {
    try compare(motion.states, "state\(window)/unroll_states")
    try compareVectors(motion.tangents, "state\(window)/float_state_jvp_wepsilon")
  }

  /// Directions are plain draws, equal to the last bit; only the zero of a finished episode has a
  /// sign there.
  func compareExactly(_ rows: [Float], _ name: String) throws {
    #expect(try rows == expected(name, width: task.layout.count), "\(name)")
  }

  /// Derivatives grow along the trajectory and carry its few ulp: each particle's row to 2e-5 of
  /// its norm.
  func compareVectors(_ rows: [Float], _ name: String) throws {
    let width = rows.count / run.flags.particleCount
    let expected = try expected(name, width: width)
    for start in stride(from: 0, to: rows.count, by: width) {
      let row = Array(rows[start..<start + width])
      let value = Array(expected[start..<start + width])
      #expect(row == value || relativeDistance(row, value) < 2e-5, "\(name) \(start / width)")
    }
  }

  /// The arrays `name.leaf0`, `name.leaf1`, … of one number a particle, as rows.
  private func expected(_ name: String, width: Int) throws -> [Float] {
    let leaves = try (0..<width).map { try run.golden.floats("\(name).leaf\($0)") }
    return (0..<run.flags.particleCount).flatMap { particle in leaves.map { $0[particle] } }
  }
}
