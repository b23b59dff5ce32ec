import Estimators
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// What particles carry on learned optimizers, after the burn-in and after three windows, against the
/// reference.
struct LearnedOptimizerStateGoldenTests {
  private typealias Task = TracedTask<LearnedOptimizerTask>

  /// The runs whose losses are known step by step.
  static let traced = [
    "lopt_LearnableAdam_NRES", "lopt_TruncatedPESK_K10", "lopt_TruncatedPESK_K11",
    "lopt_TruncatedPESK_K2", "lopt_cnn_NRES", "lopt_no_single_sequence_NRES", "lopt_opt_sgdm",
  ]

  @Test(arguments: traced)
  func everyLoss(_ name: String) throws {
    let golden = try GoldenInnerStates(name)
    let workers = try golden.run(of: PersistentBlock<Task>.self)[1]
    for (side, states) in [
      ("pos_loss", workers.flatMap { Array($0.motion.positives) }),
      ("neg_loss", workers.flatMap { Array($0.motion.negatives) }),
    ] {
      try golden.compareLosses(states.map { $0.steps.map(\.loss) }, side)
    }
  }

  @Test func persistent() throws {
    let golden = try GoldenInnerStates("lopt_TruncatedPESK_K11")
    for (window, workers) in zip([0, 3], try golden.run(of: PersistentBlock<Task>.self)) {
      let pairs = workers.map(\.motion)
      try golden.compare(
        pairs.flatMap { $0.positives.map(\.base) }, "state\(window)/pos_unroll_states")
      try golden.compare(
        pairs.flatMap { $0.negatives.map(\.base) }, "state\(window)/neg_unroll_states")
      // Plain draws, of which one is in use at a time.
      for (name, noises) in [
        ("current_epsilons", workers.flatMap(\.noise.noises)),
        ("accumulated_epsilons", workers.flatMap(\.noise.accumulated)),
      ] {
        #expect(try noises == golden.thetaRows("state\(window)/\(name)"), "\(name) \(window)")
      }
    }
  }

  @Test func truncatedES() throws {
    let golden = try GoldenInnerStates("lopt_TruncatedESBiased")
    for (window, workers) in zip([0, 3], try golden.run(of: UnperturbedBlock<Task>.self)) {
      try golden.compare(
        workers.flatMap { $0.states.map(\.base) }, "state\(window)/current_unroll_states")
    }
  }

  @Test func truncatedBackpropagation() throws {
    let golden = try GoldenInnerStates("lopt_TruncatedBPTT")
    let ends = try golden.run(of: TruncatedBackpropagationBlock<LearnedOptimizerTask>.self)
    for (window, blocks) in zip([0, 3], ends) {
      try golden.compare(blocks.flatMap(\.states), "state\(window)/current_unroll_states")
    }
  }

  @Test func directional() throws {
    let golden = try GoldenInnerStates("lopt_TruncatedForwardModeK_K11")
    let ends = try golden.run(of: DirectionalBlock<LearnedOptimizerTask>.self)
    for (window, blocks) in zip([0, 3], ends) {
      try golden.compare(blocks.flatMap(\.motion.states), "state\(window)/unroll_states")
      try golden.compareValues(
        blocks.flatMap(\.motion.tangents), "state\(window)/float_state_jvp_wepsilon",
        tolerance: GoldenInnerStates.derivativeTolerance)
      for (name, rows) in [
        ("current_epsilons", blocks.flatMap { $0.noise.noises.flatMap { $0 } }),
        ("accumulated_epsilons", blocks.flatMap { $0.noise.accumulated.flatMap { $0 } }),
      ] {
        let expected = try golden.thetaRows("state\(window)/\(name)").flatMap { $0 }
        #expect(rows == expected, "\(name) \(window)")
      }
    }
  }

  @Test func rankOne() throws {
    let golden = try GoldenInnerStates("lopt_UORO")
    let ends = try golden.run(of: RankOneBlock<LearnedOptimizerTask>.self)
    for (window, blocks) in zip([0, 3], ends) {
      try golden.compare(blocks.flatMap(\.states), "state\(window)/unroll_states")
      try golden.compareValues(
        blocks.flatMap(\.estimate.state), "state\(window)/float_state_tilde",
        tolerance: GoldenInnerStates.derivativeTolerance)
      let found = blocks.flatMap(\.estimate.theta)
      for (particle, expected) in try golden.thetaRows("state\(window)/theta_tilde").enumerated() {
        let row = Array(found[particle * expected.count..<(particle + 1) * expected.count])
        let isClose =
          row == expected
          || relativeDistance(row, expected) < GoldenInnerStates.derivativeTolerance
        #expect(isClose, "θ̃ of particle \(particle), window \(window)")
      }
    }
  }
}

