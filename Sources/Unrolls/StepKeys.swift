public import Randomness

/// The keys of consecutive steps of all particles, derived where they are needed.
public struct StepKeys: Sendable {
  private let shared: Deferred<[PRNGKey]>
  private let first: Int
  private let particleCount: Int

  /// - Parameters:
  ///   - shared: What all particles share, a key a step.
  ///   - first: The step that counts as the first.
  public init(shared: [PRNGKey], from first: Int = 0, particleCount: Int) {
    self.init(shared: Deferred(ready: shared), from: first, particleCount: particleCount)
  }

  /// As above; a task that draws nothing does not pay for the keys.
  public init(shared: Deferred<[PRNGKey]>, from first: Int = 0, particleCount: Int) {
    self.shared = shared
    self.first = first
    self.particleCount = particleCount
  }

  /// The key of a step of a particle.
  public func key(step: Int, particle: Int) -> StepKey {
    StepKey(shared: shared.value[first + step], particle: particle, particleCount: particleCount)
  }

  /// The keys of the steps from `step` on.
  public func dropping(_ steps: Int) -> StepKeys {
    StepKeys(shared: shared, from: first + steps, particleCount: particleCount)
  }
}
