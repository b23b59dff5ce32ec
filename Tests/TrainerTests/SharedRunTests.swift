import Distribution
import Estimators
import Foundation
import Randomness
import Records
import Settings
import Snapshots
import TestSupport
import Testing
import Workers

@testable import Trainer

/// A run that several processes share leaves the bytes of a run of one.
struct SharedRunTests {
  /// Trains in `count` processes, which are threads of this one.
  private func train(
    _ settings: RunSettings, at path: String, count: Int, stopAfter last: Int = .max
  ) throws -> FinishedRun {
    try LocalExchange.run(count) { exchange in
      if exchange.rank > 0 {
        var companion = Companion(exchange, program: "", cancellation: .never)
        try companion.serve()
        throw CancellationError()
      }
      defer { try? exchange.order(.end) }
      let isBegun = RunFolder.containing(path) != nil
      let folder = try isBegun ? RunFolder.reopen(path) : RunFolder.create(at: path)
      let checkpoint: Checkpoint?
      let plan: TrainingPlan
      let application: any Application
      if isBegun {
        let run = try ResumedRun(
          folder, changes: RunSettings(), isForced: false, cancellation: .never, exchange: exchange)
        (plan, application, checkpoint) = (run.plan, run.application, run.checkpoint)
      } else {
        plan = try TrainingPlan(settings, exchange: exchange)
        application = try plan.makeApplication()
        checkpoint = nil
      }
      try plan.open(application)
      var isOver = false
      let result = try TrainingLoop(
        plan, application: application, folder: folder, checkpoint: checkpoint, pool: plan.pool,
        shouldStop: { isOver }, report: { isOver = isOver || $0.iteration >= last }
      ).run()
      return FinishedRun(folder: folder, result: result)
    }
  }

  private static let kinds: [(name: String, settings: RunSettings)] = [
    ("NRES", .quick),
    (
      "microbatches",
      .quick.with {
        $0["num-particles"] = 6
        $0["num-gradient-estimators"] = 2
      }
    ),
    ("normalized", .quick.with { $0["normalize-observations"] = true }),
    ("mj_step", .quick.with { $0["physics"] = "mujoco" }),
    ("FullES", .quick.with { $0["gradient-estimator"] = "FullES" }),
    ("TES", .quick.with { $0["gradient-estimator"] = "TES" }),
    ("losses normalized", .quick.with { $0["loss-normalize"] = true }),
    ("Lorenz", .lorenz),
    (
      "UORO",
      .lorenz.with {
        $0["gradient-estimator"] = "UORO"
        $0["num-particles"] = 40
      }
    ),
  ]

  @Test(arguments: kinds.map(\.name))
  func theBytesAreThoseOfOneProcess(_ name: String) throws {
    let kind = try #require(Self.kinds.first { $0.name == name })
    let settings = kind.settings.with { $0["run-test-during-training"] = true }
    let folder = try TemporaryFolder()
    let alone = try FinishedRun(settings, at: folder("alone"))
    for count in [2, 3] {
      let shared = try train(settings, at: folder("\(count)"), count: count)
      #expect(shared.thetaData == alone.thetaData)
      #expect(try Self.rows(shared) == Self.rows(alone))
    }
  }

