import Estimators
import Parameters
import Randomness
import Settings
import Snapshots
import Statistics
import TestSupport
import Testing
import Unrolls
import Workers

@testable import Trainer

/// A linear system, whose variances are known, as a run trains it.
private struct LinearApplication: Application {
  typealias Settings = NoSettings

  static let family = "linear"
  static let title = "Linear"
  static let horizon = 8
  static let headline = Headline(
    tag: "test/loss", label: "loss", isHigherBetter: false, decimals: 3)

  let name = "linear"
  /// Forgets quickly, so that most of what older noises add is variance.
  let task = LinearSystemTask(
    horizon: 8, decay: 0.1, gain: 0.5, initialState: [1, 0, -1],
    loss: .linear(weights: [1, -2, 0.5]))

  init(_ plan: TrainingPlan) {}

  var layout: ParameterLayout { task.layout }

  func initialParameters(key: PRNGKey) -> [Float] { [0.4, -0.3, 0.2] }

  func makeEstimator(
    _ plan: TrainingPlan, theta: [Float], key: PRNGKey, pool: WorkerPool, state: Snapshot?,
    share: ParticleShare?
  ) throws -> any GradientEstimator {
    try plan.estimator.make(
      task, settings: plan.estimatorSettings, theta: theta, key: key, pool: pool)
  }

  func evaluate(
    _ plan: TrainingPlan, theta: [Float], keys: IterationKeys, pool: WorkerPool
  ) throws -> [Scalar] { [] }
}

struct VarianceStudyTests {
  private static let theta: [Float] = [0.4, -0.3, 0.2]

  private static func settings(threads: Int = 1) -> RunSettings {
    RunSettings([
      "application": "lorenz", "gradient-estimator": "TruncatedPESK", "horizon-length": "8",
      "trunc-length": "2", "num-particles": "2", "sigma": "0.5", "threads": "\(threads)",
    ])
  }

  private func study(
    _ estimators: String? = nil, periods: String? = nil, samples: Int,
    settings: RunSettings = settings()
  ) throws -> VarianceStudy {
    let rows = try VarianceRow.rows(settings, estimators: estimators, periods: periods)
    let application = LinearApplication(rows[0].plan)
    var study = VarianceStudy(rows, of: application, theta: Self.theta)
    try study.run(.samples(samples))
    return study
  }

