import Estimators
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// What particles carry on Lorenz, after the burn-in and after each window, against the reference.
struct LorenzStateTests {
  private typealias Task = TracedTask<Lorenz>

  @Test(arguments: [
    "lorenz_TruncatedPESK_K10", "lorenz_TruncatedPESK_K20", "lorenz_TruncatedPESK_K40",
    "lorenz_TruncatedPESK_K41",
  ])
  func persistent(_ name: String) throws {
    let golden = try GoldenStates(name)
    try golden.forEachWindow(of: PersistentBlock<Task>.self) { window, workers in
      try golden.comparePairs(workers.map(\.motion), window: window)
      try golden.compareNoise(workers.flatMap(\.noise.noises), "state\(window)/current_epsilons")
      try golden.compareSums(
        workers.flatMap(\.noise.accumulated), "state\(window)/accumulated_epsilons")
      if window == 3 {
        try golden.compareLosses(workers.flatMap { $0.motion.positives.map(\.steps) }, "pos_loss")
        try golden.compareLosses(workers.flatMap { $0.motion.negatives.map(\.steps) }, "neg_loss")
      }
    }
  }

  @Test func noiseReuse() throws {
    let golden = try GoldenStates("lorenz_TruncatedNRES")
    try golden.forEachWindow(of: NoiseReuseBlock<Task>.self) { window, workers in
      try golden.comparePairs(workers.map(\.motion), window: window)
      try golden.compareNoise(workers.flatMap(\.noise.noises), "state\(window)/epsilons")
    }
  }

  @Test func noiseReuseWithHistory() throws {
    let golden = try GoldenStates("lorenz_TruncatedNRESHistory")
    try golden.forEachWindow(of: NoiseReuseHistoryBlock<Task>.self) { window, workers in
      try golden.comparePairs(workers.map(\.block.motion), window: window)
      try golden.compareNoise(workers.flatMap(\.block.noise.noises), "state\(window)/epsilons")
      let positive = workers.flatMap { $0.histories[0] }
      let negative = workers.flatMap { $0.histories[1] }
      try golden.compareLosses(positive, "state\(window)/pos_loss_history.leaf0")
      try golden.compareLosses(negative, "state\(window)/neg_loss_history.leaf0")
    }
  }

  @Test func truncatedES() throws {
    let golden = try GoldenStates("lorenz_TruncatedESBiased")
    try golden.forEachWindow(of: UnperturbedBlock<Task>.self) { window, workers in
      try golden.compare(
        workers.flatMap { $0.states.map(\.base) }, "state\(window)/current_unroll_states")
    }
  }
}

/// A golden run whose carried states are compared.
private struct GoldenStates {
  private let run: GoldenRun
  private let task: TracedTask<Lorenz>

  init(_ name: String) throws {
    run = try GoldenRun(name)
    task = TracedTask(Lorenz(horizon: run.flags.horizonLength))
  }

  /// Runs the start (window 0) and the windows, and shows the workers after each.
  func forEachWindow<Worker: EstimatorBlock>(
    of _: Worker.Type, _ body: (_ window: Int, _ workers: [Worker]) throws -> Void
  ) throws where Worker.Task == TracedTask<Lorenz> {
    let estimator = try BlockRuntime<Worker>(
      EstimatorSetup(
        task, settings: run.settings, theta: run.vector("theta", 0, layout: task.layout),
        key: run.startKey, pool: WorkerPool(threadCount: 2)))
    try body(0, estimator.blocks)
    for (index, key) in run.windowKeys.enumerated() {
      _ = try estimator.estimate(
        theta: run.vector("theta", index, layout: task.layout), key: key)
      try body(index + 1, estimator.blocks)
    }
  }

  func comparePairs(_ pairs: [AntitheticPairs<TracedTask<Lorenz>>], window: Int) throws {
    try compare(pairs.flatMap { $0.positives.map(\.base) }, "state\(window)/pos_unroll_states")
    try compare(pairs.flatMap { $0.negatives.map(\.base) }, "state\(window)/neg_unroll_states")
  }

  /// Steps exactly; positions to 8 ulp: XLA fuses products and sums, which leaves up to 4 after
  /// 40 steps.
  func compare(_ states: [DynamicalState], _ name: String) throws {
    #expect(try states.map(\.step) == run.golden.integers("\(name).leaf6"))
    for leaf in 0..<6 {
      let expected = try run.golden.floats("\(name).leaf\(leaf)")
      #expect(expected.count == states.count)
      for (state, value) in zip(states, expected) {
        let found = state.values[leaf]
        #expect(abs(found - value) <= 8 * value.ulp, "\(name).leaf\(leaf)")
      }
    }
  }

  /// ε is a plain draw, equal to the last bit; only the zero of a finished episode has a sign there.
  func compareNoise(_ noise: [[Float]], _ name: String) throws {
    for leaf in task.layout.leaves.indices {
      let expected = try run.golden.floats("\(name).leaf\(leaf)")
      #expect(noise.map { $0[leaf] } == expected, "\(name)")
    }
  }

  /// A is a sum of up to four draws below 0.25: each addition rounds by at most 2⁻²⁷ here, and
  /// there too, where the draw's own product is fused into it.
  func compareSums(_ sums: [[Float]], _ name: String) throws {
    for leaf in task.layout.leaves.indices {
      let expected = try run.golden.floats("\(name).leaf\(leaf)")
      #expect(expected.count == sums.count)
      for (sum, value) in zip(sums, expected) {
        #expect(abs(sum[leaf] - value) <= 0x1p-24, "\(name).leaf\(leaf)")
      }
    }
  }

  /// The losses of all steps since the start, burn-in first; the golden arrays are step by step.
  func compareLosses(_ steps: [[TracedTask<Lorenz>.Step]], _ side: String) throws {
    let expected = try ["burn_in_\(side)", "step_\(side)"].flatMap { try run.golden.floats($0) }
    let losses = steps[0].indices.flatMap { step in steps.map { $0[step].loss } }
    try compare(losses, expected, side)
  }

  func compareLosses(_ losses: [Float], _ name: String) throws {
    try compare(losses, run.golden.floats(name), name)
  }

  /// The positions' few ulp count relative to the difference z − z_true, which is smaller than z.
  private func compare(_ losses: [Float], _ expected: [Float], _ name: String) throws {
    #expect(losses.count == expected.count)
    for (loss, value) in zip(losses, expected) {
      #expect(abs(loss - value) <= 2e-5 * value, "\(name)")
    }
  }
}
