public import Unrolls

/// What a gradient estimator is told besides its task.
public struct EstimatorSettings: Codable, Hashable, Sendable {
  /// N: particles side by side.
  public var particleCount: Int
  /// W: steps unrolled for one estimate; full-episode estimators ignore it.
  public var windowLength: Int
  /// K: steps for which one noise is kept; estimators without a noise period ignore it.
  public var noisePeriod: Int
  /// σ: standard deviation of the noise.
  public var sigma: Double
  /// Whether the gradient is multiplied by σ / standard deviation of the 2N mean losses.
  public var normalizesLoss: Bool
  /// Whether step-unlocked trajectories begin at random steps of their episodes.
  public var startsAtRandomSteps: Bool
  /// Steps a step-unlocked particle runs before the first estimate; nil means one horizon.
  public var burnInLength: Int?

  public init(
    particleCount: Int, windowLength: Int, noisePeriod: Int, sigma: Double,
    normalizesLoss: Bool = false, startsAtRandomSteps: Bool = true, burnInLength: Int? = nil
  ) {
    precondition(particleCount > 0, "N must be positive")
    precondition(windowLength > 0, "W must be positive")
    precondition(noisePeriod > 0, "K must be positive")
    precondition(sigma >= 0 && sigma.isFinite, "σ must be a number that is not negative")
    self.particleCount = particleCount
    self.windowLength = windowLength
    self.noisePeriod = noisePeriod
    self.sigma = sigma
    self.normalizesLoss = normalizesLoss
    self.startsAtRandomSteps = startsAtRandomSteps
    self.burnInLength = burnInLength
  }
}

extension EstimatorSettings {
  /// (L⁺ − L⁻) / (2σ²), the weight of an antithetic pair's noise.
  public func multiplier(of difference: Float) -> Float { difference / Float(2 * sigma * sigma) }

  /// Where the trajectories of a step-unlocked estimator begin.
  public var unlockedStart: EpisodeStart {
    startsAtRandomSteps ? .random(windowLength: windowLength) : .beginning
  }
}
