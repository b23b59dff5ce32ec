import Estimators
import Optimizers
import Randomness
import Unrolls

/// What one iteration's microbatches gave together.
struct GradientUpdate {
  let estimates: [GradientEstimate]
  /// Mean gradient, non-finite entries replaced by 0.
  let gradient: [Float]
  /// How many entries were replaced.
  let nonFiniteCount: Int
  /// Mean loss as it came: where it is not finite the reference logs 20.
  let meanLoss: Double
  /// Of what the steps of all microbatches met.
  let moments: Moments
  let seconds: Double

  /// Runs each microbatch after the other.
  ///
  /// - Parameter key: Draws all of them.
  init(of microbatches: [any GradientEstimator], theta: [Float], key: PRNGKey) throws {
    let started = ContinuousClock.now
    var (chain, _) = key.split()
    var estimates: [GradientEstimate] = []
    for estimator in microbatches {
      let window: PRNGKey
      (chain, window) = chain.split()
      estimates.append(try estimator.estimate(theta: theta, key: window))
    }
    self.init(estimates, seconds: (ContinuousClock.now - started).seconds)
  }

  init(_ estimates: [GradientEstimate], seconds: Double) {
    self.estimates = estimates
    self.seconds = seconds
    let count = Float(estimates.count)
    var sum = estimates[0].gradient
    for estimate in estimates.dropFirst() {
      for index in sum.indices { sum[index] += estimate.gradient[index] }
    }
    for index in sum.indices { sum[index] /= count }
    nonFiniteCount = sanitize(&sum)
    gradient = sum
    moments = estimates.reduce(into: Moments()) { $0.merge($1.moments) }
    meanLoss = Double(estimates.reduce(0) { $0 + $1.meanLoss } / count)
  }

  /// Means over the microbatches of what each has, and what they gave together.
  ///
  /// - Parameter hasReferenceTags: Whether numbers have all the tags that the reference gives them; else
  ///   one each.
  func scalars(of task: String, hasReferenceTags: Bool) -> [Scalar] {
    func mean(_ value: (GradientEstimate) -> Double) -> Double {
      estimates.reduce(0) { $0 + value($1) } / Double(estimates.count)
    }
    var scalars: [Scalar] = []
    if hasReferenceTags {
      scalars.append(Scalar("\(task)/mean_loss", mean { Double($0.meanLoss) }))
    }
    // Of one microbatch these are the norms of the whole.
    if hasReferenceTags || estimates.count > 1 {
      scalars.append(Scalar("\(task)/grad_norm", mean { norm($0.gradient) }))
      scalars.append(Scalar("\(task)/grad_mean_abs", mean { meanMagnitude($0.gradient) }))
    }
    scalars.append(Scalar("\(task)/time", seconds / Double(estimates.count)))
    scalars.append(Scalar("mean_loss", meanLoss))
    if hasReferenceTags { scalars.append(Scalar("best_of_mean_loss", meanLoss)) }
    scalars.append(Scalar("theta_grad_norm", norm(gradient)))
    scalars.append(Scalar("theta_grad_abs_mean", meanMagnitude(gradient)))
    if estimates.allSatisfy({ $0.lossDeviation != nil }) {
      let deviation = mean { Double($0.lossDeviation ?? 0) }
      scalars.append(Scalar("loss_std", deviation))
      if hasReferenceTags { scalars.append(Scalar("\(task)/loss_std", deviation)) }
    }
    return scalars
  }
}

private func norm(_ vector: [Float]) -> Double {
  vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
}

private func meanMagnitude(_ vector: [Float]) -> Double {
  vector.reduce(0) { $0 + Double(abs($1)) } / Double(max(vector.count, 1))
}
