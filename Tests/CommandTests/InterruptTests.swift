import Foundation
import Records
import TestSupport
import Testing
import Trainer

/// Runs that end before their last iteration.
struct InterruptTests {
  /// Starts a run that would take an hour, and waits until it is at its fourth iteration.
  private func begin(
    _ flags: String..., in folder: TemporaryFolder
  ) throws -> Command.Running {
    let running = try Command.Running(
      ["train", "swimmer-nres", "--run-dir", "run"] + Command.tiny
        + ["--outer-iterations", "100000", "--no-run-test-during-training"] + flags,
      in: folder)
    let deadline = ContinuousClock.now + .seconds(60)
    while running.process.isRunning, ContinuousClock.now < deadline {
      let text = try? String(contentsOfFile: folder("run/scalars.csv"), encoding: .utf8)
      if text?.contains("\n3,total_env_steps,") == true { return running }
      usleep(5000)
    }
    running.process.terminate()
    throw TooSlow(outcome: try running.finish())
  }

  struct TooSlow: Error { var outcome: Command.Outcome }

  @Test(
    "Ctrl-C, a polite kill and a closed terminal end the run after the iteration, all of it written",
    arguments: [SIGINT, SIGTERM, SIGHUP])
  func interrupt(signal: Int32) throws {
    let folder = try TemporaryFolder()
    let running = try begin(in: folder)
    // A terminal's end is told by shell and system, one after the other.
    for _ in 0..<(signal == SIGHUP ? 3 : 1) { kill(running.process.processIdentifier, signal) }
    let outcome = try running.finish()
    #expect(outcome.status == 128 + signal && outcome.error.isEmpty)
    let line = try #require(outcome.lines.dropLast(2).last)
    let match = try #require(
      line.wholeMatch(of: /stopped at iteration (\d+), (\d+) env steps in \d+:\d\d/), "\(line)")
    let last = try #require(Int(match.1))
    #expect(outcome.lines.suffix(2) == ["run: run", "go on with: nres resume run"])

