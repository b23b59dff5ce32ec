/// What the multipliers of a block's particles multiply in one window: noises, sums of noises, or
/// directions of derivatives.
///
/// They are no part of a ``BlockSum``: where keys give them, they need not be sent.
public struct Directions: Sendable {
  /// A direction and the step of the window that it holds from.
  struct Stretch: Sendable {
    var first: Int
    var direction: [Float]
  }

  /// Of each particle: each direction holds up to the next one's first step.
  private(set) var particles: [[Stretch]]

  public init(particleCount: Int) { particles = Array(repeating: [], count: particleCount) }

  /// Back to nothing, keeping the memory.
  public mutating func clear() {
    for particle in particles.indices { particles[particle].removeAll(keepingCapacity: true) }
  }

  /// Says what a particle's multipliers multiply from a step of the window on.
  public mutating func use(_ direction: [Float], for particle: Int, from step: Int = 0) {
    particles[particle].append(Stretch(first: step, direction: direction))
  }

  /// Says what the multipliers of some particles multiply from a step on, of all particles' directions.
  public mutating func use(_ directions: [[Float]], of particles: [Int], from step: Int) {
    for particle in particles { use(directions[particle], for: particle, from: step) }
  }

  /// Says what each particle's multipliers multiply from the window's first step on.
  public mutating func use(_ directions: [[Float]]) {
    for particle in directions.indices { use(directions[particle], for: particle) }
  }
}
