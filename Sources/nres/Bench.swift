import ArgumentParser
import Benchmarks
import Catalogues
import Envs
import Foundation
import Tasks
import Trainer
import Workers

/// `nres bench`: training's speed beside the bare steps that it takes.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure training beside the bare steps that it takes.",
    discussion: """
      In environments NRES beside mj_step on the same states and actions; on Lorenz every \
      estimator beside steps of as many states. Both run in one process, turn by turn; times and \
      speeds are medians, and a ratio is the median of the ratios within each turn. Of learned \
      optimizers (lopt) the time of an estimate, the operations that it needs a second, and their \
      share of what the processor does at best; scripts/bench-jax.py sets JAX beside them.
      """)

  @Argument(
    help: ArgumentHelp(
      "An environment, lorenz or lopt (default: all of them).", valueName: "what"))
  var subject: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Measure with this many threads (default: 1 and all).", valueName: "n"))
  var threads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Windows to measure, at least 7.", valueName: "n"))
  var windows = 9

  @Flag(help: "Print JSON, a line for each measurement.")
  var json = false

  func run() throws {
    guard windows >= 7 else {
      throw SettingsError("--windows is \(windows): a median of fewer than 7 says little")
    }
    _ = try WorkerPool(threads: threads)
    let threads = threads.map { [$0] } ?? Set([1, Self.cores]).sorted()
    let environments = EnvironmentCatalogue.all.filter { isAsked(for: $0.spec.id) }
    let others: [(name: String, measure: ([Int]) throws -> Void)] = [
      ("lorenz", measureLorenz), ("lopt", measureLearnedOptimizers),
    ]
    guard !environments.isEmpty || others.contains(where: { isAsked(for: $0.name) }) else {
      throw UnknownName(
        kind: "benchmark", name: subject ?? "",
        choices: EnvironmentCatalogue.all.map { $0.spec.id } + others.map(\.name))
    }
    if !environments.isEmpty { try measure(environments, threads) }
    for other in others where isAsked(for: other.name) { try other.measure(threads) }
  }

  private static let cores = ProcessInfo.processInfo.activeProcessorCount

  private func isAsked(for name: String) -> Bool {
    subject.map { $0.lowercased() == name.lowercased() } ?? true
  }

  private func measure(_ environments: [any Environment], _ threads: [Int]) throws {
    if !json {
      print("MuJoCo \(MuJoCo.version), \(Self.cores) cores, medians of \(windows) windows")
      print("environment         N    W  threads  mj_step/s   NRES/s  ratio")
    }
    for environment in environments {
      for (particles, length) in [(300, 20), (30, 100)] {
        for threads in threads {
          let simulator = try Simulator(environment)
          let result = try ControlBenchmark(
            ControlTask(simulator: simulator),
            measured: ControlBenchmark.Case(
              environment: simulator.spec.id, particleCount: particles, windowLength: length,
              threads: threads)
          ).run(windows: windows)
          print(json ? try jsonLine(result) : row(result))
        }
      }
    }
  }

  private func measureLorenz(_ threads: [Int]) throws {
    if !json {
      print("Lorenz, \(Self.cores) cores, medians of \(windows) windows")
      print("estimator                  N    W     K  threads  bare steps (ms)  all (ms)   ratio")
    }
    for threads in threads {
      for measured in LorenzBenchmark.cases(threads: threads) {
        let result = try LorenzBenchmark(measured).run(windows: windows)
        print(json ? try jsonLine(result) : row(result))
      }
    }
  }

  private func measureLearnedOptimizers(_ threads: [Int]) throws {
    if !json {
      print("learned optimizers, \(Self.cores) cores, medians of \(windows) windows")
      print("estimate             threads  median (ms)     min      max  GFLOP/s    peak  share")
    }
    for threads in threads {
      for measured in LearnedOptimizerBenchmark.cases(threads: threads) {
        let result = try LearnedOptimizerBenchmark(measured).run(windows: windows)
        print(json ? try jsonLine(result) : row(result))
      }
    }
  }

  private func row(_ result: LearnedOptimizerBenchmark.Result) -> String {
    result.measured.name.padding(toLength: 20, withPad: " ", startingAt: 0)
      + String(
        format: "%8d %12.2f %8.2f %8.2f %8.1f %7.1f %5.0f%%", result.measured.threads,
        1000 * result.seconds, 1000 * result.least, 1000 * result.most, result.gigaflops,
        result.peak.gigaflops, 100 * result.share)
  }

  private func row(_ result: LorenzBenchmark.Result) -> String {
    let measured = result.measured
    return measured.name.padding(toLength: 22, withPad: " ", startingAt: 0)
      + String(
        format: "%6d %4d %5d %8d %16.4f %9.4f %7.2f", measured.particleCount,
        measured.windowLength, measured.noisePeriod, measured.threads, 1000 * result.floor,
        1000 * result.seconds, result.ratio)
  }

  private func row(_ result: ControlBenchmark.Result) -> String {
    let measured = result.measured
    return measured.environment.padding(toLength: 16, withPad: " ", startingAt: 0)
      + String(
        format: "%5d %4d %8d %10.0f %8.0f  %.3f", measured.particleCount, measured.windowLength,
        measured.threads, result.floor, result.training, result.ratio)
  }
}
