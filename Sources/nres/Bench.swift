import ArgumentParser
import Benchmarks
import Envs
import Foundation
import Tasks
import Trainer
import Workers

/// `nres bench`: training's speed beside the simulator's own.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure NRES training beside bare mj_step on the same states and actions.",
    discussion: """
      Both run in one process, turn by turn; speeds are medians in environment steps a second, \
      and the ratio is the median of the ratios within each turn.
      """)

  @Argument(
    help: ArgumentHelp("The environment (default: all of them).", valueName: "environment"))
  var environment: String?

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
    let environments =
      try environment.map { [try EnvironmentCatalogue.named($0)] } ?? EnvironmentCatalogue.all
    let cores = ProcessInfo.processInfo.activeProcessorCount
    if !json {
      print("MuJoCo \(MuJoCo.version), \(cores) cores, medians of \(windows) windows")
      print("environment         N    W  threads  mj_step/s   NRES/s  ratio")
    }
    for environment in environments {
      for (particles, length) in [(300, 20), (30, 100)] {
        for threads in threads.map({ [$0] }) ?? Set([1, cores]).sorted() {
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

  private func row(_ result: ControlBenchmark.Result) -> String {
    let measured = result.measured
    return measured.environment.padding(toLength: 16, withPad: " ", startingAt: 0)
      + String(
        format: "%5d %4d %8d %10.0f %8.0f  %.3f", measured.particleCount, measured.windowLength,
        measured.threads, result.floor, result.training, result.ratio)
  }
}
