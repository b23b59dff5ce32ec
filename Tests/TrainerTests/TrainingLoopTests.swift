import Estimators
import Foundation
import Randomness
import Records
import TestSupport
import Testing
import Trainer
import Workers

/// The loop around estimators that give what the test says.
struct TrainingLoopTests {
  @Test("θ moves against the mean gradient of the microbatches, each with its keys")
  func microbatches() throws {
    let folder = try TemporaryFolder()
    let settings = RunSettings.quick.with {
      $0["num-gradient-estimators"] = 4
      $0["outer-optimizer-specs"] = "SGD||CONSTANT0.5"
      $0["outer-iterations"] = 2
    }
    @Sendable func gradient(_ own: PRNGKey, _ window: PRNGKey) -> [Float] {
      zip(own.normal(2), window.normal(2)).map { $0 + $1 }
    }
    let run = try FinishedRun(
      settings, at: folder("run"),
      application: FakeApplication(keyed: { own, window in
        GradientEstimate(gradient: gradient(own, window), meanLoss: window.uniform(1)[0])
      }))

    let (initial, loop) = PRNGKey(seed: 23).split()
    let own = initial.split(4)
    var theta: [Float] = [1, -2]
    var expected = [theta]
    var losses: [Int: Double] = [:]
    var key = loop.split(4)[3]
    for iteration in 1...2 {
      var (chain, _) = key.split(4)[2].split()
      key = key.split(4)[3]
      var mean: [Float] = [0, 0]
      var loss: Float = 0
      for microbatch in 0..<4 {
        let window: PRNGKey
        (chain, window) = chain.split()
        for (index, value) in gradient(own[microbatch], window).enumerated() {
          mean[index] += value
        }
        loss += window.uniform(1)[0]
      }
      for index in 0..<2 { theta[index] -= 0.5 * (mean[index] / 4) }
      expected.append(theta)
      losses[iteration] = Double(loss / 4)
    }
    #expect(try run.trajectory() == expected)
    #expect(try run.scalars("mean_loss") == losses)
    #expect(try run.scalars("total_env_steps") == [0: 0, 1: 400, 2: 800])
    // From the first iteration of which a step was not taken.
    #expect(try run.scalars("simulated_env_steps") == [1: 360, 2: 720])
    #expect(run.result.environmentSteps == 800)
  }