  /// Stopped in two processes, gone on with in three and then in one.
  @Test func anotherNumberOfProcessesGoesOn() throws {
    let settings = RunSettings.quick.with {
      $0["outer-iterations"] = 9
      $0["num-gradient-estimators"] = 2
      $0["num-particles"] = 6
    }
    let folder = try TemporaryFolder()
    let alone = try FinishedRun(settings, at: folder("alone"))
    let path = folder("run")
    #expect(try train(settings, at: path, count: 2, stopAfter: 3).result.wasStopped)
    #expect(throws: EstimatorError.shares(count: 5, most: 3)) {
      try train(settings, at: path, count: 5)
    }
    #expect(try train(settings, at: path, count: 3, stopAfter: 6).result.wasStopped)
    let last = try train(settings, at: path, count: 1)
    #expect(last.thetaData == alone.thetaData)
    #expect(try Self.rows(last) == Self.rows(alone))
  }

  /// An update is given up when only the first microbatch has run its window: all processes go back to
  /// where the update before has left them, those too that have not begun the second one's.
  @Test func microbatchesGoBackTogether() throws {
    let settings = RunSettings.quick.with { $0["num-gradient-estimators"] = 2 }
    let keys = (0..<4).map { PRNGKey(seed: UInt64($0)) }
    let found = try states(settings, processes: 2) { estimators, theta in
      for round in 0..<2 {
        for estimator in estimators { estimator.keepState() }
        for (index, estimator) in estimators.enumerated() where round == 0 || index == 0 {
          _ = try estimator.estimate(theta: theta, key: keys[2 * round + index])
        }
        for estimator in estimators where round == 0 { estimator.forgetState() }
      }
      for estimator in estimators { estimator.goBack() }
    }
    let expected = try states(settings, processes: 1) { estimators, theta in
      for (estimator, key) in zip(estimators, keys) {
        _ = try estimator.estimate(theta: theta, key: key)
      }
    }
    let areEqual = found == expected
    #expect(areEqual)
  }

  /// The states of two microbatches in `processes`, after `body`.
  private func states(
    _ settings: RunSettings, processes: Int,
    _ body: @escaping @Sendable ([any GradientEstimator], [Float]) throws -> Void
  ) throws -> [Snapshot] {
    try LocalExchange.run(processes) { exchange in
      if exchange.rank > 0 {
        var companion = Companion(exchange, program: "", cancellation: .never)
        try companion.serve()
        return []
      }
      defer { try? exchange.order(.end) }
      let plan = try TrainingPlan(settings, exchange: exchange)
      let application = try plan.makeApplication()
      try plan.open(application)
      let theta = try application.initialParameters(key: plan.initialKey)
      let estimators = try (0..<2).map { index in
        let key = PRNGKey(seed: 7).split(2, at: index)
        return try SharedEstimator(index, theta: theta, key: key, state: nil, exchange: exchange) {
          try application.makeEstimator(
            plan, theta: theta, key: key, pool: plan.pool, state: nil, share: $0)
        }
      }
      try body(estimators, theta)
      return try estimators.map { try $0.snapshot() }
    }
  }

  @Test func tooManyProcessesAreRefused() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: (any Error).self) {
      try train(.quick, at: folder("run"), count: 5)
    }
    #expect("\(try #require(error))".contains("at most 4 processes, and there are 5"))
    #expect(RunFolder.containing(folder("run")) == nil)
  }

  /// Another process's failure is the run's, with the process's number.
  @Test func aProcessThatCannotOpenTheRunIsNamed() throws {
    let error = #expect(throws: DistantError.self) {
      try LocalExchange.run(2) { exchange in
        if exchange.rank == 1 {
          var companion = Companion(exchange) { _ in throw SettingsError("no such robot here") }
          return try companion.serve()
        }
        defer { try? exchange.order(.end) }
        let plan = try TrainingPlan(.quick, exchange: exchange)
        try plan.open(plan.makeApplication())
      }
    }
    #expect(error?.description == "process 1: no such robot here")
  }

  @Test func aProcessThatHasReadOtherFilesIsNamed() throws {
    let error = #expect(throws: DistantError.self) {
      try LocalExchange.run(3) { exchange in
        if exchange.rank > 0 {
          var companion = Companion(exchange, program: "", cancellation: .never)
          if exchange.rank == 2 {
            companion = Companion(exchange) { _ in
              let work = Companion.Work(
                makeEstimator: { _, _, _, _ in throw CancellationError() }, evaluate: { _, _ in }
              )
              return (work, Array(#"{"θ": "another layout"}"#.utf8))
            }
          }
          return try companion.serve()
        }
        defer { try? exchange.order(.end) }
        let plan = try TrainingPlan(.quick, exchange: exchange)
        try plan.open(plan.makeApplication())
      }
    }
    #expect(error?.description.hasPrefix("process 2 has another θ than the first one") == true)
  }

  @Test(arguments: [
    ("nres", "is nres other, the first one"), ("MuJoCo", "has MuJoCo other, the first one"),
    ("mathematics", "computes other bits than the first one"),
  ])
  func aProcessWithOtherNumbersIsNamed(_ part: String, _ text: String) throws {
    let error = #expect(throws: DistantError.self) {
      try LocalExchange.run(3) { exchange in
        var own = Introduction(host: "node\(exchange.rank)")
        if exchange.rank == 2 {
          switch part {
          case "nres": own.nres = "other"
          case "MuJoCo": own.mujoco = "other"
          default: own.mathematics = "other"
          }
        }
        _ = try exchange.introduce(own)
      }
    }
    #expect(error?.description.hasPrefix("process 2 on node2 \(text)") == true)
  }

  private static func rows(_ run: FinishedRun) throws -> [String] {
    try readScalars(run.folder.scalarsPath).map { "\($0.iteration) \($0.tag) \($0.value)" }
      .filter { !$0.contains("/time") }
  }
}
