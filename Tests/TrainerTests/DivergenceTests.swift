import Estimators
import Foundation
import Records
import Settings
import TestSupport
import Testing
import Trainer
import Workers

/// Runs whose losses or θ's are not finite: they say so, and nothing takes them for good ones.
struct DivergenceTests {
  /// Iteration 2 has no loss, iteration 4 an infinite one; θ stays finite.
  static let lossless = FakeApplication { count in
    let loss: Float = count == 2 ? .nan : count == 4 ? .infinity : 1
    return GradientEstimate(gradient: [1, 0.5], meanLoss: loss)
  }

  static let six = RunSettings.quick.with { $0["outer-iterations"] = 6 }

  @Test("losses are logged as they came, and the result says from when on")
  func losses() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(
      Self.six.with { $0["reference-tags"] = true }, at: folder("run"),
      application: Self.lossless)
    for tag in ["mean_loss", "best_of_mean_loss", "Fake/mean_loss"] {
      let logged = try run.scalars(tag)
      #expect(logged.count == 6 && logged[2]?.isNaN == true && logged[4] == .infinity)
      #expect([1, 3, 5, 6].allSatisfy { logged[$0] == 1 })
    }
    let divergence = try #require(run.result.divergence)
    #expect(
      divergence.description
        == "diverged since iteration 2: the mean loss is nan; last found at iteration 4")
    #expect(run.result.lastIteration == 6 && !run.result.wasStopped)
    let finite = try FinishedRun(
      Self.six, at: folder("finite"), application: TrainingLoopTests.quiet)
    #expect(finite.result.divergence == nil && finite.result.divergedSteps == 0)
    #expect(try finite.scalars("diverged_env_steps").isEmpty)
  }

  @Test("asked to stop, it ends after the first such iteration with all that belongs to it")
  func stops() throws {
    let folder = try TemporaryFolder()
    let settings = Self.six.with {
      $0["on-nonfinite"] = "stop"
      $0["run-test-after-training"] = true
    }
    let run = try FinishedRun(settings, at: folder("run"), application: Self.lossless)
    #expect(run.result.lastIteration == 2 && run.result.wasStopped)
    #expect(
      run.result.divergence?.description == "diverged at iteration 2: the mean loss is nan")
    #expect(try run.trajectory() == [[1, -2], [0, -2.5], [-1, -3]])
    #expect(try run.scalars("test/score").keys.sorted() == [0, 1, 2])
    let error = #expect(throws: SettingsError.self) {
      try TrainingPlan(Self.six.with { $0["on-nonfinite"] = "abort" })
    }
    #expect(error?.description == "--on-nonfinite is 'abort': choose from continue, stop")
  }

  @Test("said once, at the iteration where it begins")
  func reports() throws {
    let folder = try TemporaryFolder()
    var reports: [Int: Divergence] = [:]
    _ = try TrainingLoop(
      TrainingPlan(Self.six), application: Self.lossless,
      folder: RunFolder.create(at: folder("run")), pool: WorkerPool(threadCount: 1),
      report: { if let found = $0.divergence { reports[$0.iteration] = found } }
    ).run()
    #expect(reports.keys.sorted() == [2])
  }

  @Test(
    "a θ that is not finite is evaluated as that, and the others all the same",
    arguments: ["run-test-during-training", "run-test-after-training"])
  func theta(flag: String) throws {
    let folder = try TemporaryFolder()
    // Steps of 2e38: the second leads beyond what a float32 holds.
    let application = FakeApplication { count in
      GradientEstimate(gradient: [count < 3 ? 2e38 : 0, 0], meanLoss: 0)
    }
    let settings = Self.six.with {
      $0[flag] = true
      $0["outer-iterations"] = 4
    }
    let run = try FinishedRun(settings, at: folder("run"), application: application)
    let scores = try run.scalars("test/score")
    #expect(scores.keys.sorted() == [0, 1, 2, 3, 4])
    #expect((0...4).map { scores[$0]?.isFinite } == [true, true, false, false, false])
    #expect(
      run.result.divergence?.description
        == "diverged since iteration 2: θ is not finite; last found at iteration 4")
  }

  /// Swimmer, whose first update leads to a θ that is finite and that no simulation can follow.
  static let swimmer = RunSettings.quick.with {
    $0["on-divergence"] = "reset"
    $0["outer-optimizer-specs"] = "SGD||CONSTANT1e30"
    $0["run-test-during-training"] = true
    $0["outer-iterations"] = 5
  }

  /// Lorenz, whose first update leads to a θ that is not finite.
  static let lorenz = RunSettings.lorenz.with {
    $0["outer-optimizer-specs"] = "SGD||CONSTANT1e38"
    $0["run-test-during-training"] = true
    $0["outer-iterations"] = 5
  }

  @Test(
    "a θ that explodes is never the best, and can be evaluated",
    arguments: [
      (swimmer, "test/unperturbed_test_reward"), (lorenz, "test/unperturbed_meta_test_loss"),
    ])
  func best(settings: RunSettings, headline: String) throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(settings, at: folder("run"))
    let rewards = try run.scalars(headline)
    #expect(rewards[0]?.isFinite == true && (1...5).allSatisfy { rewards[$0]?.isNaN == true })
    #expect(run.result.divergence?.iteration == 1 && run.result.divergence?.last == 5)
    let saved = try SavedRun(path: run.folder.path)
    #expect(try saved.iterations(matching: .one("best")) == [0])
    for (iteration, keys) in zip(0...5, saved.keys(at: Array(0...5))) {
      let reward = try saved.evaluate(iteration, keys: keys)[0].value
      #expect(reward == rewards[iteration] || reward.isNaN && iteration > 0)
    }
  }

  @Test("steps that diverge are counted from the first on, by any number of threads")
  func steps() throws {
    let folder = try TemporaryFolder()
    let runs = try [1, 2, 9].map {
      try FinishedRun(Self.swimmer, at: folder("run\($0)"), threads: $0)
    }
    let steps = try runs.map { try $0.scalars("diverged_env_steps") }
    #expect(steps[1] == steps[0] && steps[2] == steps[0])
    // θ₀ goes well; later every episode's first step is its last.
    #expect(steps[0].keys.sorted() == [2, 3, 4, 5])
    #expect(steps[0][5] == Double(runs[0].result.divergedSteps))
    let episodes = try runs[0].scalars("test/diverged_episodes")
    #expect(episodes == [1: 20, 2: 20, 3: 20, 4: 20, 5: 20])
  }
}
