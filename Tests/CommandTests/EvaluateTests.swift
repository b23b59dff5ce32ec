import Foundation
import Records
import TestSupport
import Testing

struct EvaluateTests {
  @Test("evaluations of a saved run are the numbers logged while it trained")
  func json() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    let rows = try readScalars(folder("run/scalars.csv")).filter { $0.tag.hasPrefix("test/") }
    let outcome = try Command.run("evaluate", "run", "--iteration", "all", "--json", in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty && outcome.lines.count == 4)
    for (iteration, line) in outcome.lines.enumerated() {
      let object = try JSONDecoder().decode([String: Double].self, from: Data(line.utf8))
      var expected = ["iteration": Double(iteration)]
      for row in rows where row.iteration == iteration { expected[row.tag] = row.value }
      #expect(object == expected && expected.count == 5)
    }

    let rewards = rows.filter { $0.tag == "test/unperturbed_test_reward" }
    let best = try #require(rewards.max { $0.value < $1.value }).iteration
    for (which, iteration) in [("last", 3), ("best", best), ("1", 1)] {
      let text = try Command.run("evaluate", "run", "--iteration", which, in: folder).output
      let pattern =
        /iteration (\d)   test\/unperturbed_test_reward (\S+) ± \S+   test\/smoothed\S+ \S+ ± \S+\n/
      let match = try #require(text.wholeMatch(of: pattern), "\(text)")
      #expect(match.1 == "\(iteration)")
      let reward = try #require(Double(match.2))
      // Two digits are printed.
      #expect(abs(reward - rewards[iteration].value) < 0.0051)
    }
    #expect(
      try Command.run("evaluate", "run", in: folder).output
        == Command.run("evaluate", "run", "--iteration", "3", "--threads", "2", in: folder).output)
  }

  @Test("θ is evaluated with other parameters than it was trained with, which is said")
  func options() throws {
    let folder = try TemporaryFolder()
    #expect(
      try Command.train(
        "--environment", "Hopper-v4", "--env-option", "healthy_reward=0.1", in: folder
      ).status == 0)
    func evaluate(_ words: String...) throws -> (reward: Double, error: String) {
      let outcome = try Command.run(["evaluate", "run", "--json"] + words, in: folder)
      #expect(outcome.status == 0, "\(outcome.error)")
      let values = try JSONDecoder().decode([String: Double].self, from: Data(outcome.output.utf8))
      return (try #require(values["test/unperturbed_test_reward"]), outcome.error)
    }
    let trained = try evaluate()
    let same = try evaluate("--env-option", "healthy_reward=0.10")
    #expect(trained.error.isEmpty && same == trained)
    let one = try evaluate("--env-option", "healthy_reward=1")
    #expect(one.error == "nres: evaluated with healthy_reward=1.0 (trained with 0.1)\n")
    let two = try evaluate("--env-option", "healthy_reward=2", "--env-option", "ctrl_cost_weight=0")
    #expect(
      two.error
        == "nres: evaluated with ctrl_cost_weight=0.0, healthy_reward=2.0 (trained with 0.001, 0.1)\n"
    )
    // The reward of a step alive is a part of the sum.
    #expect(one.reward > trained.reward + 1 && two.reward > one.reward + 1)
    let short = try evaluate("--horizon-length", "1", "--env-option", "healthy_reward=9")
    #expect(
      short.error
        == "nres: evaluated with horizon-length=1, healthy_reward=9.0 (trained with 40, 0.1)\n")
    #expect((8...10).contains(short.reward))
    let unknown = try Command.run("evaluate", "run", "--env-option", "mass=2", in: folder)
    #expect(unknown.status == 64 && unknown.output.isEmpty)
    #expect(
      unknown.error == "nres: --env-option of Hopper-v4: unknown parameter 'mass'; "
        + EnvironmentOptionTests.hoppers + "\n")
  }
}
