import Estimators
import Parameters
import Randomness
import TestSupport
import Testing
import Unrolls
import Workers

/// What particles carry on Lorenz, after the burn-in and after each window, against the reference.
struct LorenzStateTests {
  private typealias Task = TracedTask<LorenzTask>

  @Test(arguments: [
    "lorenz_TruncatedPESK_K10", "lorenz_TruncatedPESK_K20", "lorenz_TruncatedPESK_K40",
    "lorenz_TruncatedPESK_K41",
  ])
  func persistent(_ name: String) throws {
    let golden = try GoldenStates(name)
    try golden.forEachWindow(of: PersistentWorker<Task>.self) { window, workers in
      try golden.comparePairs(workers.map(\.pair), window: window)
      try golden.compareNoise(workers.map(\.noise), "state\(window)/current_epsilons")
      try golden.compareSums(workers.map(\.accumulated), "state\(window)/accumulated_epsilons")
      if window == 3 {
        try golden.compareLosses(workers.map(\.pair.positive.steps), "pos_loss")
        try golden.compareLosses(workers.map(\.pair.negative.steps), "neg_loss")
      }
    }
  }

  @Test func noiseReuse() throws {
    let golden = try GoldenStates("lorenz_TruncatedNRES")
    try golden.forEachWindow(of: NoiseReuseWorker<Task>.self) { window, workers in
      try golden.comparePairs(workers.map(\.pair), window: window)
      try golden.compareNoise(workers.map(\.noise), "state\(window)/epsilons")
    }
  }

  @Test func noiseReuseWithHistory() throws {
    let golden = try GoldenStates("lorenz_TruncatedNRESHistory")
    try golden.forEachWindow(of: NoiseReuseHistoryWorker<Task>.self) { window, workers in
      try golden.comparePairs(workers.map(\.worker.pair), window: window)
      try golden.compareNoise(workers.map(\.worker.noise), "state\(window)/epsilons")
      let positive = workers.flatMap(\.positiveHistory)
      let negative = workers.flatMap(\.negativeHistory)
      try golden.compareLosses(positive, "state\(window)/pos_loss_history.leaf0")
      try golden.compareLosses(negative, "state\(window)/neg_loss_history.leaf0")
    }
  }

  @Test func truncatedES() throws {
    let golden = try GoldenStates("lorenz_TruncatedESBiased")
    try golden.forEachWindow(of: TruncatedESWorker<Task>.self) { window, workers in
      try golden.compare(
        workers.map(\.state.base), "state\(window)/current_unroll_states")
    }
  }
}

/// A golden run whose carried states are compared.
private struct GoldenStates {
  private let run: GoldenRun
  private let task: TracedTask<LorenzTask>

  init(_ name: String) throws {
    run = try GoldenRun(name)
    task = TracedTask(LorenzTask(horizon: run.flags.horizonLength))
  }

  /// Runs the start (window 0) and the windows, and shows the workers after each.
  func forEachWindow<Worker: GradientWorker>(
    of _: Worker.Type, _ body: (_ window: Int, _ workers: [Worker]) throws -> Void
  ) throws where Worker.Task == TracedTask<LorenzTask> {
    let estimator = try ParticleEstimator<Worker>(
      task, settings: run.settings, isStepUnlocked: true,
      theta: run.vector("theta", 0, layout: task.layout), key: run.startKey,
      pool: WorkerPool(laneCount: 2))
    try body(0, estimator.workers)
    for (index, key) in run.windowKeys.enumerated() {
      _ = try estimator.estimate(
        theta: run.vector("theta", index, layout: task.layout), key: key)
      try body(index + 1, estimator.workers)
    }
  }

  func comparePairs(_ pairs: [AntitheticPair<TracedTask<LorenzTask>>], window: Int) throws {
    try compare(pairs.map(\.positive.base), "state\(window)/pos_unroll_states")
    try compare(pairs.map(\.negative.base), "state\(window)/neg_unroll_states")
  }

  /// Steps exactly; positions to 8 ulp: XLA fuses products and sums, which leaves up to 4 after
  /// 40 steps.
  func compare(_ states: [LorenzTask.State], _ name: String) throws {
    #expect(try states.map(\.step) == run.golden.integers("\(name).leaf6"))
    let coordinates: [KeyPath<LorenzTask.State, Float>] = [
      \.point.x, \.point.y, \.point.z, \.truth.x, \.truth.y, \.truth.z,
    ]
    for (leaf, coordinate) in coordinates.enumerated() {
      let expected = try run.golden.floats("\(name).leaf\(leaf)")
      #expect(expected.count == states.count)
      for (state, value) in zip(states, expected) {
        let found = state[keyPath: coordinate]
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
  func compareLosses(_ steps: [[TracedTask<LorenzTask>.Step]], _ side: String) throws {
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
