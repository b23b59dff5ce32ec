import ArgumentParser
import Benchmarks
import Envs
import Foundation
import Settings
import Tasks
import Trainer
import Workers

/// `nres bench`: training's speed beside the bare steps that it takes.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure training beside the bare steps that it takes.",
    discussion: """
      In environments physics alone, training with NRES and evaluation beside mj_step on the same \
      states and actions, which know nothing or are a trained policy's (--theta), and how many \
      steps mj_step took for a lane alone; on Lorenz every estimator beside steps of as many \
      states. Both run in one process, turn by turn; times and speeds are medians, and a ratio is \
      the median of the ratios within each turn. Of learned optimizers (lopt) the time of an \
      estimate, the operations that it needs a second, and their share of what the processor does \
      at best; scripts/bench-jax.py sets JAX beside them.
      """)

  @Argument(
    help: ArgumentHelp(
      "An environment, a robot's YAML file, lorenz or lopt (default: all but robots); with --mpi a preset.",
      valueName: "what"))
  var subject: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Measure with this many threads (default: 1 and all).", valueName: "n"),
    transform: wholeNumber)
  var threads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Windows to measure, at least 7 (default: 9).", valueName: "n"),
    transform: wholeNumber)
  var windows: Int = 9

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What steps environments: auto, lanes or mujoco (default: auto).", valueName: "engine"))
  var physics: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Measure its environment with the policy of this run or θ file.", valueName: "run"))
  var theta: String?

  @Flag(
    help: ArgumentHelp(
      "Under mpirun: a preset's updates shared over 1, 2, 4, … of the processes (default: "
        + "\(ScalingBenchmark.usualPreset))."))
  var mpi = false

  @Flag(help: "Print JSON, a line for each measurement.")
  var json = false

  func run() throws {
    guard windows >= 7 else {
      throw SettingsError("--windows is \(windows): a median of fewer than 7 says little")
    }
    _ = try WorkerPool(threads: threads)
    if mpi { return try measureScaling() }
    let threads = threads.map { [$0] } ?? Set([1, Self.cores]).sorted()
    if let subject {
      if Robot.isFile(subject) {
        // What is wrong with it is said before the table begins.
        _ = try EnvironmentCatalogue.named(subject)
      } else {
        _ = try BenchmarkCatalogue.all.flatMap { $0.subjects }.named(subject, kind: "benchmark") {
          $0
        }
      }
      let isEnvironment = !ControlBenchmark.subjects(named: subject).isEmpty
      for (isGiven, flag) in [(physics != nil, "--physics"), (theta != nil, "--theta")]
      where isGiven && !isEnvironment {
        throw SettingsError("\(flag) is for environments, \(subject) has none: leave it out")
      }
    }
    let engine = try physics.map { try PhysicsEngine(text: $0, of: "physics") } ?? .auto
    let trained = try theta.map { try task(trainedBy: $0, physics: engine) }
    for benchmark in BenchmarkCatalogue.all {
      try measure(benchmark, trained?.name ?? subject, threads, engine, trained)
    }
  }

  private func measureScaling() throws {
    for (isGiven, flag) in [(physics != nil, "--physics"), (theta != nil, "--theta")]
    where isGiven {
      throw SettingsError("\(flag) does not go with --mpi: give a preset that has it")
    }
    let benchmark = try ScalingBenchmark(preset: subject, threads: threads)
    if !json {
      try printLine(benchmark.heading(windows: windows) + "\n" + ScalingBenchmark.columns)
    }
    for processes in benchmark.processCounts {
      let result: ScalingBenchmark.Result
      do {
        result = try benchmark.run(processes: processes, windows: windows)
      } catch is CancellationError {
        throw Interrupt.Requested()
      }
      try printLine(json ? try jsonLine(result) : ScalingBenchmark.row(result))
    }
  }

  private static let cores = ProcessorCount.usable

  /// A run's task, model, parameters and horizon included, with a θ of it.
  private func task(trainedBy path: String, physics: PhysicsEngine) throws -> ControlTask {
    let policies = try SavedPolicies(path: path, environment: subject, physics: physics)
    tell(notes: policies.notes)
    let iteration = try policies.iterations(matching: .bestOrLast)[0]
    return ControlTask(
      simulator: policies.task.simulator, architecture: policies.task.policy.architecture,
      givenParameters: try policies.theta(at: iteration),
      normalizesObservations: policies.task.policy.normalizesObservations)
  }

  private func measure<Measured: Benchmark>(
    _: Measured.Type, _ subject: String?, _ threads: [Int], _ physics: PhysicsEngine,
    _ trained: ControlTask?
  ) throws {
    let subjects = Measured.subjects(named: subject)
    if !json, !subjects.isEmpty {
      try printLine(
        "\(Measured.title), \(Self.cores) cores, medians of \(windows) windows"
          + (theta.map { ", policy of \($0)" } ?? ""))
      try printLine(Measured.columns)
    }
    for subject in subjects {
      for benchmark in try Measured.measurements(
        of: subject, threads: threads, physics: physics, trained: trained)
      {
        let result = try benchmark.run(windows: windows)
        try printLine(json ? try jsonLine(result) : Measured.row(result))
      }
    }
  }
}
