package import Envs
import Foundation
package import Tasks

/// A measurement that `nres bench` makes and prints as a row of its family's table.
package protocol Benchmark: SendableMetatype {
  associatedtype Result: Encodable

  /// The names that ask for measurements of this family; each asks for some.
  static var subjects: [String] { get }
  /// What the table is of: `Lorenz`.
  static var title: String { get }
  /// Those of them that `subject` asks for, of all families all where it is nil.
  static func subjects(named subject: String?) -> [String]
  /// The table's columns, above ``row(_:)``.
  static var columns: String { get }

  /// The measurements that `subject` asks for, on each number of threads.
  ///
  /// - Parameters:
  ///   - physics: What steps environments.
  ///   - trained: Acts in them with its θ, in place of a policy that knows nothing.
  static func measurements(
    of subject: String, threads: [Int], physics: PhysicsEngine, trained: ControlTask?
  ) throws -> [Self]

  /// Measures so many windows.
  func run(windows: Int) throws -> Result

  static func row(_ result: Result) -> String
}

extension Benchmark {
  package static func subjects(named subject: String?) -> [String] {
    guard let subject else { return subjects }
    return subjects.filter { $0.lowercased() == subject.lowercased() }
  }
}

/// The benchmarks there are.
package enum BenchmarkCatalogue {
  /// All of them, in the order of listings.
  package static let all: [any Benchmark.Type] = [
    ControlBenchmark.self, LorenzBenchmark.self, LearnedOptimizerBenchmark.self,
  ]
}

extension ControlBenchmark: Benchmark {
  package static var subjects: [String] { EnvironmentCatalogue.all.map { $0.spec.id } }
  package static func subjects(named subject: String?) -> [String] {
    guard let subject else { return subjects }
    return Robot.isFile(subject)
      ? [subject] : subjects.filter { $0.lowercased() == subject.lowercased() }
  }
  package static var title: String { "MuJoCo \(MuJoCo.version)" }
  package static let columns =
    "environment                part          N    W  threads  engine  mj_step/s    steps/s   ratio"
    + "  alone"

  package static func measurements(
    of subject: String, threads: [Int], physics: PhysicsEngine, trained: ControlTask?
  ) throws -> [ControlBenchmark] {
    let task =
      try trained
      ?? ControlTask(simulator: Simulator(EnvironmentCatalogue.named(subject), physics: physics))
    let simulator = task.simulator
    let limit = simulator.spec.timeLimit
    let cases: [(Part, Int, Int)] = [
      (.physics, 256, min(50, limit)), (.training, 300, min(20, limit)),
      (.training, 30, min(100, limit)), (.evaluation, ControlTask.evaluationEpisodes, limit),
    ]
    return cases.flatMap { part, particles, length in
      // MuJoCo alone is what it would be measured beside.
      part == .physics && simulator.engine == .mujoco
        ? []
        : threads.map {
          ControlBenchmark(
            task, part, particleCount: particles, windowLength: length, threads: $0)
        }
    }
  }

  package static func row(_ result: Result) -> String {
    let measured = result.measured
    func column(_ text: String, _ width: Int) -> String {
      text.padding(toLength: width, withPad: " ", startingAt: 0)
    }
    return column(measured.environment, 27) + column(measured.part.rawValue, 11)
      + String(
        format: "%4d %4d %8d  ", measured.particleCount, measured.windowLength, measured.threads)
      + column(measured.engine.rawValue, 7)
      + String(
        format: "%10.0f %10.0f %7.3f %6d", result.floor, result.speed, result.ratio,
        result.exceptions)
  }
}

extension LorenzBenchmark: Benchmark {
  package static let subjects = [Lorenz.id]
  package static let title = "Lorenz"
  package static let columns =
    "estimator                  N    W     K  threads  bare steps (ms)  all (ms)   ratio"

  package static func measurements(
    of subject: String, threads: [Int], physics: PhysicsEngine, trained: ControlTask?
  ) -> [LorenzBenchmark] {
    threads.flatMap { cases(threads: $0) }.map { LorenzBenchmark($0) }
  }

  package static func row(_ result: Result) -> String {
    let measured = result.measured
    return measured.name.padding(toLength: 22, withPad: " ", startingAt: 0)
      + String(
        format: "%6d %4d %5d %8d %16.4f %9.4f %7.2f", measured.particleCount,
        measured.windowLength, measured.noisePeriod, measured.threads, 1000 * result.floor,
        1000 * result.seconds, result.ratio)
  }
}

extension LearnedOptimizerBenchmark: Benchmark {
  package static let subjects = ["lopt"]
  package static let title = "learned optimizers"
  package static let columns =
    "estimate             threads  median (ms)     min      max  GFLOP/s    peak  share"

  package static func measurements(
    of subject: String, threads: [Int], physics: PhysicsEngine, trained: ControlTask?
  ) -> [LearnedOptimizerBenchmark] {
    threads.flatMap { cases(threads: $0) }.map { LearnedOptimizerBenchmark($0) }
  }

  package static func row(_ result: Result) -> String {
    result.measured.name.padding(toLength: 20, withPad: " ", startingAt: 0)
      + String(
        format: "%8d %12.2f %8.2f %8.2f %8.1f %7.1f %5.0f%%", result.measured.threads,
        1000 * result.seconds, 1000 * result.least, 1000 * result.most, result.gigaflops,
        result.peak.gigaflops, 100 * result.share)
  }
}
