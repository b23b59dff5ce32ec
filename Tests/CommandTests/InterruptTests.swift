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
    "Ctrl-C and a polite kill end the run after the iteration, with all of it written",
    arguments: [SIGINT, SIGTERM])
  func interrupt(signal: Int32) throws {
    let folder = try TemporaryFolder()
    let running = try begin(in: folder)
    kill(running.process.processIdentifier, signal)
    let outcome = try running.finish()
    #expect(outcome.status == 128 + signal && outcome.error.isEmpty)
    let line = try #require(outcome.lines.dropLast().last)
    let match = try #require(
      line.wholeMatch(of: /stopped at iteration (\d+), (\d+) env steps in \d+:\d\d/), "\(line)")
    let last = try #require(Int(match.1))
    #expect(outcome.lines.last == "run: run")

    #expect(try SavedTheta(path: folder("run")).iterations.elementsEqual(0...last))
    let steps = try readScalars(folder("run/scalars.csv")).filter { $0.tag == "total_env_steps" }
    #expect(steps.map(\.iteration) == Array(0...last))
    #expect(steps.last?.value == Double(match.2))
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
      /evaluations left undone: nres evaluate run --iteration all/,
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
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("run")) == ["seed-1"])
  }

  @Test("a run that is killed can be evaluated, and other programs read its θ")
  func kill9() throws {
    let folder = try TemporaryFolder()
    let running = try begin(in: folder)
    kill(running.process.processIdentifier, SIGKILL)
    #expect(try running.finish().status == -SIGKILL)

    let last = try #require(SavedTheta(path: folder("run")).iterations.last)
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
    let theta: Theta = try Python.run(script, folder("run/theta_trajectory.safetensors"))
    #expect(theta.shape == [100_001, 8, 2] && theta.rows == last + 1)
    // θ₀ is zero, and a row may be there whose count was not written yet.
    #expect([last, last + 1].contains(theta.written))
  }
}
