import Envs
import Foundation
import Records
import TestSupport
import Testing

@testable import Trainer
@testable import nres

/// `nres runs` and what belongs to it.
struct RunsTests {
  /// A run in `runs/<name>` that would take an hour, at work.
  private func begin(
    _ name: String, in folder: TemporaryFolder
  ) throws -> Command.Running {
    let running = try Command.Running(
      ["train", "swimmer-nres", "--run-dir", "runs/\(name)"] + Command.tiny
        + ["--outer-iterations", "100000", "--eval-freq", "1000"], in: folder)
    let deadline = ContinuousClock.now + .seconds(60)
    while running.process.isRunning, ContinuousClock.now < deadline {
      let text = try? String(contentsOfFile: folder("runs/\(name)/scalars.csv"), encoding: .utf8)
      if text?.contains("\n2,total_env_steps,") == true { return running }
      usleep(5000)
    }
    running.process.terminate()
    throw InterruptTests.TooSlow(outcome: try running.finish())
  }

  private struct Row: Decodable {
    struct Evaluated: Decodable { var value: Double, iteration: Int }
    var name, state: String
    var iteration, iterations, envSteps: Int?
    var latest, best: Evaluated?
    var bytes: Int
    var problem: String?
  }

  private func rows(in folder: TemporaryFolder) throws -> [String: Row] {
    let outcome = try Command.run("runs", "--json", in: folder)
    #expect(outcome.status == 0)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.nonConformingFloatDecodingStrategy = .byName
    let rows = try outcome.lines.map { try decoder.decode(Row.self, from: Data($0.utf8)) }
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })
  }

  @Test("each state is listed, and what works is neither removed nor moved")
  func states() throws {
    let folder = try TemporaryFolder()
    let diverging = [
      "--outer-optimizer-specs", "SGD||CONSTANT1e30", "--outer-iterations", "30",
      "--no-run-test-during-training", "--on-divergence",
    ]
    func train(_ name: String, _ flags: [String]) throws -> Int32 {
      try Command.run(
        ["train", "swimmer-nres", "--run-dir", "runs/\(name)"] + Command.tiny + flags, in: folder
      ).status
    }
    #expect(try train("finished", []) == 0)
    #expect(try train("failed", diverging + ["fail"]) == 3)
    #expect(try train("diverged", Array(diverging.prefix(2)) + ["--on-divergence", "reset"]) == 3)
    #expect(try train("early", ["--outer-iterations", "50", "--patience", "1"]) == 0)
    let stopped = try begin("stopped", in: folder)
    kill(stopped.process.processIdentifier, SIGINT)
    #expect(try stopped.finish().status == 130)
    let killed = try begin("killed", in: folder)
    kill(killed.process.processIdentifier, SIGKILL)
    #expect(try killed.finish().status == -SIGKILL)
    let running = try begin("running", in: folder)
    // It stands still: that does not make it less alive.
    kill(running.process.processIdentifier, SIGSTOP)
    defer { kill(running.process.processIdentifier, SIGKILL) }
    try FileManager.default.createDirectory(
      atPath: folder("runs/torn"), withIntermediateDirectories: true)
    _ = try folder.file("runs/torn/config.json", "{\"settings\":".utf8)

    let rows = try rows(in: folder)
    let states = rows.mapValues(\.state)
    #expect(
      states == [
        "finished": "finished", "failed": "failed", "diverged": "diverged", "early": "finished",
        "stopped": "stopped", "killed": "killed", "running": "running", "torn": "unreadable",
      ])
    let finished = try #require(rows["finished"])
    #expect(finished.iteration == 3 && finished.iterations == 3 && finished.bytes > 4096)
    #expect(finished.latest?.iteration == 3 && finished.best != nil && finished.envSteps ?? 0 > 0)
    #expect(rows["failed"]?.iteration == 1 && rows["early"]?.iterations == 50)
    #expect(rows["torn"]?.problem?.hasPrefix("runs/torn/config.json: is not ") == true)
    let table = try Command.run("runs", in: folder)
    #expect(table.status == 0 && table.lines.count == 9)
    #expect(table.error.hasPrefix("nres: runs/torn/config.json: is not "))

    for command in [["rm"], ["mv"]] {
      let target = command == ["mv"] ? ["elsewhere"] : []
      let outcome = try Command.run(
        ["runs"] + command + ["runs/running"] + target + ["--yes"], in: folder)
      #expect(outcome.status == 73)
      #expect(outcome.error.hasPrefix("nres: runs/running: the run is still going on"))
    }
    let both = try Command.run("runs", "rm", "runs/failed", "runs/running", "--yes", in: folder)
    #expect(both.status == 73 && both.output.isEmpty)
    #expect(try folder.names == ["runs"] && self.rows(in: folder)["failed"] != nil)
    let removed = try Command.run("runs", "rm", "runs/killed/", "runs/failed", "--yes", in: folder)
    #expect(removed.status == 0 && removed.lines.count == 2)
    #expect(
      try Set(self.rows(in: folder).keys) == Set(states.keys).subtracting(["killed", "failed"]))

    let shown = try Command.run("runs", "show", "runs/running", in: folder)
    #expect(shown.status == 0 && shown.error.isEmpty)
    #expect(shown.output.contains("running, process \(running.process.processIdentifier) on "))
    #expect(shown.output.contains("  nres runs watch runs/running\n"))
    let stoppedRun = try Command.run("runs", "show", "runs/stopped", in: folder)
    #expect(stoppedRun.output.contains("  nres resume runs/stopped\n"))
    #expect(stoppedRun.output.contains("\n  checkpoint  of iteration "))
    let early = try Command.run("runs", "show", "runs/early", in: folder)
    #expect(early.output.contains("no better reward in 1 evaluation"))
  }

  @Test("rm and mv need a terminal or --yes, and take nothing but runs")
  func refusals() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    let names = try Set(FileManager.default.contentsOfDirectory(atPath: folder("run")))
    func refused(_ arguments: String..., status: Int32, _ error: String) throws {
      let outcome = try Command.run(["runs"] + arguments, in: folder)
      #expect(outcome.status == status && outcome.error == "nres: \(error)\n", "\(arguments)")
      #expect(
        try Set(FileManager.default.contentsOfDirectory(atPath: folder("run")))
          .subtracting(["mine.txt"]) == names)
    }
    let missing = "--yes is missing: without a terminal nobody can be asked"
    try refused("rm", "run", status: 64, missing)
    try refused("mv", "run", "other", status: 64, missing)
    try refused("rm", "none", "--yes", status: 66, "none: no such run: `nres runs` lists them")
    try refused(
      "rm", ".", "--yes", status: 73, ".: is another name of a folder: give its own")
    symlink("run", folder("link"))
    try refused(
      "rm", "link", "--yes", status: 73, "link: is another name of a folder: give its own")
    unlink(folder("link"))
    mkdir(folder("other"), 0o777)
    try refused(
      "rm", "other", "--yes", status: 66, "other: is no run's folder: it has no config.json")
    _ = try folder.file("other/config.json", "{\"auths\": {}}".utf8)
    try refused(
      "rm", "other", "--yes", status: 65, "other/config.json: is not a run's configuration")
    try refused(
      "mv", "run", "other", "--yes", status: 73, "other: is there already: choose another name")
    _ = try folder.file("run/mine.txt", [1])
    try refused(
      "rm", "run", "--yes", status: 73,
      "run/mine.txt: is no file that runs make: move it elsewhere, or remove the folder by other means"
    )
    unlink(folder("run/mine.txt"))
    mkdir(folder("place"), 0o777)
    let moved = try Command.run("runs", "mv", "run/", "place", "--yes", in: folder)
    #expect(moved.status == 0 && moved.output == "moved to place/run\n")
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder("place/run"))) == names)
    #expect(try Command.run("evaluate", "place/run", in: folder).status == 0)
    #expect(try Command.run("runs", "rm", "place/run", "--yes", in: folder).status == 0)
    #expect(try folder.names == ["other", "place"])
  }

  @Test("a run with a model of its own is removed with it")
  func model() throws {
    let folder = try TemporaryFolder()
    let outside = try TemporaryFolder()
    let model = try outside.file("swimmer.xml", Locomotion.swimmer.model)
    #expect(try Command.train("--model", model, in: folder).status == 0)
    #expect(FileManager.default.fileExists(atPath: folder("run/model/swimmer.xml")))
    mkdir(folder("run/model/more"), 0o777)
    let refused = try Command.run("runs", "rm", "run", "--yes", in: folder)
    #expect(refused.status == 73 && refused.error.hasPrefix("nres: run/model/more: is no file "))
    rmdir(folder("run/model/more"))
    #expect(try Command.run("runs", "rm", "run", "--yes", in: folder).status == 0)
    #expect(try folder.names == [])
  }

  @Test("a person is asked, and no is no")
  func asked() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    let script = """
      import json, os, pty, subprocess, sys
      ours, theirs = pty.openpty()
      process = subprocess.Popen(sys.argv[3:], cwd=sys.argv[1], stdin=theirs, stdout=subprocess.PIPE)
      os.write(ours, sys.argv[2].encode() + b'\\n')
      text = process.communicate()[0].decode()
      print(json.dumps([str(process.returncode), text]))
      """
    func answer(_ text: String) throws -> [String] {
      try Python.run(
        script, [folder.path, text, try Command.executable.path, "runs", "rm", "run"])
    }
    let no = try answer("")
    #expect(no[0] == "1" && no[1].hasSuffix(")? [y/N] nothing was done\n"))
    #expect(try folder.names == ["run"])
    #expect(try answer("y")[0] == "0")
    #expect(try folder.names == [])
  }

  @Test("a watched run is followed to its end, and a watcher may leave before")
  func watch() throws {
    let folder = try TemporaryFolder()
    let running = try begin("run", in: folder)
    let leaver = try Command.Running(["runs", "watch", "runs/run"], in: folder)
    let watcher = try Command.Running(["runs", "watch", "runs/run"], in: folder)
    for watching in [leaver, watcher] {
      let deadline = ContinuousClock.now + .seconds(60)
      while try watching.printedSoFar().isEmpty, ContinuousClock.now < deadline { usleep(5000) }
    }
    kill(leaver.process.processIdentifier, SIGINT)
    #expect(try leaver.finish().status == 130)
    #expect(running.process.isRunning)
    kill(running.process.processIdentifier, SIGTERM)
    let end = try running.finish()
    let outcome = try watcher.finish()
    #expect(outcome.status == 1 && outcome.error.isEmpty)
    #expect(outcome.lines.first?.wholeMatch(of: /iteration \d+\/100000   .*/) != nil)
    let last = try #require(outcome.lines.last)
    #expect(last.hasPrefix("stopped at iteration "))
    #expect(end.lines.contains(last))
    let finished = try Command.run(
      ["resume", "runs/run", "--max-time", "0.2s"], in: folder)
    #expect(finished.status == 4)
  }

  @Test("a run that its evaluations ended says so, and so does its resumption")
  func early() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.train("--stop-at", "-1e6", in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let line = try #require(outcome.lines.dropLast().last)
    #expect(line.hasPrefix("finished iteration 0: reward reached -1000000, reward "))
    #expect(outcome.lines.last == "run: run")
    let resumed = try Command.run("resume", "run", in: folder)
    #expect(resumed.status == 0 && resumed.error.isEmpty)
    #expect(resumed.output == "run: finished iteration 0: reward reached -1000000\n")
    let watched = try Command.run("runs", "watch", "run", in: folder)
    #expect(watched.status == 0 && watched.lines == [line])
  }

  @Test("where there are no runs that is said")
  func none() throws {
    let folder = try TemporaryFolder()
    let none = try Command.run("runs", in: folder)
    #expect(none.status == 0 && none.output == "there are no runs: `nres train` makes one\n")
    mkdir(folder("empty"), 0o777)
    let empty = try Command.run("runs", "empty", in: folder)
    #expect(empty.output == "there are no runs in empty: `nres train` makes one\n")
    #expect(try Command.run("runs", "empty", "--json", in: folder).output == "")
    let missing = try Command.run("runs", "missing", in: folder)
    #expect(missing.status == 66 && missing.error.hasPrefix("nres: missing: no such folder"))
    for command in ["show", "watch"] {
      let outcome = try Command.run("runs", command, "empty", in: folder)
      #expect(outcome.status == 66)
      #expect(outcome.error == "nres: empty: is no run's folder: it has no config.json\n")
    }
  }
}
