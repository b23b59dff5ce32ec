import Foundation

/// Mean and standard error of independent numbers.
public struct SampleStatistics: Sendable {
  public let mean: Double
  /// Standard deviation of the mean.
  public let standardError: Double

  public init(_ samples: [Double]) {
    let count = Double(samples.count)
    let mean = samples.reduce(0, +) / count
    self.mean = mean
    let squares = samples.reduce(0) { $0 + pow($1 - mean, 2) }
    standardError = (squares / (count - 1) / count).squareRoot()
  }

  /// Standard errors between the mean and `value`.
  public func distance(to value: Double) -> Double { abs(mean - value) / standardError }
}
