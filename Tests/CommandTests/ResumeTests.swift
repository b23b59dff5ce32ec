import Foundation
import Records
import TestSupport
import Testing
import Trainer

/// `nres resume` after kills and signals.
struct ResumeTests {
  private static let flags = Command.tiny + ["--outer-iterations", "60", "--checkpoint-every", "1"]

  private func numbers(_ folder: TemporaryFolder, _ run: String) throws -> [String] {
    try readScalars(folder("\(run)/scalars.csv")).filter { !$0.tag.hasSuffix("/time") }
      .map { "\($0.iteration) \($0.tag) \($0.value)" }
  }

  /// Starts a command, and kills it after some time; false where it was quicker.
  private func kill(
    _ arguments: [String], after milliseconds: UInt32, in folder: TemporaryFolder
  ) throws -> Bool {
    let running = try Command.Running(arguments, in: folder)
    usleep(1000 * milliseconds)
    let isRunning = running.process.isRunning
    Foundation.kill(running.process.processIdentifier, SIGKILL)
    _ = try running.finish()
    return isRunning
  }

  @Test("after twenty kills at any time the bytes are those of a run that was left alone")
  func kills() throws {
    let folder = try TemporaryFolder()
    let train = ["train", "swimmer-nres"] + Self.flags
    #expect(try Command.run(train + ["--run-dir", "whole"], in: folder).status == 0)
    var generator = SplitMix(state: 14)
    var kills = 0
    while kills < 20 {
      let run = "run\(kills)"
      let first = train + ["--run-dir", run]
      var arguments = first
      while kills < 20 {
        let wasKilled = try kill(
          arguments, after: 20 + UInt32(generator.next() % 600), in: folder)
        kills += wasKilled ? 1 : 0
        // Killed before it had said what it is.
        guard FileManager.default.fileExists(atPath: folder("\(run)/config.json")) else { continue }
        arguments = [
          "resume", run, "--threads", "\(1 + generator.next() % 3)", "--physics",
          generator.next() % 2 == 0 ? "lanes" : "mujoco",
        ]
        if !wasKilled { break }
      }
      if arguments == first { continue }
      let last = try Command.run(arguments, in: folder)
      #expect(last.status == 0 && last.error.isEmpty, "\(last)")
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder("\(run)/theta_trajectory.safetensors"),
          andPath: folder("whole/theta_trajectory.safetensors")))
      #expect(try numbers(folder, run) == numbers(folder, "whole"))
    }
  }

  @Test(
    "signals end a run with a status of their own, and it goes on",
    arguments: [SIGUSR1, SIGXCPU, SIGTERM])
  func signals(_ number: Int32) throws {
    let folder = try TemporaryFolder()
    let running = try Command.Running(
      ["train", "swimmer-nres", "--run-dir", "run"] + Command.tiny
        + ["--outer-iterations", "100000"], in: folder)
    func text() -> String? {
      try? String(contentsOfFile: folder("run/scalars.csv"), encoding: .utf8)
    }
    while running.process.isRunning, text()?.contains("\n3,total_env_steps,") != true {
      usleep(2000)
    }
    Foundation.kill(running.process.processIdentifier, number)
    let outcome = try running.finish()
    #expect(outcome.status == 128 + number && outcome.error.isEmpty)
    let match = try #require(outcome.output.firstMatch(of: /stopped at iteration (\d+)/))
    #expect(outcome.lines.last == "go on with: nres resume run")
    let last = try #require(Int(match.1))
    let resumed = try Command.run("resume", "run", "--outer-iterations", "\(last)", in: folder)
    #expect(resumed.status == 0, "\(resumed)")
  }

  @Test("--max-time ends a run in time, and what is finished says so")
  func timeLimit() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(
      ["train", "swimmer-nres", "--run-dir", "run"] + Command.tiny
        + ["--outer-iterations", "100000", "--max-time", "1.5s"], in: folder)
    #expect(outcome.status == 4 && outcome.output.contains("stopped at iteration"))
    for text in ["1", "0s", "3m4h", "-2s", "1x"] {
      let refused = try Command.run("resume", "run", "--max-time", text, in: folder)
      #expect(refused.status == 64 && refused.error.contains("--max-time is '\(text)'"))
    }
    #expect(try Command.train(in: folder, run: "short").status == 0)
    let again = try Command.run("resume", "short", in: folder)
    #expect(again.status == 0 && again.output.contains("all 3 iterations are done"))
  }

  @Test("a family goes on as one, with the runs that had not begun")
  func family() throws {
    let folder = try TemporaryFolder()
    let train = ["train", "swimmer-nres", "--seed-list", "5,6,7"] + Self.flags
    #expect(try Command.run(train + ["--run-dir", "whole"], in: folder).status == 0)
    let running = try Command.Running(train + ["--run-dir", "parts"], in: folder)
    while running.process.isRunning,
      !FileManager.default.fileExists(atPath: folder("parts/seed-6/scalars.csv"))
    { usleep(1000) }
    Foundation.kill(running.process.processIdentifier, SIGKILL)
    _ = try running.finish()
    #expect(!FileManager.default.fileExists(atPath: folder("parts/seed-7")))
    let outcome = try Command.run("resume", "parts", in: folder)
    #expect(outcome.status == 0, "\(outcome)")
    for seed in 5...7 {
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder("parts/seed-\(seed)/theta_trajectory.safetensors"),
          andPath: folder("whole/seed-\(seed)/theta_trajectory.safetensors")))
    }
  }

  @Test("what cannot go on says why")
  func refusals() throws {
    let folder = try TemporaryFolder()
    for (arguments, status, words) in [
      (["resume", "nothing"], 66, "no such run folder"),
      (["resume", "."], 66, "is . a run folder"),
      (["resume", "run", "--outer-iterations", "2"], 65, "at least as many"),
      (["resume", "run", "--physics", "fast"], 64, "--physics is 'fast'"),
      (["resume", "run", "--checkpoint-every", "often"], 64, "--checkpoint-every is 'often'"),
    ] as [([String], Int32, String)] {
      if !FileManager.default.fileExists(atPath: folder("run")) {
        #expect(try Command.train(in: folder).status == 0)
      }
      let outcome = try Command.run(arguments, in: folder)
      #expect(outcome.status == status && outcome.error.contains(words), "\(outcome)")
      #expect(outcome.error.split(separator: "\n").count == 1)
    }
  }
}
