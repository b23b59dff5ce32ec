import Foundation
import Records
import TestSupport
import Testing

/// `--normalize-observations` on the command line.
struct NormalizationTests {
  @Test("train, rollout, evaluate, export and import know θ's statistics")
  func wholeWay() throws {
    let folder = try TemporaryFolder()
    let train = try Command.train("--normalize-observations", in: folder)
    #expect(train.status == 0, "\(train.error)")
    func reward(_ theta: String, _ flags: String...) throws -> String {
      let outcome = try Command.run(
        [
          "rollout", "Swimmer-v4", "--theta", theta, "--horizon-length", "40", "--seed", "7",
          "--sum",
        ]
          + flags, in: folder)
      #expect(outcome.status == 0, "\(outcome.error)")
      return outcome.output
    }
    let expected = try reward("run")
    #expect(try reward("run", "--physics", "lanes") == expected)
    let export = try Command.run(
      "export", "run", "--format", "npz", "--iteration", "last", "--output", "last.npz", in: folder)
    #expect(export.status == 0)
    #expect(try reward("last.npz") == expected)
    let evaluation = try Command.run("evaluate", "run", "--json", in: folder)
    #expect(evaluation.status == 0, "\(evaluation.error)")
    let evaluated = try JSONDecoder().decode(
      [String: Double].self, from: Data(evaluation.output.utf8))
    let tag = "test/unperturbed_test_reward"
    let rows = try readScalars(folder("run/scalars.csv"))
    #expect(evaluated[tag] == (try #require(rows.last { $0.tag == tag })).value)
    let imported = try Command.run("import", "last.npz", in: folder)
    #expect(imported.output.contains("  observations/deviation[8]\n"))
    #expect(imported.output.contains("fits Swimmer-v4, linear policy of normalized observations\n"))
    #expect(try reward("last.safetensors") == expected)

    let without = try Command.train(
      "--rl-model-path", "last.npz", "--rl-model-iteration", "last", in: folder, run: "other")
    #expect(without.status != 0)
    #expect(
      without.error
        == "nres: last.npz: has statistics of observations, which are of no use without "
        + "--normalize-observations: give it\n")
    #expect(!FileManager.default.fileExists(atPath: folder("other")))
  }
}
