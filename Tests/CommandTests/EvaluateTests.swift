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
}
