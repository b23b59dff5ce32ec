import Foundation
import TestSupport
import Testing

/// The document's lines for Gymnasium, run as they stand there.
struct GymnasiumTests {
  /// The Python block of a document that has `word` in it.
  private func block(with word: String, of document: String) throws -> String {
    let blocks = try OutsidePackage.text(of: document).split(separator: "```python\n").dropFirst()
      .compactMap { $0.split(separator: "```").first }
    return String(try #require(blocks.first { $0.contains(word) }))
  }

  @Test func policyGetsTheSameRewardInGymnasium() throws {
    let folder = try TemporaryFolder()
    for line in [
      "train swimmer-nres --outer-iterations 2 --num-particles 2 --run-dir run --eval-freq 1",
      "export run --iteration best --format npz --output best.npz",
    ] {
      let outcome = try Command.run(line.split(separator: " ").map(String.init), in: folder)
      try #require(outcome.status == 0, "\(outcome.error)")
    }
    let rollout = try Command.run(
      "rollout", "Swimmer-v4", "--theta", "best.npz", "--sum", "--json", in: folder)
    let ours = try JSONDecoder().decode(RolloutTests.Sum.self, from: Data(rollout.output.utf8))

    let code = try block(with: "gymnasium", of: "Documentation/python.md")
    let theirs: Double = try Python.run(
      "import os, sys\nos.chdir(sys.argv[1])\n" + code, folder.path)
    // Theirs is a newer MuJoCo, and NumPy adds the products of `@` in another order.
    #expect(abs(theirs - ours.reward) < 1e-3 * abs(ours.reward), "\(theirs) \(ours.reward)")
  }
}