  @Test("gradient entries that are not finite count as 0, such a loss is logged")
  func notFinite() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(
      RunSettings.quick.with { $0["reference-tags"] = true }, at: folder("run"),
      application: FakeApplication { count in
        switch count {
        case 1: GradientEstimate(gradient: [.nan, 1], meanLoss: .nan)
        case 2: GradientEstimate(gradient: [-.infinity, .infinity], meanLoss: .infinity)
        default: GradientEstimate(gradient: [0.5, 0.25], meanLoss: -1)
        }
      })
    #expect(try run.trajectory() == [[1, -2], [1, -3], [1, -3], [0.5, -3.25]])
    #expect(try run.scalars("mean_loss")[1]?.isNaN == true)
    #expect(try run.scalars("mean_loss")[2] == .infinity && run.scalars("mean_loss")[3] == -1)
    #expect(try run.scalars("theta_grad_norm")[1] == 1)
    #expect(try run.scalars("theta_grad_abs_mean")[1] == 0.5)
    // The estimator's own numbers are logged as they came.
    #expect(try run.scalars("Fake/mean_loss")[1]?.isNaN == true)
    #expect(try run.scalars("Fake/grad_norm")[1]?.isNaN == true)
  }

  @Test("entries that are not finite are counted from the first on, and said once")
  func countsNotFinite() throws {
    let folder = try TemporaryFolder()
    let settings = RunSettings.quick.with {
      $0["outer-iterations"] = 5
      $0["num-gradient-estimators"] = 2
    }
    // The two microbatches are asked in turn, each with a count of its own.
    let application = FakeApplication { count in
      let gradient: [Float] =
        switch count {
        case 2: [.infinity, -1]
        case 4: [.nan, -.infinity]
        default: [1, 1]
        }
      return GradientEstimate(gradient: gradient, meanLoss: 0)
    }
    var notes: [NonFiniteGradient] = []
    let run = try RunFolder.create(at: folder("run"))
    _ = try TrainingLoop(
      TrainingPlan(settings), application: application, folder: run,
      pool: WorkerPool(threadCount: 1), report: { notes += [$0.nonFinite].compactMap { $0 } }
    ).run()
    #expect(notes.count == 1 && notes[0].iteration == 2)
    #expect(
      notes[0].description
        == "iteration 2: 1 of 2 gradient entries are not finite; taken as 0")
    let logged = try readScalars(run.scalarsPath)
      .filter { $0.tag == "nonfinite_gradient_entries" }
    #expect(logged.map(\.iteration) == [2, 3, 4, 5] && logged.map(\.value) == [1, 0, 2, 0])

    let finite = try FinishedRun(settings, at: folder("finite"), application: Self.quiet)
    #expect(try finite.scalars("nonfinite_gradient_entries").isEmpty)
  }

  @Test("θ is logged by name at every iteration where its values have names")
  func namedTheta() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.lorenz, at: folder("run"))
    for (index, name) in ["log(a)", "log(r)"].enumerated() {
      let trajectory = try run.trajectory().map { Double($0[index]) }
      let logged = try run.scalars("Lorenz/\(name)")
      #expect((0...3).map { logged[$0] } == trajectory && logged.count == 4)
    }
  }

  @Test("the gradient is cut coordinate by coordinate before the optimizer")
  func clipping() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(
      RunSettings.quick.with { $0["grad-clip-threshold"] = 0.75 }, at: folder("run"),
      application: FakeApplication { _ in
        GradientEstimate(gradient: [3, -0.5], meanLoss: 0)
      })
    #expect(try run.trajectory() == [[1, -2], [0.25, -1.5], [-0.5, -1], [-1.25, -0.5]])
  }

  @Test("every 10th iteration logs the mean loss of the last 10")
  func averageLoss() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(
      RunSettings.quick.with { $0["outer-iterations"] = 25 }, at: folder("run"),
      application: FakeApplication { count in
        GradientEstimate(gradient: [0, 0], meanLoss: Float(count))
      })
    #expect(try run.scalars("average_meta_loss") == [10: 5.5, 20: 15.5])
  }

  @Test("a number is logged once, unless the reference's tags are asked for")
  func tagsOnce() throws {
    let folder = try TemporaryFolder()
    for microbatches in [1, 2] {
      let settings = RunSettings.quick.with {
        $0["num-gradient-estimators"] = microbatches
        $0["loss-normalize"] = true
      }
      let run = try FinishedRun(settings, at: folder("run\(microbatches)"))
      let all = try FinishedRun(
        settings.with { $0["reference-tags"] = true }, at: folder("all\(microbatches)"))
      let rows = try readScalars(run.folder.scalarsPath).filter { $0.iteration == 2 }
      #expect(Set(rows.map(\.value)).count == rows.count)
      let (few, many) = (Set(rows.map(\.tag)), try all.tags(at: 2))
      #expect(few.isSubset(of: many) && many.count == few.count + (microbatches == 1 ? 5 : 3))
      #expect(try run.scalars("mean_loss") == all.scalars("best_of_mean_loss"))
    }
  }

  @Test("iterations between are not logged, but for evaluations")
  func logEvery() throws {
    let folder = try TemporaryFolder()
    let settings = RunSettings.quick.with {
      $0["outer-iterations"] = 11
      $0["run-test-during-training"] = true
      $0["eval-freq"] = 3
    }
    let all = try FinishedRun(settings, at: folder("all"))
    let run = try FinishedRun(settings.with { $0["log-every"] = 4 }, at: folder("run"))
    let rows = try readScalars(run.folder.scalarsPath)
    #expect(Set(rows.map(\.iteration)) == [0, 3, 4, 6, 8, 9])
    let expected = try readScalars(all.folder.scalarsPath).filter {
      $0.iteration.isMultiple(of: 3) || $0.iteration.isMultiple(of: 4)
    }
    func isTimeless(_ row: ScalarRow) -> Bool { !row.tag.hasSuffix("/time") }
    #expect(
      rows.filter(isTimeless).map { "\($0.iteration) \($0.tag) \($0.value)" }
        == expected.filter(isTimeless).map { "\($0.iteration) \($0.tag) \($0.value)" })
    #expect(run.thetaData == all.thetaData)
  }

  @Test("the deviation of losses is logged where there is one")
  func deviation() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(
      RunSettings.quick.with {
        $0["num-gradient-estimators"] = 2
        $0["reference-tags"] = true
      }, at: folder("run"),
      application: FakeApplication { count in
        GradientEstimate(gradient: [0, 0], meanLoss: 0, lossDeviation: Float(count))
      })
    #expect(try run.scalars("loss_std") == [1: 1, 2: 2, 3: 3])
    #expect(try run.scalars("Fake/loss_std") == [1: 1, 2: 2, 3: 3])
  }

  static let quiet = FakeApplication { GradientEstimate(gradient: [1, 0.5], meanLoss: Float($0)) }

  @Test("evaluations after training give the numbers of evaluations during it")
  func evaluation() throws {
    let folder = try TemporaryFolder()
    let settings = RunSettings.quick.with {
      $0["outer-iterations"] = 9
      $0["eval-freq"] = 2
      $0["eval-watershed"] = 4
      $0["second-eval-freq"] = 3
    }
    let during = try FinishedRun(
      settings.with { $0["run-test-during-training"] = true }, at: folder("during"),
      application: Self.quiet)
    let after = try FinishedRun(
      settings.with { $0["run-test-after-training"] = true }, at: folder("after"),
      application: Self.quiet)
    let never = try FinishedRun(settings, at: folder("never"), application: Self.quiet)
    for tag in ["test/score", "test/noisy"] {
      let scores = try during.scalars(tag)
      #expect(scores.keys.sorted() == [0, 2, 4, 6, 9])
      #expect(Set(scores.values).count == 5)
      #expect(try after.scalars(tag) == scores)
      #expect(try never.scalars(tag).isEmpty)
    }
    #expect(during.result.latest?.tag == "test/score")
    #expect(after.result.latest == during.result.latest)
    #expect(never.result.latest == nil)
    #expect(during.thetaData == after.thetaData && during.thetaData == never.thetaData)
  }

  @Test("asked to stop, it ends after the iteration with all that belongs to it", arguments: 0...3)
  func stop(last: Int) throws {
    let folder = try TemporaryFolder()
    let settings = RunSettings.quick.with {
      $0["outer-iterations"] = 4
      $0["run-test-after-training"] = true
    }
    let whole = try FinishedRun(settings, at: folder("whole"), application: Self.quiet)
    #expect(!whole.result.wasStopped && whole.result.lastIteration == 4)
    let run = try FinishedRun(
      settings, at: folder("stopped"), application: Self.quiet, stopAfter: last)
    #expect(run.result.wasStopped && run.result.lastIteration == last)
    #expect(try run.trajectory() == Array(whole.trajectory().prefix(last + 1)))
    #expect(try run.scalars("total_env_steps").keys.sorted() == Array(0...last))
    // The evaluations that follow training would take long too.
    #expect(try run.scalars("test/score").isEmpty && run.result.latest == nil)
    #expect(try whole.scalars("test/score").keys.sorted() == Array(0...4))
  }

  @Test("progress tells iteration, speed and the latest evaluation")
  func progress() throws {
    let folder = try TemporaryFolder()
    let plan = try TrainingPlan(RunSettings.quick.with { $0["run-test-during-training"] = true })
    var reports: [TrainingProgress] = []
    _ = try TrainingLoop(
      plan, application: Self.quiet, folder: RunFolder.create(at: folder("run")),
      pool: WorkerPool(threadCount: 1), report: { reports.append($0) }
    ).run()
    #expect(reports.map(\.isUnderWay) == [true, true, false, false, false, false])
    #expect(reports.map { $0.burnIn?.done } == [0, nil, nil, nil, nil, nil])
    #expect(reports[1].isEvaluating)
    reports.removeFirst(2)
    #expect(reports.map(\.iteration) == [0, 1, 2, 3])
    // What came before the first update does not count.
    #expect(reports[0].seconds == 0)
    #expect(reports.allSatisfy { $0.iterations == 3 && !$0.isEvaluating })
    #expect(reports[0].secondsLeft == nil && reports[0].stepsPerSecond == 0)
    #expect(reports[3].secondsLeft == 0 && reports[3].stepsPerSecond > 0)
    #expect(reports.allSatisfy { $0.latest?.tag == "test/score" })
    #expect(reports.allSatisfy { $0.evaluatedIteration == $0.iteration })
    #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.seconds <= $1.seconds })
  }
}
