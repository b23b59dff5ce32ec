import Foundation
import TestSupport
import Testing

@testable import Trainer
@testable import nres

/// What a progress line says.
struct ProgressLineTests {
  private let headline = Headline(
    tag: "test/reward", label: "reward", isHigherBetter: true, decimals: 1)

  private func progress(evaluated: Int?) -> TrainingProgress {
    TrainingProgress(
      iteration: 30, iterations: 90, stepsPerSecond: 12345.6, seconds: 65, meanLoss: -1.25,
      latest: evaluated.map { _ in Scalar("test/reward", 324.06) }, evaluatedIteration: evaluated,
      isEvaluating: false)
  }

  @Test("an evaluation of an older iteration says which")
  func age() {
    func line(_ evaluated: Int?) -> String {
      progress(evaluated: evaluated).line(headline, columns: .max)
    }
    #expect(line(30) == "iteration 30/90   12346 env steps/s   reward 324.1   2:10 left")
    #expect(
      line(20) == "iteration 30/90   12346 env steps/s   reward 324.1 at iteration 20   2:10 left")
    #expect(line(nil) == "iteration 30/90   12346 env steps/s   mean loss -1.2   2:10 left")
  }

  @Test("where there is little room the speed is left out first, then space, then the end")
  func room() {
    let progress = progress(evaluated: 30)
    #expect(progress.line(headline, columns: 62).count == 62)
    let short = "iteration 30/90   reward 324.1   2:10 left"
    for columns in [1, 42, 61] { #expect(progress.line(headline, columns: columns) == short) }
    #expect(shortened(short, to: 42) == short)
    #expect(shortened(short, to: 41) == "iteration 30/90 reward 324.1 2:10 left")
    #expect(shortened(short, to: 37) == "iteration 30/90 reward 324.1 2:10 le…")
    #expect(shortened(short, to: 1) == "…")
  }

  @Test("a live line is never wider than the terminal, which may change its size")
  func terminal() throws {
    let folder = try TemporaryFolder()
    let shown = try Terminal.train(["--outer-iterations", "100000"], resizing: 24, in: folder)
    #expect(shown.status == 130)
    let wide = shown.before.split(separator: "\r").filter { $0.hasPrefix("iteration ") }
    #expect(wide.allSatisfy { $0.count <= 49 } && wide.contains { $0.count > 23 })
    let last = try #require(shown.after.split(separator: "\r\n").first?.split(separator: "\r").last)
    #expect(last.count == 23 && last.hasPrefix("iteration "), "\(last)")
  }
}
