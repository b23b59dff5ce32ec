import Foundation
import Records
import Settings
import Tasks
import TestSupport
import Testing
import Trainer

/// Runs that keep θ of every n-th iteration.
struct ThinnedRunTests {
  private static let thinned = RunSettings.lorenz.with {
    $0["outer-iterations"] = 11
    $0["theta-every"] = 4
  }
  private static let all = thinned.with { $0["theta-every"] = nil }
  private static let tag = SystemApplication<Lorenz>.headline.tag

  @Test("what is kept is what a run that keeps all has there, and nothing else changes")
  func kept() throws {
    let folder = try TemporaryFolder()
    let whole = try FinishedRun(Self.all, at: folder("all"))
    let run = try FinishedRun(Self.thinned, at: folder("thinned"))
    let (all, saved) = (
      try SavedTheta(path: whole.folder.path), try SavedTheta(path: folder("thinned"))
    )
    #expect(Array(saved.iterations) == [0, 4, 8, 11] && all.iterations == .all(12))
    for iteration in saved.iterations {
      #expect(
        try saved.theta(at: iteration, layout: saved.layout)
          == all.theta(at: iteration, layout: saved.layout))
    }
    #expect(run.result.lastIteration == 11 && !run.result.wasStopped)
    for tag in ["Lorenz/log(a)", "mean_loss"] {
      #expect(try run.scalars(tag) == whole.scalars(tag))
    }
    let error = #expect(throws: RecordError.self) {
      try saved.theta(at: 5, layout: saved.layout)
    }
    #expect(error?.cause == "holds no iteration 5: choose 4 or 8")
  }

  @Test("config.json repeats the run with the same file")
  func repeats() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(Self.thinned, at: folder("run"))
    let preset = try Preset(named: run.folder.configurationPath)
    #expect(preset.settings["theta-every"] == 4)
    #expect(try FinishedRun(preset.settings, at: folder("again")).thetaData == run.thetaData)
  }

  @Test("evaluations during training, after it and of the saved run are the same")
  func evaluations() throws {
    let folder = try TemporaryFolder()
    let during = try FinishedRun(
      Self.thinned.with { $0["run-test-during-training"] = true }, at: folder("during"))
    let after = try FinishedRun(
      Self.thinned.with {
        $0["run-test-after-training"] = true
        $0["eval-freq"] = 4
      }, at: folder("after"))
    let (all, some) = (try during.scalars(Self.tag), try after.scalars(Self.tag))
    #expect(all.keys.sorted() == Array(0...11) && some.keys.sorted() == [0, 4, 8])
    #expect(some.allSatisfy { all[$0.key] == $0.value })
    let saved = try SavedRun(path: during.folder.path)
    let iterations = try saved.iterations(matching: .several("all"))
    #expect(iterations == [0, 4, 8, 11])
    for (iteration, keys) in zip(iterations, saved.keys(at: iterations)) {
      #expect(try saved.evaluate(iteration, keys: keys)[0].value == all[iteration])
    }
    // Of the evaluated iterations only those that are kept can be the best.
    let best = try #require(iterations.min { all[$0, default: 0] < all[$1, default: 0] })
    #expect(all.values.contains { $0 < all[best, default: 0] })
    #expect(try saved.iterations(matching: .one("best")) == [best])
  }

  @Test("a run that is stopped keeps the iteration it came to", arguments: [3, 4, 7])
  func stopped(after last: Int) throws {
    let folder = try TemporaryFolder()
    let settings = Self.thinned.with {
      $0["run-test-after-training"] = true
      $0["eval-freq"] = 8
    }
    let run = try FinishedRun(settings, at: folder("run"), stopAfter: last)
    let whole = try FinishedRun(Self.all, at: folder("all")).trajectory()
    let saved = try SavedRun(path: run.folder.path)
    #expect(run.result.lastIteration == last && run.result.wasStopped)
    let kept = try saved.iterations(matching: .several("all"))
    #expect(kept == Array(Set([0, 4, last])).sorted().filter { $0 <= last })
    for iteration in kept { #expect(try saved.theta(at: iteration) == whole[iteration]) }
  }

  @Test("θ at iteration 0 is taken from an iteration by its number")
  func start() throws {
    let folder = try TemporaryFolder()
    let control = RunSettings.quick.with { $0["theta-every"] = 2 }
    let run = try FinishedRun(control, at: folder("run"))
    let next = RunSettings.quick.with {
      $0["rl-model-path"] = run.folder.path
      $0["rl-model-iteration"] = 3
    }
    let start = try FinishedRun(next, at: folder("next")).trajectory()[0]
    #expect(try start == run.trajectory().last)
    let error = #expect(throws: SettingsError.self) {
      try FinishedRun(next.with { $0["rl-model-iteration"] = 1 }, at: folder("no"))
    }
    #expect(
      error?.description
        == "--rl-model-iteration 1 was not kept (--theta-every 2): choose 0 or 2")
  }

  @Test("evaluations after training must be of iterations that are kept")
  func schedules() throws {
    /// Whether some iteration is evaluated that is not kept, found by looking at all.
    func misses(_ plan: TrainingPlan) -> Bool {
      (0...plan.iterations).contains {
        plan.evaluation.includes($0) && !plan.keptIterations.contains($0)
      }
    }
    var refusals = 0
    for iterations in [1, 7, 12] {
      for every in 1...13 {
        for period in [1, 2, 3, 4, 6, 7, 12, 13] {
          for (watershed, second) in [(nil, nil), (0, 3), (4, 2), (5, 4), (12, 1), (40, 5)] {
            let settings = RunSettings.lorenz.with {
              $0["outer-iterations"] = iterations
              $0["theta-every"] = every
              $0["eval-freq"] = period
              $0["eval-watershed"] = watershed
              $0["second-eval-freq"] = second
              $0["run-test-during-training"] = true
            }
            let after = settings.with {
              $0["run-test-during-training"] = false
              $0["run-test-after-training"] = true
            }
            if misses(try TrainingPlan(settings)) {
              #expect(throws: SettingsError.self) { try TrainingPlan(after) }
              refusals += 1
            } else {
              #expect(throws: Never.self) { try TrainingPlan(after) }
            }
          }
        }
      }
    }
    #expect(refusals > 500)
  }
}
