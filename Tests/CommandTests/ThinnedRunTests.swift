import Foundation
import Records
import TestSupport
import Testing
import Trainer

/// `--theta-every` and what reads its runs.
struct ThinnedRunTests {
  /// A folder with a run of iterations 0, 2, 4 and 5.
  private func trained() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let outcome = try Command.train(
      "--outer-iterations", "5", "--theta-every", "2", in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    return folder
  }

  @Test("every command finds an iteration by its number")
  func commands() throws {
    let folder = try trained()
    #expect(try Command.train("--outer-iterations", "5", in: folder, run: "all").status == 0)
    for line in [
      "evaluate RUN --iteration 0,4,last --json", "replay RUN --numbers --iterations 4,2,last",
      "rollout swimmer-v4 --theta RUN --iteration 4 --sum", "rollout swimmer-v4 --theta RUN --sum",
    ] {
      func output(_ run: String) throws -> String {
        let words = line.replacing("RUN", with: run).split(separator: " ").map { String($0) }
        let outcome = try Command.run(words, in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        return outcome.output
      }
      #expect(try output("run") == output("all"))
    }
    let best = try Command.run("evaluate", "run", "--iteration", "best", "--json", in: folder)
    let kept = try Command.run("evaluate", "run", "--iteration", "all", "--json", in: folder)
    #expect(kept.lines.count == 4 && kept.output.contains(best.output))
  }

  @Test("θ is exported and imported with its iterations where the format has a place for them")
  func export() throws {
    let folder = try trained()
    for (format, count) in [
      ("safetensors", "4 iterations (0, 2, 4, 5)"), ("csv", "4 iterations (0, 2, 4, 5)"),
      ("npz", "4 iterations"),
    ] {
      let export = try Command.run(
        "export", "run", "--format", format, "--output", "theta", in: folder)
      #expect(export.output == "theta: 4 iterations (0, 2, 4, 5)\n" && export.error.isEmpty)
      let result = try Command.run("import", "theta", "--output", "back", in: folder)
      #expect(result.output.hasPrefix("theta: \(format), \(count)\n"))
      let replay = try Command.run("replay", "back", "--numbers", in: folder)
      #expect(replay.output.hasPrefix(format == "npz" ? "iteration 3 " : "iteration 5 "))
      for name in ["theta", "back"] { try FileManager.default.removeItem(atPath: folder(name)) }
    }
  }

  static let refusals = [
    Refusal(
      "evaluate run --iteration 3",
      "--iteration 3 was not kept (--theta-every 2): choose 2 or 4"),
    Refusal(
      "replay run --numbers --iterations 0,1",
      "--iterations 1 was not kept (--theta-every 2): choose 0 or 2"),
    Refusal(
      "export run --format npz --iteration 3",
      "--iteration 3 was not kept (--theta-every 2): choose 2 or 4"),
    Refusal(
      "rollout swimmer-v4 --theta run --iteration 3",
      "--iteration 3 was not kept (--theta-every 2): choose 2 or 4"),
    Refusal(
      "train swimmer-nres --run-dir x --rl-model-path run --rl-model-iteration 3",
      "--rl-model-iteration 3 was not kept (--theta-every 2): choose 2 or 4"),
    Refusal(
      "train lorenz-nres --run-dir x --theta-every 20",
      "--run-test-after-training evaluates iteration 10 (--eval-freq 10), which --theta-every 20 "
        + "does not keep: choose a divisor of 10, or --run-test-during-training"),
    Refusal(
      "train lorenz-nres --run-dir x --theta-every 0", "--theta-every is 0: it must be at least 1"),
  ]

  @Test("iterations that were not kept are refused in one line that says which are near")
  func refused() throws {
    let folder = try trained()
    for refusal in Self.refusals {
      let outcome = try refusal.run(in: folder)
      #expect(outcome.status == refusal.status && outcome.output.isEmpty, "\(refusal.line)")
      #expect(outcome.error == "nres: \(refusal.error)\n")
    }
    #expect(try folder.names == ["run"])
  }

  @Test("Ctrl-C keeps the iteration that a run came to, and a killed run can be evaluated")
  func ended() throws {
    for signal in [SIGINT, SIGKILL] {
      let folder = try TemporaryFolder()
      let running = try Command.Running(
        ["train", "swimmer-nres", "--run-dir", "run"] + Command.tiny + [
          "--outer-iterations", "100000", "--no-run-test-during-training", "--theta-every", "50",
        ], in: folder)
      let deadline = ContinuousClock.now + .seconds(60)
      while running.process.isRunning, ContinuousClock.now < deadline {
        let saved = try? SavedTheta(path: folder("run"))
        if saved?.iterations.count ?? 0 > 1 { break }
        usleep(5000)
      }
      kill(running.process.processIdentifier, signal)
      _ = try running.finish()
      let last = try #require(SavedTheta(path: folder("run")).iterations.last)
      let logged = try readScalars(folder("run/scalars.csv")).last?.iteration
      #expect(last >= 50 && (signal == SIGINT ? last == logged : last.isMultiple(of: 50)))
      let outcome = try Command.run("evaluate", "run", "--json", in: folder)
      #expect(outcome.status == 0 && outcome.output.contains("\"iteration\":\(last),"))
    }
  }
}
