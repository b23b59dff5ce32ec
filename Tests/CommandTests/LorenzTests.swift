import Foundation
import Records
import TestSupport
import Testing
import Trainer

/// Runs of `nres train lorenz`.
struct LorenzTests {
  static let tiny = [
    "--num-particles", "4", "--horizon-length", "40", "--trunc-length", "10",
    "--outer-iterations", "12", "--threads", "1",
  ]

  static func train(
    _ flags: String..., in folder: TemporaryFolder, run: String = "run"
  ) throws -> Command.Outcome {
    try Command.run(["train", "lorenz-nres", "--run-dir", run] + tiny + flags, in: folder)
  }

  @Test("a run prints its test loss, and its saved evaluations are those of nres evaluate")
  func run() throws {
    let folder = try TemporaryFolder()
    let outcome = try Self.train(in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let lines = [
      /lorenz-nres \(seed 101\) -> run/,
      /iteration 0\/12/,
      /evaluating iteration 10\/12   test loss \d+\.\d{3}   \d:\d\d left/,
      /finished iteration 12, test loss \d+\.\d{3} at iteration 10, 1020 env steps in 0:\d\d/,
      /run: run/,
    ]
    #expect(outcome.lines.count == lines.count)
    for (line, pattern) in zip(outcome.lines, lines) {
      #expect(line.wholeMatch(of: pattern) != nil, "\(line)")
    }
    let rows = try readScalars(folder("run/scalars.csv"))
    let losses = rows.filter { $0.tag == "test/unperturbed_meta_test_loss" }
    #expect(losses.map(\.iteration) == [0, 10])
    let best = try #require(losses.min { $0.value < $1.value }).iteration
    for (which, iteration) in [("best", best), ("0", 0), ("10", 10)] {
      let printed = try Command.run("evaluate", "run", "--iteration", which, "--json", in: folder)
      let object = try JSONDecoder().decode(
        [String: Double].self, from: Data(printed.output.utf8))
      var expected = ["iteration": Double(iteration)]
      for row in rows where row.iteration == iteration && row.tag.hasPrefix("test/") {
        expected[row.tag] = row.value
      }
      #expect(object == expected && expected.count == 5)
    }
    let text = try Command.run("evaluate", "run", in: folder).output
    #expect(
      text.wholeMatch(
        of: /iteration 12   test\/unp\S+ \S+\.\d{4} ± \S+   test\/smoothed\S+ \S+ ± \S+\n/) != nil,
      "\(text)")
    let export = try Command.run(
      "export", "run", "--format", "csv", "--iteration", "best", in: folder)
    #expect(export.output == "theta\(best).csv: iteration \(best)\n")
  }

  @Test("flags alone say the same as a preset that they repeat")
  func flags() throws {
    let folder = try TemporaryFolder()
    #expect(try Self.train(in: folder, run: "preset").status == 0)
    let outcome = try Command.run(
      [
        "train", "lorenz", "--gradient-estimator", "TruncatedPESK", "--K", "2001", "--sigma",
        "0.04", "--outer-optimizer-specs", "SGD||CONSTANT1e-5", "--init-seed", "1",
        "--remaining-seed", "101", "--lorenz-dt", "0.005", "--lorenz-init-loga", "3.116",
        "--lorenz-init-logr", "3.7", "--lorenz-single-init", "--run-dir", "flags",
      ] + Self.tiny, in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(outcome.output.hasPrefix("lorenz-TruncatedPESK (seed 101) -> flags\n"))
    let name = "theta_trajectory.safetensors"
    #expect(
      FileManager.default.contents(atPath: folder("flags/\(name)"))
        == FileManager.default.contents(atPath: folder("preset/\(name)")))
    let other = try Self.train(
      "--no-lorenz-single-init", "--lorenz-init-loga", "-3", in: folder, run: "other")
    #expect(other.status == 0)
    let settings = try RunFolder.open(folder("other")).configuration().settings
    #expect(settings["lorenz-single-init"] == "false" && settings["lorenz-init-loga"] == "-3.0")
  }

  @Test("without --run-dir the folder is one of lorenz")
  func defaultFolder() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(["train", "lorenz-nres"] + Self.tiny, in: folder)
    let path = try #require(outcome.lines.last?.split(separator: " ").last)
    #expect(path.wholeMatch(of: /runs\/lorenz\/lorenz-nres-\d{8}-\d{6}/) != nil)
  }

  @Test("a gradient that overflows is said once and counted")
  func notFinite() throws {
    let folder = try TemporaryFolder()
    let outcome = try Self.train("--lorenz-dt", "5", in: folder)
    #expect(outcome.status == 3 && outcome.error.isEmpty)
    #expect(
      outcome.lines.filter { $0.contains("finite") }
        == ["iteration 1: 2 of 2 gradient entries are not finite; taken as 0"])
    #expect(outcome.lines.last?.hasPrefix("diverged since iteration 0: ") == true)
    let counts = try readScalars(folder("run/scalars.csv"))
      .filter { $0.tag == "nonfinite_gradient_entries" }
    #expect(counts.map(\.iteration) == Array(1...12) && counts.allSatisfy { $0.value == 2 })
    let evaluation = try Command.run("evaluate", "run", in: folder)
    #expect(evaluation.status == 0 && evaluation.output.contains(" nan ± nan"))
  }

  @Test("a run that is killed can be evaluated")
  func kill9() throws {
    let folder = try TemporaryFolder()
    let running = try Command.Running(
      ["train", "lorenz-nres", "--run-dir", "run"] + Self.tiny
        + ["--outer-iterations", "10000000"], in: folder)
    let deadline = ContinuousClock.now + .seconds(60)
    while running.process.isRunning, ContinuousClock.now < deadline {
      let text = try? String(contentsOfFile: folder("run/scalars.csv"), encoding: .utf8)
      if text?.contains("\n50,total_env_steps,") == true { break }
      usleep(5000)
    }
    kill(running.process.processIdentifier, SIGKILL)
    #expect(try running.finish().status == -SIGKILL)
    let saved = try SavedTheta(path: folder("run"))
    let last = try #require(saved.iterations.last)
    #expect(last >= 50)
    let outcome = try Command.run("evaluate", "run", "--json", in: folder)
    #expect(outcome.status == 0 && outcome.output.contains("\"iteration\":\(last),"))
    // At most the iteration it was in is lost.
    let rows = try readScalars(folder("run/scalars.csv"))
    let theta = try saved.theta(at: last - 1, layout: saved.layout)
    for (index, tag) in ["Lorenz/log(a)", "Lorenz/log(r)"].enumerated() {
      let row = rows.first { $0.iteration == last - 1 && $0.tag == tag }
      #expect(row?.value == Double(theta[index]))
    }
  }

  @Test("a run of a system is not replayed, and an export of it without evaluations has no best")
  func refusals() throws {
    let folder = try TemporaryFolder()
    #expect(try Self.train("--no-run-test-after-training", in: folder).status == 0)
    let replay = try Command.run("replay", "run", "--numbers", in: folder)
    #expect(replay.status == 65)
    #expect(
      replay.error == "nres: run/config.json: is of a run of 'lorenz', which has no policies: "
        + "give a run of rl\n")
    let best = try Command.run("evaluate", "run", "--iteration", "best", in: folder)
    #expect(best.status == 64)
    #expect(
      best.error.hasPrefix("nres: --iteration best needs a finite evaluation and none is logged"))
  }
}