/// A golden run whose carried states are compared.
private struct GoldenInnerStates {
  private let run: GoldenRun
  private let task: LearnedOptimizerTask
  private var particleCount: Int { run.flags.particleCount }

  /// Derivatives along trajectories, relative to their norm: as the gradients'.
  static let derivativeTolerance = 1e-5
  /// Parameters and momenta, relative to their norm: what rounding in another order leaves after the
  /// burn-in's steps.
  static let stateTolerance = 1e-6

  init(_ name: String) throws {
    run = try GoldenRun(name)
    task = try run.flags.learnedOptimizerTask()
  }

  private func theta(_ iteration: Int) throws -> [Float] {
    try run.vector("theta", iteration, layout: task.layout)
  }

  /// The blocks of an estimator after the start, and after all windows.
  func run<Block: EstimatorBlock>(of _: Block.Type) throws -> [[Block]]
  where Block.Task == TracedTask<LearnedOptimizerTask> { try run(TracedTask(task)) }

  /// The same of one that differentiates.
  func run<Block: EstimatorBlock>(of _: Block.Type) throws -> [[Block]]
  where Block.Task == LearnedOptimizerTask { try run(task) }

  private func run<Block: EstimatorBlock>(_ task: Block.Task) throws -> [[Block]] {
    let estimator = try BlockRuntime<Block>(
      EstimatorSetup(
        task, settings: run.settings, theta: theta(0), key: run.startKey,
        pool: WorkerPool(threadCount: 2)))
    return try ends(estimator) { estimator.blocks }
  }

  private func ends<Value>(
    _ estimator: some GradientEstimator, _ value: () -> Value
  ) throws -> [Value] {
    let start = value()
    for (index, key) in run.windowKeys.enumerated() {
      _ = try estimator.estimate(theta: theta(index), key: key)
    }
    return [start, value()]
  }

  /// Counters exactly; parameters and momenta as close as rounding allows.
  func compare(_ states: [LearnedOptimizerTask.State], _ name: String) throws {
    let tensors = task.problem.network.layout.leaves.count
    let counts = (2 * tensors..<2 * tensors + 3).map { "\(name).leaf\($0)" }
    #expect(states.count == particleCount)
    let momentumCounts = states.flatMap { Array(repeating: $0.updates, count: 6) }
    #expect(try momentumCounts == run.golden.integers(counts[0]), "\(name)")
    #expect(try states.map(\.updates) == run.golden.integers(counts[1]), "\(name)")
    #expect(try states.map(\.step) == run.golden.integers(counts[2]), "\(name)")
    try compareValues(states.flatMap(\.values), name, tolerance: Self.stateTolerance)
  }

  /// Rows of state values of each particle: parameters, then six rows of momenta.
  func compareValues(_ rows: [Float], _ name: String, tolerance: Double) throws {
    let layout = task.problem.network.layout
    let width = rows.count / particleCount
    #expect(width == 7 * layout.count)
    for leaf in 0..<2 * layout.leaves.count {
      let tensor = leaf % layout.leaves.count
      let (count, offset) = (layout.leaves[tensor].count, layout.offsets[tensor])
      // The reference has a parameter's momenta side by side.
      let slots = leaf == tensor ? [0] : Array(1...6)
      let expected = try run.golden.floats("\(name).leaf\(leaf)")
      for particle in 0..<particleCount {
        let found = (0..<count).flatMap { index in
          slots.map { rows[particle * width + $0 * layout.count + offset + index] }
        }
        let value = Array(expected[particle * found.count..<(particle + 1) * found.count])
        let isClose = found == value || relativeDistance(found, value) < tolerance
        #expect(isClose, "\(name).leaf\(leaf), particle \(particle)")
      }
    }
  }

  /// The arrays `name.leaf0`, `name.leaf1`, … of each particle, one after the other.
  func thetaRows(_ name: String) throws -> [[Float]] {
    let leaves = try task.layout.leaves.indices.map { try run.golden.floats("\(name).leaf\($0)") }
    return (0..<particleCount).map { particle in
      leaves.flatMap { leaf in
        let count = leaf.count / particleCount
        return leaf[particle * count..<(particle + 1) * count]
      }
    }
  }

  /// The losses of all steps since the start, burn-in first; the golden arrays are step by step. Each
  /// is a mean of logarithms near 2.3, good to a few ulp of 2.4e-7.
  func compareLosses(_ losses: [[Float]], _ side: String) throws {
    let expected = try ["burn_in_\(side)", "step_\(side)"].flatMap { try run.golden.floats($0) }
    #expect(losses.count * losses[0].count == expected.count)
    for step in losses[0].indices {
      for particle in losses.indices {
        let difference = losses[particle][step] - expected[step * losses.count + particle]
        #expect(abs(difference) < 1e-6, "\(side) of particle \(particle) at step \(step)")
      }
    }
  }
}