    #expect(try SavedTheta(path: folder("run")).iterations.elementsEqual(0...last))
    let steps = try readScalars(folder("run/scalars.csv")).filter { $0.tag == "total_env_steps" }
    #expect(steps.map(\.iteration) == Array(0...last))
    #expect(steps.last?.value == Double(match.2))
  }

  @Test("a run that nohup began outlives its terminal")
  func nohup() throws {
    let folder = try TemporaryFolder()
    let statuses: [Int32?] = try Python.run(
      """
      import json, os, signal, subprocess, sys, time
      process = subprocess.Popen(
          sys.argv[2:], cwd=sys.argv[1], stdout=subprocess.PIPE,
          preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
      while b'iteration 0' not in process.stdout.readline():
          pass
      process.send_signal(signal.SIGHUP)
      time.sleep(0.3)
      alive = process.poll()
      process.send_signal(signal.SIGINT)
      process.communicate()
      print(json.dumps([alive, process.returncode]))
      """,
      [folder.path, Command.executable.path, "train", "swimmer-nres", "--run-dir", "run"]
        + Command.tiny + ["--outer-iterations", "100000"])
    #expect(statuses == [nil, 130])
  }

  @Test("a run that was to be evaluated at its end says so when it is stopped")
  func undone() throws {
    let folder = try TemporaryFolder()
    let running = try begin("--run-test-after-training", in: folder)
    kill(running.process.processIdentifier, SIGINT)
    let outcome = try running.finish()
    #expect(outcome.status == 130 && outcome.error.isEmpty)
    let lines = outcome.lines.suffix(4).map { String($0) }
    let patterns = [
      /iteration \d+\/100000   \d+ env steps\/s   mean loss -?\d+\.\d   \S+ left/,
      /stopped at iteration \d+, \d+ env steps in \d+:\d\d/,
      /run: run/,
      /go on with: nres resume run/,
    ]
    #expect(lines.count == 4)
    for (line, pattern) in zip(lines, patterns) {
      #expect(line.wholeMatch(of: pattern) != nil, "\(line)")
    }
    let evaluation = try Command.run("evaluate", "run", "--iteration", "all", in: folder)
    #expect(evaluation.status == 0 && evaluation.lines.count >= 4)
  }

  @Test("of several seeds those after a stopped one are not begun")
  func seeds() throws {
    let folder = try TemporaryFolder()
    let running = try Command.Running(
      ["train", "swimmer-nres", "--run-dir", "run", "--seed-list", "1,2"] + Command.tiny
        + ["--outer-iterations", "100000"], in: folder)
    while running.process.isRunning, try !running.printedSoFar().contains("iteration 0") {
      usleep(5000)
    }
    kill(running.process.processIdentifier, SIGTERM)
    #expect(try running.finish().status == 143)
    #expect(
      Set(try FileManager.default.contentsOfDirectory(atPath: folder("run")))
        == ["seed-1", "seeds.json"])
  }

  /// Phases that would take hours, and what is there when each is under way.
  static let phases: [(name: String, flags: [String], sign: String)] = [
    ("burn-in", ["--horizon-length", "200000", "--K", "200000"], "scalars.csv"),
    (
      "window", ["--horizon-length", "200000", "--gradient-estimator", "FullES"],
      "0,total_env_steps,"
    ),
    (
      "evaluation during training",
      [
        "--horizon-length", "200000", "--gradient-estimator", "FullES",
        "--run-test-during-training",
      ], "scalars.csv"
    ),
  ]

  @Test(
    "Ctrl-C ends the start, a window and an evaluation without waiting for them", arguments: 0..<3)
  func phases(number: Int) throws {
    let folder = try TemporaryFolder()
    let (name, flags, sign) = Self.phases[number]
    let running = try Command.Running(
      ["train", "swimmer-nres", "--run-dir", "run"] + Command.tiny
        + ["--no-run-test-during-training"] + flags, in: folder)
    let deadline = ContinuousClock.now + .seconds(60)
    while running.process.isRunning, ContinuousClock.now < deadline {
      let text = try? String(contentsOfFile: folder("run/scalars.csv"), encoding: .utf8)
      if let text, sign == "scalars.csv" || text.contains(sign) { break }
      usleep(5000)
    }
    kill(running.process.processIdentifier, SIGINT)
    let outcome = try running.finish()
    #expect(outcome.error.isEmpty, "\(name)")
    #expect(outcome.output.contains(/stopped at iteration 0, \d+ env steps in \d/), "\(name)")
    let shape: [Int] = try Python.run(
      """
      import json, sys
      from safetensors.numpy import load_file
      print(json.dumps(load_file(sys.argv[1])['linear/w'].shape))
      """, folder("run/theta_trajectory.safetensors"))
    #expect(shape == [1, 8, 2], "\(name)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("run"))
    #expect(names.count { !$0.hasPrefix("checkpoint") } == 5 && names.count >= 6)
  }

  @Test("of commands that begin in one folder at once one trains, and the others leave it alone")
  func together() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder, run: "alone").status == 0)
    // Every other one cannot begin: Swimmer's policy is the same at every step.
    let running = try (0..<8).map { number in
      try Command.Running(
        ["train", "swimmer-nres", "--run-dir", "a/run"] + Command.tiny
          + (number.isMultiple(of: 2) ? [] : ["--gradient-estimator", "FullES_trajopt"]),
        in: folder)
    }
    let outcomes = try running.map { try $0.finish() }
    // One that could not begin may have had the folder while the others asked.
    #expect(outcomes.count { $0.status == 0 } <= 1)
    for outcome in outcomes where outcome.status != 0 {
      #expect(outcome.error.split(separator: "\n").count == 1)
    }
    if outcomes.allSatisfy({ $0.status != 0 }) {
      #expect(try folder.names == ["alone"])
      return
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("a/run"))
    #expect(names.count == 7 && !names.contains("run.lock"))
    let file = "theta_trajectory.safetensors"
    #expect(
      FileManager.default.contents(atPath: folder("a/run/\(file)"))
        == FileManager.default.contents(atPath: folder("alone/\(file)")))
  }

  @Test("a run that is killed can be evaluated, and other programs read its θ")
  func kill9() throws {
    let folder = try TemporaryFolder()
    let running = try begin(in: folder)
    // Nobody touches a run that lives.
    let path = folder("run/theta_trajectory.safetensors")
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    #expect(try Command.run("evaluate", "run", in: folder).status == 0)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int == size)
    kill(running.process.processIdentifier, SIGKILL)
    #expect(try running.finish().status == -SIGKILL)

    // Until a command opens it, the rows that were not done are zero.
    struct Whole: Decodable { var shape: [Int], rows: Int }
    let whole: Whole = try Python.run(
      """
      import json, sys
      from safetensors import safe_open
      with safe_open(sys.argv[1], 'numpy') as file:
          print(json.dumps({'shape': file.get_tensor('linear/w').shape,
                            'rows': int(file.metadata()['rows'])}))
      """, path)
    #expect(whole.shape == [100_001, 8, 2])
    let last = try #require(SavedTheta(path: folder("run")).iterations.last)
    #expect(whole.rows == last + 1)
    #expect(
      try !FileManager.default.contentsOfDirectory(atPath: folder("run")).contains("run.lock"))
    let outcome = try Command.run("evaluate", "run", "--json", in: folder)
    #expect(outcome.status == 0 && outcome.output.contains("\"iteration\":\(last),"))
    let script = """
      import json, sys
      from safetensors import safe_open
      with safe_open(sys.argv[1], 'numpy') as file:
          theta = file.get_tensor('linear/w')
          print(json.dumps({'shape': theta.shape, 'rows': int(file.metadata()['rows']),
                            'written': int((abs(theta).sum((1, 2)) > 0).sum())}))
      """
    struct Theta: Decodable { var shape: [Int], rows: Int, written: Int }
    let theta: Theta = try Python.run(script, path)
    #expect(theta.shape == [last + 1, 8, 2] && theta.rows == last + 1)
    // θ₀ is zero.
    #expect(theta.written == last)
  }
}
