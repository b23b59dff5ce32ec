package import Statistics

/// What independent samples of a gradient estimator at one θ say of it.
///
/// A sample is the mean of some estimates g that follow each other and share noise with each other, but
/// with no other sample.
package struct GradientMoments: Sendable {
  private struct Sample {
    /// Of its estimates.
    var mean: [Double]
    /// Mean of g/|g|.
    var direction: [Double]
    /// Mean of |g|².
    var square: Double
  }

  private var samples: [Sample] = []
  /// Of the samples' means.
  private var sum: [Double] = []

  package init() {}

  package var count: Int { samples.count }

  /// Adds a sample of some estimates, each of θ's shape.
  package mutating func add(_ estimates: [[Float]]) {
    precondition(!estimates.isEmpty, "of some estimates")
    let size = estimates[0].count
    var sample = Sample(
      mean: [Double](repeating: 0, count: size), direction: [Double](repeating: 0, count: size),
      square: 0)
    let share = 1 / Double(estimates.count)
    for estimate in estimates {
      let square = estimate.reduce(0) { $0 + Double($1) * Double($1) }
      let perLength = square > 0 ? share / square.squareRoot() : 0
      for index in 0..<size {
        let entry = Double(estimate[index])
        sample.mean[index] += share * entry
        sample.direction[index] += perLength * entry
      }
      sample.square += share * square
    }
    if sum.isEmpty { sum = [Double](repeating: 0, count: size) }
    for index in 0..<size { sum[index] += sample.mean[index] }
    samples.append(sample)
  }

  /// E g; empty of no samples.
  package var mean: [Double] { sum.map { $0 / Double(count) } }

  /// The standard error of each entry of ``mean``; nil of fewer than two samples.
  package var meanErrors: [Double]? {
    guard count > 1 else { return nil }
    return sum.indices.compactMap { index in
      Jackknife(meanOf: samples.map { $0.mean[index] }).standardError
    }
  }

  /// tr Cov g = E|g|² − |E g|², without bias; nil of fewer than two samples.
  package var totalVariance: Jackknife? {
    guard let squaredMean else { return nil }
    let squares = Jackknife(meanOf: samples.map(\.square))
    return Jackknife(
      squares.value - squaredMean.value,
      leftOut: zip(squares.leftOut, squaredMean.leftOut).map { $0 - $1 })
  }

  /// The cosine of an estimate to the mean of the other samples, with the standard error of its mean; nil
  /// of fewer than two samples.
  package var cosine: Jackknife? {
    guard count > 1 else { return nil }
    return Jackknife(
      meanOf: samples.map { sample in
        let others = zip(sum, sample.mean).map { $0 - $1 }
        let length = dot(others, others).squareRoot()
        return length > 0 ? dot(sample.direction, others) / length : 0
      })
  }

  /// |E g − E h|, h the estimates of another estimator, with an interval of 95 %: of its square, without
  /// bias, where that is positive. Nil where either has fewer than three samples.
  ///
  /// With d the difference of the means and C its covariance, the square's variance is 4 d·Cd + 2 tr C² for
  /// normal noise, of which the second part alone is there where d is 0.
  package func bias(
    against other: GradientMoments
  ) -> (value: Double, interval: ClosedRange<Double>)? {
    guard count > 2, other.count > 2, let own = squaredMean, let others = other.squaredMean else {
      return nil
    }
    let difference = zip(mean, other.mean).map { $0 - $1 }
    let square = own.value + others.value - 2 * dot(mean, other.mean)
    let deviations = deviationsOfMean + other.deviationsOfMean
    let along = deviations.reduce(0) { sum, deviation in
      let product = dot(difference, deviation)
      return sum + product * product
    }
    let alone = 2 * squaredCovarianceTrace(of: deviations)
    // The difference itself is noisy, which makes the first part too large by twice the second.
    let reach = 1.96 * max(4 * along - alone, alone).squareRoot()
    func length(_ square: Double) -> Double { max(0, square).squareRoot() }
    return (length(square), length(square - reach)...length(square + reach))
  }

  /// Vectors v whose Σ v vᵀ is the covariance of the mean.
  private var deviationsOfMean: [[Double]] {
    let center = mean
    let scale = 1 / Double(count * (count - 1)).squareRoot()
    return samples.map { sample in zip(sample.mean, center).map { scale * ($0 - $1) } }
  }

  /// |E g|² without bias: the mean of the products of two different samples' means. Nil of fewer than two.
  private var squaredMean: Jackknife? {
    guard count > 1 else { return nil }
    func perPair(_ square: Double, _ own: Double, _ count: Double) -> Double {
      (square - own) / (count * (count - 1))
    }
    let own = samples.map { dot($0.mean, $0.mean) }
    let allOwn = own.reduce(0, +)
    let square = dot(sum, sum)
    let leftOut = zip(samples, own).map { sample, own in
      perPair(square - 2 * dot(sum, sample.mean) + own, allOwn - own, Double(count - 1))
    }
    return Jackknife(
      perPair(square, allOwn, Double(count)), leftOut: count > 2 ? leftOut : [])
  }
}

/// tr C², C = Σ v vᵀ: by C's entries or by the products of all pairs, whichever are fewer.
private func squaredCovarianceTrace(of vectors: [[Double]]) -> Double {
  guard let size = vectors.first?.count else { return 0 }
  guard size <= vectors.count else {
    return vectors.reduce(0) { sum, one in
      sum
        + vectors.reduce(0) { sum, other in
          let product = dot(one, other)
          return sum + product * product
        }
    }
  }
  return (0..<size).reduce(0) { sum, row in
    var entries = [Double](repeating: 0, count: size)
    for vector in vectors {
      for column in 0..<size { entries[column] += vector[row] * vector[column] }
    }
    return sum + dot(entries, entries)
  }
}

private func dot(_ one: [Double], _ other: [Double]) -> Double {
  var sum = 0.0
  for index in one.indices { sum += one[index] * other[index] }
  return sum
}