  private func square(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 } }

  /// tr Cov of the mean of N = 2 particles' estimates, K a multiple of W: with G_k the gradient of a window
  /// with respect to the inputs of its noise period k of m, in d dimensions, the expected square of a
  /// particle's is m d Σ |G_k|² + 2 |Σ G_k|² (Li et al. 2023).
  private func totalVariance(noisePeriod: Int) throws -> Double {
    let task = LinearApplication(try TrainingPlan(plan)).task
    let windows = 4
    let second = (0..<windows).reduce(0.0) { sum, window in
      let steps = window * 2 + 1...(window + 1) * 2
      let parts = (0...(steps.lowerBound - 1) / noisePeriod).map { period in
        task.meanLossGradient(theta: Self.theta) { step, input in
          steps.contains(step) && (input - 1) / noisePeriod == period
        }.map { $0 * Double(windows) }
      }
      let whole = Self.theta.indices.map { index in parts.reduce(0) { $0 + $1[index] } }
      return sum + Double(parts.count * 3) * parts.reduce(0) { $0 + square($1) } + 2 * square(whole)
    }
    return (second / Double(windows) - square(task.meanLossGradient(theta: Self.theta))) / 2
  }

  private var plan: RunSettings {
    RunSettings(["K": "2", "outer-optimizer-specs": "SGD||CONSTANT1e0", "outer-iterations": "1"])
      .over(Self.settings())
  }

  @Test("variances are those of the closed form, and fall with K as the paper proves")
  func closedForm() throws {
    let study = try study(periods: "2,4,8", samples: 600)
    #expect(study.rows.map(\.title.text) == ["PES", "GPES, K 4", "NRES"])
    let variances = try study.rows.map { try #require($0.moments.totalVariance) }
    for (row, variance) in zip(study.rows, variances) {
      let exact = try totalVariance(noisePeriod: #require(row.noisePeriod))
      let error = try #require(variance.standardError)
      #expect(abs(variance.value - exact) < 3 * error, "\(row.title.text)")
      #expect(error < 0.08 * exact)
      #expect(row.estimatesPerSample == 4 && row.estimateCount == 2400)
      // Two particles, two sides, two steps.
      #expect(row.estimateSteps == 8)
    }
    for (larger, smaller) in zip(variances, variances.dropFirst()) {
      let error = try (#require(larger.errorSquare) + #require(smaller.errorSquare)).squareRoot()
      #expect(larger.value - smaller.value > 3 * error)
    }
  }

  /// A window's gradient without the inputs before it is what TES gives.
  @Test("a bias is found where there is one")
  func bias() throws {
    let study = try study("TES,PES,FullES", samples: 400, settings: plan)
    let task = LinearApplication(study.rows[0].plan).task
    let truncated = task.meanLossGradient(theta: Self.theta) { step, input in
      input > (step - 1) / 2 * 2
    }
    let whole = task.meanLossGradient(theta: Self.theta)
    let exact = square(zip(truncated, whole).map { $0 - $1 }).squareRoot()
    let biases = try study.rows.prefix(2).map { try #require(study.bias(of: $0)) }
    #expect(biases[0].interval.contains(exact) && biases[1].interval.lowerBound == 0)
    #expect(study.bias(of: study.rows[2]) == nil)
    let cosines = try study.rows.map { try #require($0.moments.cosine).value }
    #expect(cosines[2] > cosines[1])
    // TES has a third trajectory, without noise.
    #expect(study.rows[0].estimateSteps == 12)
    // FullES takes an episode of four windows, and one estimate a sample.
    #expect(study.rows[2].estimatesPerSample == 1 && study.rows[2].estimateSteps == 32)
    let equal = try study.rows.map { try #require(study.varianceAtEqualSteps(of: $0)) }
    let variances = try study.rows.map { try #require($0.moments.totalVariance).value }
    #expect(equal == [1.5 * variances[0], variances[1], 4 * variances[2]])
  }

  @Test("numbers are the same again, for any threads and beside any other rows")
  func reproducible() throws {
    func numbers(_ study: VarianceStudy) -> [[Double?]] {
      study.rows.map { row in
        [row.moments.totalVariance?.value, row.moments.totalVariance?.standardError]
          + row.moments.mean
      }
    }
    let one = numbers(try study(periods: "2,8", samples: 5))
    #expect(one == numbers(try study(periods: "2,8", samples: 5)))
    #expect(
      one == numbers(try study(periods: "2,8", samples: 5, settings: Self.settings(threads: 2))))
    #expect(one[1] == numbers(try study("TES,NRES", samples: 5))[1])
    var other = Self.settings()
    other["remaining-seed"] = "1"
    #expect(one != numbers(try study(periods: "2,8", samples: 5, settings: other)))
    // Both are NRES, each with noise of its own.
    let twins = numbers(try study(periods: "8,9", samples: 5))
    #expect(twins[0] != twins[1])
    // Samples that are equal have no variance.
    #expect(one.allSatisfy { $0[0].map { $0 > 0 } == true })
  }

  @Test("two microbatches of half the particles have the variance of all of them")
  func microbatches() throws {
    var settings = Self.settings()
    settings["num-gradient-estimators"] = "2"
    let row = try study(periods: "4", samples: 400, settings: settings).rows[0]
    let variance = try #require(row.moments.totalVariance)
    #expect(
      try abs(variance.value - totalVariance(noisePeriod: 4)) < 3 * #require(variance.standardError)
    )
    #expect(row.estimateSteps == 8)
  }

  @Test("time is shared, each row has what an error needs, and what was measured stays")
  func time() throws {
    let rows = try VarianceRow.rows(Self.settings(), estimators: nil, periods: nil)
    var study = VarianceStudy(rows, of: LinearApplication(rows[0].plan), theta: Self.theta)
    try study.run(.seconds(1e-9))
    #expect(study.rows.map(\.moments.count) == [3, 3])
    var asked = 0
    try study.run(
      .seconds(1000),
      shouldStop: {
        asked += 1
        return asked > 5
      })
    #expect(study.rows.reduce(0) { $0 + $1.moments.count } == 11)
  }
}

/// Which rows are asked for.
struct VarianceRowTests {
  private func rows(
    _ estimators: String? = nil, _ periods: String? = nil, references: Bool = false,
    changes: [String: String] = [:]
  ) throws -> [String] {
    let base = RunSettings(changes).over(
      RunSettings([
        "application": "lorenz", "gradient-estimator": "TruncatedPESK", "horizon-length": "2000",
        "trunc-length": "100", "num-particles": "2", "sigma": "0.5", "K": "2001",
      ]))
    return try VarianceRow.rows(
      base, estimators: estimators, periods: periods, addsReferences: references
    ).map { row in "\(row.estimator) \(row.noisePeriod ?? 0) \(row.title.text)" }
  }

  @Test func chosen() throws {
    let ladder = [
      "TruncatedPESK 100 PES", "TruncatedPESK 400 GPES, K 400", "TruncatedPESK 1600 GPES, K 1600",
      "TruncatedPESK 2000 NRES",
    ]
    #expect(try rows() == ladder)
    #expect(try rows("GPES") == ladder)
    // Preset or not, its name decides no K.
    #expect(try rows(changes: ["gradient-estimator": "PES"]) == ladder)
    #expect(try rows("NRES") == ["TruncatedPESK 2000 NRES"])
    #expect(
      try rows("GPES,TES,FullES")
        == ["TruncatedPESK 2001 NRES", "TruncatedESBiased 0 TES", "FullES 0 FullES"])
    #expect(
      try rows("NRES,TruncatedPESK,DODGE,BPTT", "50,2000")
        == [
          "TruncatedPESK 2000 NRES", "TruncatedPESK 50 GPES, K 50",
          "TruncatedForwardModeK 2000 DODGE", "FullGradient 0 BPTT",
        ])
    #expect(
      try rows("NRES,TBPTT", references: true)
        == [
          "TruncatedPESK 2000 NRES", "TruncatedBPTT 0 TBPTT", "FullES 0 FullES",
          "FullGradient 0 BPTT",
        ])
    #expect(
      try rows("TruncatedForwardModeK", "100,3000")
        == [
          "TruncatedForwardModeK 100 TruncatedForwardModeK, K 100",
          "TruncatedForwardModeK 3000 DODGE",
        ])
    // Without windows.
    #expect(
      try rows("FullPESK", changes: ["trunc-length": "2000"])
        == [31, 124, 496, 1984, 2000].map { "FullPESK \($0) FullPESK, K \($0)" })
  }

  @Test func refused() throws {
    func error(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      error { _ = try rows("NRES,FullES", "5") }
        == "--K is of no use to NRES, FullES: leave it out, or name an estimator with a noise period of "
        + "its own, such as TruncatedPESK")
    #expect(error { _ = try rows(nil, "5,0") } == "--K is 0: it must be at least 1")
    #expect(error { _ = try rows(nil, "5,x") } == "--K is 'x': it must be a whole number")
    #expect(error { _ = try rows(nil, "5,,6") }.hasPrefix("--K is '5,,6': give different values"))
    #expect(
      error { _ = try rows("NRES,FullSE") }.hasPrefix(
        "unknown gradient estimator 'FullSE', did you mean 'FullES'?"))
  }
}
