import Envs
import Estimators
import Foundation
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls

/// Estimators on MuJoCo against the reference's numbers, three windows each.
///
/// On MuJoCo 2.2.2 every loss and state is the reference's to the last bit, episodes of 1000
/// chaotic steps included, because θ of each window is given and ε and the policy's product are
/// exact; so are most gradients. Other versions part within long episodes; short ones agree in every
/// loss there too (2.3.7, 3.2.0 and 3.17.0).
struct ControlGoldenTests {
  static var isExact: Bool { MuJoCo.version == "2.2.2" }

  /// Distance of the gradients that are not equal: measured up to 7e-7, where means of losses
  /// largely cancel out.
  static let tolerance = 2e-6

  @Test("every golden file has its test")
  func complete() throws {
    let folder = Golden.folder.appending(path: "estimators").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(
      files.filter { $0.hasPrefix("rl_") }.sorted()
        == ControlRun.names.map { "\($0).json" }.sorted())
  }

  static let comparable = ControlRun.names.filter {
    isExact || $0.contains("T20_") || $0.contains("T40_")
  }

  @Test(arguments: comparable)
  func followsTheReference(_ name: String) throws {
    let run = try ControlRun(name)
    let estimator = try run.makeEstimator()
    var steps = [estimator.environmentSteps]
    var carried = Carried(estimator)
    try expectCarried(carried, run, iteration: 0)
    for (index, key) in run.run.windowKeys.enumerated() {
      #expect(try [key.word0, key.word1] == run.golden.words("key\(index + 1)"))
      let estimate = try estimator.estimate(theta: run.theta(index), key: key)
      try expectEstimate(estimate, run, iteration: index + 1)
      carried = Carried(estimator)
      try expectCarried(carried, run, iteration: index + 1)
      steps.append(estimator.environmentSteps)
    }
    try expectLosses(carried, run)
    #expect(try steps == run.golden.integers("total_env_steps"))
  }

  private func expectEstimate(
    _ estimate: GradientEstimate, _ run: ControlRun, iteration: Int
  ) throws {
    let gradient = try run.run.vector("grad", iteration, layout: run.task.layout)
    if run.hasEqualGradients {
      #expect(estimate.gradient == gradient, "gradient \(iteration)")
    } else {
      #expect(
        relativeDistance(estimate.gradient, gradient) < Self.tolerance, "gradient \(iteration)")
    }
    // Mean losses are near 0: what cancels is of the size of 1.
    let loss = try run.golden.floats("mean_loss\(iteration)")[0]
    #expect(abs(estimate.meanLoss - loss) < 1e-7, "mean loss \(iteration)")
    let deviation = try? run.golden.floats("loss_std\(iteration)")[0]
    #expect((deviation == nil) == (estimate.lossDeviation == nil))
    if let deviation, let own = estimate.lossDeviation {
      #expect(abs(own - deviation) < 1e-6 * deviation, "deviation \(iteration)")
    }
  }

  private func expectCarried(_ carried: Carried, _ run: ControlRun, iteration: Int) throws {
    let recorded = run.golden.names.filter { $0.hasPrefix("state\(iteration)/") }
    #expect(carried.states.count * 2 + carried.noises.count == recorded.count)
    for (name, states) in carried.states {
      let path = "state\(iteration)/\(name)"
      #expect(try states.map(\.base.step) == run.golden.integers("\(path).inner_step"), "\(path)")
      let distance = try zip(observations(states, run), run.golden.doubles("\(path).obs"))
        .map { abs($0 - $1) }.max()
      #expect(distance ?? 1 <= tolerance(of: run, iteration), "\(path).obs")
    }
    for (name, noise) in carried.noises {
      let path = "state\(iteration)/\(name).leaf0"
      #expect(try noise == run.golden.floats(path), "\(path)")
    }
  }

  /// TES advances its own state with a θ that all particles share. The reference compiles that
  /// product apart, and for two outputs rounds it otherwise: 1 in the last of 24 bits of an action
  /// grows to 2.4e-8 within 100 steps. At θ₀ = 0 there is nothing to round.
  ///
  /// Other versions of MuJoCo stay within 8e-13 of 2.2.2 for 20 to 40 steps.
  private func tolerance(of run: ControlRun, _ iteration: Int) -> Double {
    guard Self.isExact else { return 1e-11 }
    return run.run.flags.estimator == "TruncatedESBiased" && iteration > 1 ? 1e-7 : 0
  }

  private func observations(_ states: [Carried.State], _ run: ControlRun) -> [Double] {
    let simulator = run.task.simulator
    var observation = [Double](repeating: 0, count: simulator.spec.observationCount)
    return states.flatMap { state in
      simulator.observe(state.base, into: &observation)
      return observation
    }
  }

  /// Expects each loss of each step, the burn-in's first, to be the reference's.
  private func expectLosses(_ carried: Carried, _ run: ControlRun) throws {
    for side in ["pos", "neg"] where run.golden.names.contains("step_\(side)_loss") {
      let states = try #require(carried.states["\(side)_unroll_states"])
      // A burn-in that was left out is an empty array of another type.
      let burnIn = (try? run.golden.floats("burn_in_\(side)_loss")) ?? []
      let losses = try burnIn + run.golden.floats("step_\(side)_loss")
      // The reference's rows are steps.
      let own = states[0].steps.indices.flatMap { step in states.map { $0.steps[step].loss } }
      #expect(own == losses, "\(side)")
    }
  }
}
