public import Randomness

/// A new noise every K steps of an episode (GPES_K), whose direction is the sum of the episode's.
public struct PeriodicNoise: CarriedNoise {
  /// ε of each particle, the noise in use.
  public private(set) var noises: [[Float]]
  /// A of each particle, the sum of the episode's noises so far; 0 in an episode that began before
  /// the particle.
  public private(set) var accumulated: [[Float]]

  /// (noise, unroll, ·) = split(step key, 3).
  public static func stepKeys(from key: PRNGKey) -> WindowKeys.Step {
    let (noise, unroll, _) = key.split3()
    return WindowKeys.Step(noise: noise, unroll: unroll)
  }

  public init(_ window: WindowFrame) {
    noises = window.noises(from: window.keys.noise)
    accumulated = noises.map { $0.map { _ in 0 } }
  }

  public static func regrouped(_ noises: [Self], into sizes: [Int]) -> [Self]? {
    zip(
      Estimators.regrouped(noises.map(\.noises), into: sizes),
      Estimators.regrouped(noises.map(\.accumulated), into: sizes)
    ).map(Self.init(noises:accumulated:))
  }

  private init(noises: [[Float]], accumulated: [[Float]]) {
    (self.noises, self.accumulated) = (noises, accumulated)
  }

  public mutating func begin(
    _ window: WindowFrame, at step: Int, clocks: [Int], renewed: inout [Int]
  ) -> Int {
    let period = window.settings.noisePeriod
    var limit = period
    // Asked for once, and only where it is needed.
    var key: PRNGKey?
    for particle in noises.indices {
      let age = clocks[particle] % period
      limit = min(limit, period - age)
      if age == 0 {
        let shared = key ?? window.keys.noises[step]
        key = shared
        window.drawNoise(particle, into: &noises[particle], from: shared)
        for index in window.theta.indices {
          accumulated[particle][index] += noises[particle][index]
        }
      }
      if age == 0 || step == 0 { renewed.append(particle) }
    }
    return limit
  }

  public mutating func end(
    _ window: WindowFrame, at step: Int, clocks: [Int], renewed: inout [Int]
  ) {
    for particle in noises.indices where clocks[particle] == 0 {
      for index in window.theta.indices {
        noises[particle][index] = 0
        accumulated[particle][index] = 0
      }
    }
  }

  public var directions: [[Float]] { accumulated }
}
