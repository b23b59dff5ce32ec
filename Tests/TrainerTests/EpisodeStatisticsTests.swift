import TestSupport
import Testing
import Trainer

struct EpisodeStatisticsTests {
  @Test func closedForm() {
    let statistics = EpisodeStatistics([1, 2, 3, 6])
    #expect(statistics.mean == 3)
    #expect(statistics.halfWidth == 1.96 * 3.5.squareRoot() / 2)
    #expect(EpisodeStatistics([5]).halfWidth == 0)
  }

  @Test("the reference's evaluations", arguments: ["swimmer", "halfcheetah"])
  func recorded(name: String) throws {
    let golden = try Golden("eval/rl_eval")
    for kind in ["plain_K1000", "smooth_K1000"] {
      let rewards = try golden.doubles("\(name)_\(kind)_rewards")
      let sums = (0..<4).map { episode in
        (0..<1000).reduce(0) { $0 + rewards[4 * $1 + episode] }
      }
      let statistics = EpisodeStatistics(sums)
      // The reference's mean and deviation are float32.
      let recorded = try golden.doubles("\(name)_\(kind)_mean_ci")
      #expect(abs(statistics.mean / recorded[0] - 1) < 2e-7)
      #expect(abs(statistics.halfWidth / recorded[1] - 1) < 2e-7)
    }
  }
}
