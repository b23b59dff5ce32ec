import Settings
import Testing
import Trainer

struct EvaluationScheduleTests {
  private func iterations(_ change: (inout RunSettings) -> Void) throws -> [Int] {
    let plan = try TrainingPlan(RunSettings.quick.with(change))
    return (0...20).filter { plan.evaluation.includes($0) }
  }

  @Test func every() throws {
    #expect(try iterations { _ in } == Array(0...20))
    #expect(try iterations { $0["eval-freq"] = 6 } == [0, 6, 12, 18])
  }

  @Test("after the watershed the second frequency counts, at its own multiples")
  func watershed() throws {
    let found = try iterations {
      $0["eval-freq"] = 4
      $0["eval-watershed"] = 8
      $0["second-eval-freq"] = 5
    }
    #expect(found == [0, 4, 8, 10, 15, 20])
  }

  @Test("a second frequency needs its watershed")
  func noWatershed() throws {
    let error = #expect(throws: SettingsError.self) {
      try iterations { $0["second-eval-freq"] = 1 }
    }
    #expect(
      error?.description
        == "--eval-watershed is missing: --second-eval-freq needs the iteration it follows")
  }

  @Test func time() throws {
    func time(_ during: Bool?, _ after: Bool?) throws -> EvaluationSchedule.Time {
      try TrainingPlan(
        RunSettings.quick.with {
          $0["run-test-during-training"] = during
          $0["run-test-after-training"] = after
        }
      ).evaluation.time
    }
    #expect(try time(nil, nil) == .never)
    #expect(try time(true, nil) == .during)
    #expect(try time(nil, true) == .after)
    let error = #expect(throws: SettingsError.self) { try time(true, true) }
    #expect(
      error?.description
        == "--run-test-during-training and --run-test-after-training exclude each other: take one "
        + "back with --no-run-test-during-training or --no-run-test-after-training")
  }
}
