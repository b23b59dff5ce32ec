import Statistics
import Trainer

/// What was measured of a row, as `--json` prints it.
struct VarianceRecord: Encodable {
  /// The estimator's own name.
  let estimator: String
  /// What papers call it.
  let name: String
  /// Nil of an estimator that has none.
  let noisePeriod: Int?
  let totalVariance: Double?
  let totalVarianceError: Double?
  /// An entry each parameter.
  let mean: [Double]
  let meanErrors: [Double]?
  /// Independent ones.
  let samples: Int
  /// In all samples.
  let estimates: Int
  /// Of one estimate.
  let environmentSteps: Double
  let varianceAtEqualSteps: Double?
  let bias: Double?
  let biasInterval: [Double]?
  let cosine: Double?
  let cosineError: Double?
  let nonFiniteEntries: Int

  init(_ row: VarianceRow, in study: VarianceStudy) {
    let variance = row.moments.totalVariance
    let cosine = row.moments.cosine
    let bias = study.bias(of: row)
    (estimator, name, noisePeriod) = (row.estimator, row.title.name, row.noisePeriod)
    (totalVariance, totalVarianceError) = (variance?.value, variance?.standardError)
    (mean, meanErrors) = (row.moments.mean, row.moments.meanErrors)
    (samples, estimates) = (row.moments.count, row.estimateCount)
    environmentSteps = row.estimateSteps
    varianceAtEqualSteps = study.varianceAtEqualSteps(of: row)
    self.bias = bias?.value
    biasInterval = bias.map { [$0.interval.lowerBound, $0.interval.upperBound] }
    (self.cosine, cosineError) = (cosine?.value, cosine?.standardError)
    nonFiniteEntries = row.nonFiniteCount
  }

  private enum CodingKeys: String, CodingKey {
    case estimator, name, mean, samples, estimates, bias, cosine
    case noisePeriod = "K"
    case totalVariance = "total_variance"
    case totalVarianceError = "total_variance_se"
    case meanErrors = "mean_se"
    case environmentSteps = "env_steps"
    case varianceAtEqualSteps = "variance_at_equal_steps"
    case biasInterval = "bias_interval"
    case cosineError = "cosine_se"
    case nonFiniteEntries = "nonfinite_entries"
  }

  /// What there is not is null, so that every line has every name.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(estimator, forKey: .estimator)
    try container.encode(name, forKey: .name)
    try container.encode(noisePeriod, forKey: .noisePeriod)
    try container.encode(totalVariance, forKey: .totalVariance)
    try container.encode(totalVarianceError, forKey: .totalVarianceError)
    try container.encode(mean, forKey: .mean)
    try container.encode(meanErrors, forKey: .meanErrors)
    try container.encode(samples, forKey: .samples)
    try container.encode(estimates, forKey: .estimates)
    try container.encode(environmentSteps, forKey: .environmentSteps)
    try container.encode(varianceAtEqualSteps, forKey: .varianceAtEqualSteps)
    try container.encode(bias, forKey: .bias)
    try container.encode(biasInterval, forKey: .biasInterval)
    try container.encode(cosine, forKey: .cosine)
    try container.encode(cosineError, forKey: .cosineError)
    try container.encode(nonFiniteEntries, forKey: .nonFiniteEntries)
  }
}
