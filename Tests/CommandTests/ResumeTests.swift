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
  ///
  /// - Parameter run: The time begins once it has touched this run's logs; nil for at once.
  private func kill(
    _ arguments: [String], after milliseconds: UInt32, of run: String?, in folder: TemporaryFolder
  ) throws -> Bool {
    func size() -> Int? {
      guard let run else { return nil }
      let attributes = try? FileManager.default.attributesOfItem(
        atPath: folder("\(run)/scalars.csv"))
      return attributes?[.size] as? Int
    }
    let before = size()
    let running = try Command.Running(arguments, in: folder)
    while run != nil, running.process.isRunning, size() == before { usleep(500) }
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
        // A start may take longer than all iterations.
        let isInStart = kills.isMultiple(of: 3)
        let wasKilled = try kill(
          arguments, after: UInt32(generator.next() % (isInStart ? 600 : 200)),
          of: isInStart ? nil : run, in: folder)
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
    let name = try #require([SIGUSR1: "SIGUSR1", SIGXCPU: "SIGXCPU", SIGTERM: "SIGTERM"][number])
    #expect(
      try Command.run("runs", "show", "run", in: folder).output.contains("  ended by    \(name)\n"))
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
    #expect(
      try Command.run("runs", "show", "run", in: folder).output
        .contains("  ended by    --max-time\n"))
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

  @Test("a run of a family that has begun and is gone is missed; --force begins it anew")
  func missing() throws {
    let folder = try TemporaryFolder()
    let train =
      ["train", "swimmer-nres", "--seed-list", "5,6,7", "--run-dir", "all"] + Command.tiny
    #expect(try Command.run(train, in: folder).status == 0)
    func theta(_ path: String) -> Data? {
      FileManager.default.contents(atPath: folder("\(path)/theta_trajectory.safetensors"))
    }
    // The last has nothing after it that tells.
    for seed in [6, 7] {
      #expect(
        try Command.run("runs", "mv", "all/seed-\(seed)", "kept", "--yes", in: folder).status == 0)
      let missed = try Command.run("resume", "all", "--outer-iterations", "4", in: folder)
      #expect(missed.status == 66 && missed.output.isEmpty)
      #expect(
        missed.error
          == "nres: all/seed-\(seed): the run of seed \(seed) has begun and is not there: move it back, or "
          + "begin it anew with --force\n")
      #expect(
        try RunFolder.open(folder("all/seed-5")).configuration().settings["outer-iterations"] == "3"
      )
      #expect(!FileManager.default.fileExists(atPath: folder("all/seed-\(seed)")))
      #expect(try Command.run("resume", "all", "--force", in: folder).status == 0)
      #expect(theta("all/seed-\(seed)") == theta("kept") && theta("kept") != nil)
      try FileManager.default.removeItem(atPath: folder("kept"))
    }
    // Before it was noted what has begun.
    let text = try String(contentsOfFile: folder("all/seeds.json"), encoding: .utf8)
    let old = text.replacing(#/"begun" : \[[\s\d,]*\],\s*/#, with: "")
    #expect(old != text)
    _ = try folder.file("all/seeds.json", old.utf8)
    #expect(try Command.run("runs", "rm", "all/seed-6", "--yes", in: folder).status == 0)
    #expect(try Command.run("resume", "all", in: folder).status == 66)
    // What is left of a family goes with its last run.
    #expect(
      try Command.run("runs", "rm", "all/seed-5", "all/seed-7/", "--yes", in: folder).status == 0)
    #expect(try folder.names == [])
  }

  @Test("a run that its evaluations have ended becomes longer by force, or by another rule")
  func endedEarly() throws {
    let folder = try TemporaryFolder()
    func status(_ run: String) throws -> RunSummary { RunSummary(path: folder(run)) }
    func train(_ run: String, _ flags: [String]) throws {
      let outcome = try Command.run(
        ["train", "swimmer-nres", "--run-dir", run] + Command.tiny + flags, in: folder)
      #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome)")
    }
    try train("whole", ["--outer-iterations", "6"])
    try train("parts", ["--outer-iterations", "5", "--stop-at", "-1e6"])
    let configuration = try Data(contentsOf: URL(filePath: folder("parts/config.json")))
    let held = try Command.run("resume", "parts", "--outer-iterations", "6", in: folder)
    #expect(held.status == 0 && held.error.isEmpty)
    #expect(
      held.output
        == "parts: finished iteration 0: reward reached -1000000; to make it longer give --force, or "
        + "another --stop-at, --stop-for or --patience\n")
    #expect(try Data(contentsOf: URL(filePath: folder("parts/config.json"))) == configuration)
    // Its rule from there on ends it one evaluation later.
    let forced = try Command.run(
      "resume", "parts", "--outer-iterations", "6", "--force", in: folder)
    #expect(forced.status == 0 && forced.error.isEmpty)
    #expect(forced.output.contains("finished iteration 1: reward reached -1000000, reward "))
    let other = try Command.run(
      "resume", "parts", "--outer-iterations", "6", "--stop-at", "1e6", in: folder)
    #expect(other.status == 0 && other.output.contains("\nfinished iteration 6, reward "))
    let summary = try status("parts")
    #expect(summary.state == .finished && summary.configuration?.settings["stop-at"] == "1000000.0")
    #expect(try numbers(folder, "parts") == numbers(folder, "whole"))
    #expect(
      FileManager.default.contentsEqual(
        atPath: folder("parts/theta_trajectory.safetensors"),
        andPath: folder("whole/theta_trajectory.safetensors")))

    // More patience is that of a run which had it from its beginning.
    try train("patient", ["--outer-iterations", "30", "--patience", "4"])
    try train("hasty", ["--outer-iterations", "30", "--patience", "2"])
    #expect(try Command.run("resume", "hasty", "--patience", "4", in: folder).status == 0)
    #expect(try numbers(folder, "hasty") == numbers(folder, "patient"))
    #expect(try status("hasty").status?.iteration == status("patient").status?.iteration)
  }

  @Test("what cannot go on says why")
  func refusals() throws {
    let folder = try TemporaryFolder()
    for (arguments, status, words) in [
      (["resume", "nothing"], 66, "no such run folder"),
      (["resume", "."], 66, "is . a run folder"),
      (["resume", "run", "--outer-iterations", "2"], 65, "at least as many"),
      (
        ["resume", "run", "--outer-iterations", "0"], 64,
        "--outer-iterations is 0: it must be at least 1"
      ),
      (["resume", "run", "--patience", "0"], 64, "--patience is 0: it must be at least 1"),
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
