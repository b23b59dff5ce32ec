import Foundation
import TestSupport
import Testing

/// The `nres` that was built with these tests.
enum Command {
  /// It lies where the running test executable does, whatever the build folder is called.
  static var executable: URL {
    get throws {
      let url = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "nres")
      try #require(
        FileManager.default.isExecutableFile(atPath: url.path), "no \(url.path): swift build")
      return url
    }
  }

  /// What a run of the command gave.
  struct Outcome {
    var status: Int32
    var output: String
    var error: String

    var lines: [Substring] { output.split(separator: "\n") }
  }

  /// Runs `nres` with `arguments` in `folder` to its end.
  ///
  /// - Parameter changes: Environment variables to set.
  static func run(
    _ arguments: [String], in folder: TemporaryFolder, with changes: [String: String] = [:]
  ) throws -> Outcome {
    let running = try Running(arguments, in: folder, with: changes)
    return try running.finish()
  }

  static func run(_ arguments: String..., in folder: TemporaryFolder) throws -> Outcome {
    try run(arguments, in: folder)
  }

  /// A command that is running. What it prints goes to files, which never block it.
  final class Running {
    let process = Process()
    private let printed: TemporaryFolder

    init(
      _ arguments: [String], in folder: TemporaryFolder, with changes: [String: String] = [:]
    ) throws {
      printed = try TemporaryFolder()
      process.executableURL = try Command.executable
      process.arguments = arguments
      process.currentDirectoryURL = URL(filePath: folder.path)
      var environment = ProcessInfo.processInfo.environment
      environment["COLUMNS"] = "80"
      environment["SWIFT_BACKTRACE"] = "enable=no"
      process.environment = environment.merging(changes) { $1 }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try FileHandle(forWritingAtPath: printed.file("output", []))
      process.standardError = try FileHandle(forWritingAtPath: printed.file("error", []))
      try process.start()
    }

    /// What came on standard output until now.
    func printedSoFar() throws -> String {
      try String(contentsOfFile: printed("output"), encoding: .utf8)
    }

    /// Waits for the end; a command that takes minutes is stopped, and its status says so.
    func finish() throws -> Outcome {
      let deadline = ContinuousClock.now + .seconds(120)
      while process.isRunning, ContinuousClock.now < deadline { usleep(1000) }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      return Outcome(
        status: process.terminationReason == .exit
          ? process.terminationStatus : -process.terminationStatus,
        output: try String(contentsOfFile: printed("output"), encoding: .utf8),
        error: try String(contentsOfFile: printed("error"), encoding: .utf8))
    }
  }

  /// Flags of a Swimmer run of a few milliseconds an iteration.
  static let tiny = [
    "--num-particles", "4", "--horizon-length", "40", "--trunc-length", "10", "--K", "40",
    "--outer-iterations", "3", "--threads", "1",
  ]

  /// Trains in `run`, below `folder`.
  static func train(
    _ flags: String..., in folder: TemporaryFolder, run: String = "run"
  ) throws -> Outcome {
    try Command.run(
      ["train", "swimmer-nres", "--run-dir", run] + tiny + flags, in: folder)
  }
}
