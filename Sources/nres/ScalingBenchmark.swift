import Distribution
import Estimators
import Foundation
import Randomness
import Settings
import Synchronization
import Trainer
import Workers

/// A preset's updates, shared over more and more of the processes that mpirun has started.
struct ScalingBenchmark {
  static let usualPreset = "halfcheetah-nres"

  private let name: String
  private let plan: TrainingPlan
  private let application: any Application
  private let communicator: Communicator

  /// What updates took, medians over windows.
  struct Result: Encodable {
    var processes: Int
    var threads: Int
    /// Of an update.
    var milliseconds: Double
    var stepsPerSecond: Double
    /// Times as fast as one process.
    var speedup: Double
    /// Of the first process, the noises of all particles included, and of the slowest of the others.
    var firstMilliseconds: Double
    var slowestMilliseconds: Double
    /// Of an update, while no process works.
    var communicationMicroseconds: Double
    /// That an update sends and receives, seen from the first process.
    var sentBytes: Int
    var receivedBytes: Int
  }

  /// - Throws: `SettingsError` where there is one process only.
  init(preset: String?, threads: Int?) throws {
    guard let communicator = Together.communicator else {
      throw SettingsError(
        "--mpi needs several processes: mpirun -n 4 nres bench --mpi "
          + (preset ?? Self.usualPreset))
    }
    self.communicator = communicator
    let found = try Preset(named: preset ?? Self.usualPreset)
    var flags = RunSettings()
    flags["threads"] = threads.map(String.init)
    name = found.name
    plan = try TrainingPlan(
      found.settings(under: flags), cancellation: Cancellation { Interrupt.isOverdue },
      exchange: communicator)
    application = try plan.makeApplication()
    Interrupt.install()
    try plan.open(application)
  }

  /// 1, 2, 4, … and all.
  var processCounts: [Int] {
    var counts = [1]
    while let last = counts.last, last * 2 < communicator.count { counts.append(last * 2) }
    return counts + [communicator.count]
  }

  func heading(windows: Int) -> String {
    "\(name): N = \(plan.estimatorSettings.particleCount), W = "
      + "\(plan.estimatorSettings.windowLength), \(communicator.count) processes of "
      + "\(plan.pool.threadCount) threads, medians of \(windows) updates"
  }

  private static let alone = Mutex<Double?>(nil)

  func run(processes: Int, windows: Int) throws -> Result {
    let theta = try application.initialParameters(key: PRNGKey(seed: plan.initSeed))
    let key = PRNGKey(seed: plan.remainingSeed)
    let estimator = try SharedEstimator(
      0, shares: processes, theta: theta, key: key, state: nil, exchange: communicator
    ) {
      try application.makeEstimator(
        plan, theta: theta, key: key, pool: plan.pool, state: nil, share: $0)
    }
    var seconds: [Double] = []
    var (first, slowest, communication): ([Double], [Double], [Double]) = ([], [], [])
    let before = communicator.bytes
    let steps = estimator.environmentSteps
    for window in 0..<windows {
      let started = ContinuousClock.now
      _ = try estimator.estimate(theta: theta, key: key.split(windows, at: window))
      seconds.append((ContinuousClock.now - started) / .seconds(1))
      first.append(estimator.pace.seconds[0])
      slowest.append(estimator.pace.seconds.dropFirst().max() ?? 0)
      communication.append(estimator.pace.communication)
    }
    let after = communicator.bytes
    let median = Self.median(seconds)
    let alone = Self.alone.withLock { alone in
      if processes == 1 { alone = median }
      return alone ?? median
    }
    return Result(
      processes: processes, threads: plan.pool.threadCount, milliseconds: 1e3 * median,
      stepsPerSecond: Double((estimator.environmentSteps - steps) / windows) / median,
      speedup: alone / median, firstMilliseconds: 1e3 * Self.median(first),
      slowestMilliseconds: 1e3 * Self.median(slowest),
      communicationMicroseconds: 1e6 * Self.median(communication),
      sentBytes: (after.sent - before.sent) / windows,
      receivedBytes: (after.received - before.received) / windows)
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted[sorted.count / 2]
  }

  static let columns =
    "processes  update (ms)    steps/s  speed-up  first (ms)  slowest other  talk (us)"
    + "   bytes out    bytes in"

  static func row(_ result: Result) -> String {
    String(
      format: "%9d %12.3f %10.0f %9.2f %11.3f %14.3f %10.0f %11d %11d", result.processes,
      result.milliseconds, result.stepsPerSecond, result.speedup, result.firstMilliseconds,
      result.slowestMilliseconds, result.communicationMicroseconds, result.sentBytes,
      result.receivedBytes)
  }
}
