import Randomness
import Statistics
import TestSupport
import Testing
import Trainer

struct GradientMomentsTests {
  /// Samples of `count` estimates each: what a sample has in common and what each estimate has alone are
  /// normal, with these variances in each of three entries.
  private func samples(
    _ number: Int, of count: Int, center: [Float], common: Float, own: Float, seed: UInt64
  ) -> [[[Float]]] {
    PRNGKey(seed: seed).split(number).map { key in
      let numbers = key.normal(3 * (count + 1))
      return (1...count).map { estimate in
        (0..<3).map { index in
          center[index] + common.squareRoot() * numbers[index]
            + own.squareRoot() * numbers[3 * estimate + index]
        }
      }
    }
  }

  private func moments(_ samples: [[[Float]]]) -> GradientMoments {
    var moments = GradientMoments()
    for sample in samples { moments.add(sample) }
    return moments
  }

  private func distance(_ one: [Double], _ other: [Double]) -> Double {
    zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  private func trace(_ vectors: [[Double]]) -> Double {
    let mean = vectors[0].indices.map { index in
      vectors.reduce(0) { $0 + $1[index] } / Double(vectors.count)
    }
    return vectors.reduce(0) { $0 + distance($1, mean) } / Double(vectors.count - 1)
  }

  /// Of samples of one estimate it is the usual Σ|g − ḡ|²/(n − 1), and its error that of leaving out each.
  @Test func singleEstimatesHaveTheUsualVariance() throws {
    let samples = samples(7, of: 1, center: [3, -2, 0.5], common: 1, own: 2, seed: 5)
    let vectors = samples.map { $0[0].map(Double.init) }
    let variance = try #require(moments(samples).totalVariance)
    #expect(abs(variance.value - trace(vectors)) < 1e-10)
    for (index, value) in variance.leftOut.enumerated() {
      var others = vectors
      others.remove(at: index)
      #expect(abs(value - trace(others)) < 1e-10)
    }
    let center = mean(variance.leftOut)
    let spread = variance.leftOut.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    #expect(abs(try #require(variance.standardError) - (6.0 / 7 * spread).squareRoot()) < 1e-10)
  }

  /// What estimates of a sample have in common is a part of the variance of each, and the standard error is
  /// that of a sum of squares of normal numbers.
  @Test func whatASampleSharesCounts() throws {
    let number = 4000
    let measured = moments(
      samples(number, of: 5, center: [3, -2, 0.5], common: 4, own: 1, seed: 7))
    let variance = try #require(measured.totalVariance)
    let error = try #require(variance.standardError)
    #expect(abs(variance.value - 3 * (4 + 1)) < 3 * error)
    // Three entries: a sample's part is 4 χ²₁ + (1/5) χ²₅ + 2 · 2 n · n', whose variance is this.
    let exact = (3.0 * (2 * 16 + 2.0 / 5 + 4 * 4.0 / 5) / Double(number)).squareRoot()
    #expect(abs(error / exact - 1) < 0.05)
    let errors = try #require(measured.meanErrors)
    for (mean, (center, error)) in zip(measured.mean, zip([3, -2, 0.5], errors)) {
      #expect(abs(mean - center) < 4 * error)
      #expect(abs(error / ((4 + 1.0 / 5) / Double(number)).squareRoot() - 1) < 0.05)
    }
  }

  /// The square of the bias is the mean of products over pairs of different samples.
  @Test func biasIsOfPairs() throws {
    let (one, other) = (
      samples(5, of: 2, center: [3, -2, 0.5], common: 0.1, own: 0.1, seed: 1),
      samples(4, of: 3, center: [0, 0, 0], common: 0.1, own: 0.1, seed: 2)
    )
    func means(_ samples: [[[Float]]]) -> [[Double]] {
      samples.map { sample in
        (0..<3).map { index in
          sample.reduce(0) { $0 + Double($1[index]) } / Double(sample.count)
        }
      }
    }
    func product(_ one: [Double], _ other: [Double]) -> Double {
      zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
    }
    func pairs(_ vectors: [[Double]]) -> Double {
      var sum = 0.0
      for (i, one) in vectors.enumerated() {
        for (j, other) in vectors.enumerated() where i != j { sum += product(one, other) }
      }
      return sum / Double(vectors.count * (vectors.count - 1))
    }
    let (m, n) = (means(one), means(other))
    let crossed = m.flatMap { a in n.map { product(a, $0) } }
    let square = pairs(m) + pairs(n) - 2 * mean(crossed)
    let bias = try #require(moments(one).bias(against: moments(other)))
    #expect(abs(bias.value - square.squareRoot()) < 1e-10)
    let turned = try #require(moments(other).bias(against: moments(one)))
    #expect(abs(turned.value - bias.value) < 1e-12)
    #expect(abs(turned.interval.upperBound - bias.interval.upperBound) < 1e-12)
  }

  /// tr C² is the same by entries and by pairs: of vectors shorter than there are samples, and with zeros
  /// behind them of longer ones.
  @Test func intervalsOfShortAndLongVectors() throws {
    let (one, other) = (
      samples(6, of: 2, center: [3, -2, 0.5], common: 1, own: 1, seed: 1),
      samples(5, of: 1, center: [2, -2, 0.5], common: 1, own: 1, seed: 2)
    )
    func long(_ samples: [[[Float]]]) -> GradientMoments {
      moments(samples.map { $0.map { $0 + [Float](repeating: 0, count: 30) } })
    }
    let short = try #require(moments(one).bias(against: moments(other)))
    let longer = try #require(long(one).bias(against: long(other)))
    #expect(abs(short.interval.upperBound - longer.interval.upperBound) < 1e-12)
    #expect(short.interval.upperBound > short.value)
  }

  /// Nineteen intervals of twenty hold the bias, and none is found where there is none.
  @Test func intervalsHoldTheBias() throws {
    let exact = 14.0.squareRoot()
    var found = 0
    var empty = 0
    for seed in 0..<200 {
      let reference = moments(
        samples(40, of: 2, center: [0, 0, 0], common: 1, own: 1, seed: UInt64(3 * seed)))
      let away = moments(
        samples(40, of: 2, center: [1, -2, 3], common: 1, own: 1, seed: UInt64(3 * seed + 1)))
      let here = moments(
        samples(40, of: 2, center: [0, 0, 0], common: 1, own: 1, seed: UInt64(3 * seed + 2)))
      if try #require(away.bias(against: reference)).interval.contains(exact) { found += 1 }
      let none = try #require(here.bias(against: reference)).interval
      if none.lowerBound == 0, none.upperBound > 0 { empty += 1 }
    }
    #expect(found >= 181 && found < 200, "\(found)")
    #expect(empty >= 181, "\(empty)")
  }

  /// Each sample's estimates beside the mean of the others.
  @Test func cosineIsToTheOthers() throws {
    let measured = moments([[[1, 0], [0, 2]], [[3, 0]], [[0, 0]]])
    let root = 0.5.squareRoot()
    // Beside the first are (3, 0) and 0, beside the second (0.5, 1) and 0; the third has no direction.
    let cosines = [root * root, 0.5 / (1.25).squareRoot(), 0]
    #expect(abs(try #require(measured.cosine).value - mean(cosines)) < 1e-12)
    #expect(GradientMoments().cosine == nil && moments([[[1, 2]]]).totalVariance == nil)
    #expect(moments([[[1, 2]], [[2, 1]]]).totalVariance?.standardError == nil)
  }
}
