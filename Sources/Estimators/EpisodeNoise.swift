public import Randomness

/// One noise for a whole episode (NRES); the next episode's is drawn at the end of the last.
public struct EpisodeNoise: CarriedNoise {
  /// ε of each particle's episode.
  public private(set) var noises: [[Float]]

  /// (unroll, noise) = split(step key).
  public static func stepKeys(from key: PRNGKey) -> WindowKeys.Step {
    let (unroll, noise) = key.split()
    return WindowKeys.Step(noise: noise, unroll: unroll)
  }

  public init(_ window: WindowFrame) {
    noises = window.noises(from: window.keys.noise)
  }

  public static func regrouped(_ noises: [Self], into sizes: [Int]) -> [Self]? {
    Estimators.regrouped(noises.map(\.noises), into: sizes).map(Self.init(noises:))
  }

  private init(noises: [[Float]]) { self.noises = noises }

  public mutating func begin(
    _ window: WindowFrame, at step: Int, clocks: [Int], renewed: inout [Int]
  ) -> Int {
    if step == 0 { renewed.append(contentsOf: noises.indices) }
    return .max
  }

  public mutating func end(
    _ window: WindowFrame, at step: Int, clocks: [Int], renewed: inout [Int]
  ) {
    for particle in noises.indices where clocks[particle] == 0 {
      window.drawNoise(particle, into: &noises[particle], from: window.keys.noises[step - 1])
      renewed.append(particle)
    }
  }

}
