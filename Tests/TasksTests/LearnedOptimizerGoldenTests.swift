import Datasets
import Parameters
import Randomness
import TestSupport
import Testing
import Unrolls
import Workers

@testable import Tasks

/// Steps and evaluations of learned optimizers against the reference's.
struct LearnedOptimizerGoldenTests {
  private static let golden = Result { try Golden("eval/lopt_eval") }
  private let golden: Golden

  init() throws { golden = try Self.golden.get() }

  private func task(singleSequenceSeed: UInt64? = 88) throws -> LearnedOptimizerTask {
    let task = try GoldenRun("lopt_TruncatedNRES").flags.learnedOptimizerTask()
    return LearnedOptimizerTask(task.problem, horizon: 10, singleSequenceSeed: singleSequenceSeed)
  }

  private func theta(_ task: LearnedOptimizerTask) throws -> [Float] {
    try flat("theta", layout: task.layout)
  }

  /// Arrays called `prefix['module']['w']`.
  private func flat(_ prefix: String, layout: ParameterLayout) throws -> [Float] {
    try layout.leaves.flatMap { try golden.floats(name(prefix, of: $0)) }
  }

  private func name(_ prefix: String, of leaf: ParameterLeaf) -> String {
    let cut = leaf.name.lastIndex(of: "/") ?? leaf.name.startIndex
    return "\(prefix)['\(leaf.name[..<cut])']['\(leaf.name[cut...].dropFirst())']"
  }

  @Test("three steps of an episode: batches, losses, gradients, parameters and momenta")
  func trajectory() throws {
    let task = try task()
    let theta = try theta(task)
    let layout = task.problem.network.layout
    let key = StepKey(shared: PRNGKey(seed: 0), particle: 0, particleCount: 1)
    var scratch = task.makeScratch()
    var state = task.start(theta: theta, key: PRNGKey(seed: 0), at: .beginning, in: &scratch)
    for step in 0..<3 {
      #expect(try state.step == golden.integers("traj_t\(step).iteration")[0])
      #expect(
        try Array(repeating: state.updates, count: 6)
          == golden.integers("traj_t\(step).rolling_features.t"))
      let parameters = Array(state.values[..<layout.count])
      try expectClose(
        parameters, flat("traj_t\(step).params", layout: layout), "parameters \(step)")
      let momenta = try layout.leaves.map {
        try golden.floats(name("traj_t\(step).rolling_features.m", of: $0))
      }
      for slot in 0..<6 {
        // The reference has a parameter's momenta side by side.
        let expected = momenta.flatMap { leaf in
          stride(from: slot, to: leaf.count, by: 6).map { leaf[$0] }
        }
        let found = Array(state.values[(1 + slot) * layout.count..<(2 + slot) * layout.count])
        expectClose(found, expected, "momentum \(slot) at \(step)")
      }

      let keys = task.keys.step(step, key)
      let split = task.problem.data.training
      let indices = task.keys.choice(8, from: split.count, key: keys.training)
      #expect(
        try indices.map { Int($0) } == golden.integers("traj_t\(step)_train_indices"))

      task.load(keys, into: scratch.training)
      let gradient = parameters.withNumbers {
        let gradient = scratch.training.innerGradient(of: Signal($0)).values
        return (0..<layout.count).map { gradient[$0] }
      }
      try expectClose(
        gradient, flat("traj_t\(step)_inner_grad", layout: layout), "gradient \(step)")

      let outcome = try task.advance(&state, theta: theta, key: key, in: &scratch)
      let outer = try golden.floats("traj_t\(step)_outer_loss")[0]
      // Losses near 2.3 are means of logarithms, good to two ulp.
      #expect(abs(outcome.loss - outer) <= 2 * outer.ulp, "outer loss \(step)")
    }
  }

  /// Sums of tens of products in another order.
  private func expectClose(_ found: [Float], _ expected: [Float], _ what: String) {
    let isClose = found == expected || relativeDistance(found, expected) < 1e-6
    #expect(isClose, "\(what)")
  }

  @Test(
    "evaluations, plain and under noise that is redrawn every other step",
    arguments: [UInt64?(88), nil], [false, true])
  func evaluations(_ seed: UInt64?, _ isSmoothed: Bool) throws {
    let task = try task(singleSequenceSeed: seed)
    let name = (seed.map { "seq\($0)" } ?? "seqNone") + (isSmoothed ? "_smooth_K2" : "_plain")
    let rows = try golden.floats("\(name)_losses")
    let expected = (0..<3).map { particle in
      (0..<10).reduce(0.0) { $0 + Double(rows[$1 * 3 + particle]) } / 10
    }
    let losses = try task.episodeLosses(
      theta: theta(task), key: PRNGKey(seed: 11), sigma: isSmoothed ? 0.01 : 0,
      noisePeriod: isSmoothed ? 2 : nil, particles: 3, pool: WorkerPool(threadCount: 2))
    for (loss, value) in zip(losses, expected) {
      #expect(abs(Double(loss) - value) < 1e-6, "\(name)")
    }
  }
}
