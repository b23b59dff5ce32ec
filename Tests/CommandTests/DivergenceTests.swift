import Foundation
import TestSupport
import Testing
import Trainer

/// `nres train` of what diverges, and what can still be done with it.
struct DivergenceTests {
  private static let flags = [
    "--on-divergence", "reset", "--outer-optimizer-specs", "SGD||CONSTANT1e30",
  ]

  private func train(_ flags: String..., in folder: TemporaryFolder) throws -> Command.Outcome {
    try Command.run(
      ["train", "swimmer-nres", "--run-dir", "run"] + Command.tiny + Self.flags + flags, in: folder)
  }

  private static let cause = "test/unperturbed_test_reward is nan"

  @Test("it ends with a status of its own, and its last line says since when")
  func diverges() throws {
    let folder = try TemporaryFolder()
    let outcome = try train(in: folder)
    #expect(outcome.status == 3 && outcome.error.isEmpty)
    #expect(
      outcome.lines.last
        == "diverged since iteration 1: \(Self.cause); last found at iteration 3")
    #expect(outcome.lines.contains("the run diverged at iteration 1: \(Self.cause)"))
    #expect(outcome.lines.contains { $0.wholeMatch(of: /[1-9]\d* env steps diverged/) != nil })
    #expect(outcome.lines.contains { $0.hasPrefix("finished iteration 3, reward nan, ") })
    let all = try Command.run("evaluate", "run", "--iteration", "all", in: folder)
    #expect(all.status == 0 && all.error.isEmpty && all.lines.count == 4)
    #expect(all.lines[2].hasPrefix("iteration 2   test/unperturbed_test_reward nan ± nan"))
    let best = try Command.run("evaluate", "run", "--iteration", "best", in: folder)
    #expect(best.lines.first?.hasPrefix("iteration 0 ") == true)
  }

  @Test("it stops at the first such iteration if asked to")
  func stops() throws {
    let folder = try TemporaryFolder()
    let outcome = try train("--on-nonfinite", "stop", in: folder)
    #expect(outcome.status == 3 && outcome.error.isEmpty)
    #expect(outcome.lines.last == "diverged at iteration 1: \(Self.cause)")
    #expect(outcome.lines.contains { $0.hasPrefix("stopped at iteration 1, reward nan, ") })
  }

  @Test("one that an error ends keeps its last iteration, and says where it is")
  func fails() throws {
    let folder = try TemporaryFolder()
    let outcome = try train(
      "--on-divergence", "fail", "--theta-every", "10", "--outer-iterations", "30",
      "--no-run-test-during-training", in: folder)
    #expect(outcome.status == 3)
    #expect(outcome.error.contains("diverged at step "))
    #expect(outcome.lines.suffix(2) == ["failed after iteration 1", "run: run"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder("run")).contains("run.lock")
        == false)
    #expect(try Array(SavedTheta(path: folder("run")).iterations) == [0, 1])
    // One that could not begin has nothing to show.
    let refused = try Command.run(
      ["train", "swimmer-nres", "--run-dir", "other"] + Command.tiny
        + ["--gradient-estimator", "FullES_trajopt"], in: folder)
    #expect(refused.status == 64 && !refused.output.contains("run: "))
  }

  @Test("one of several seeds is enough for the status, and all are trained")
  func seeds() throws {
    let folder = try TemporaryFolder()
    let outcome = try train("--seed-list", "1,2", in: folder)
    #expect(outcome.status == 3)
    #expect(outcome.lines.count { $0.hasPrefix("diverged since iteration 1: ") } == 2)
  }
}
