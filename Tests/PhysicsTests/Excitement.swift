import TestSupport

/// How hard a world is driven: where it starts, and how it is controlled.
struct Excitement {
  private var generator: SplitMix
  private let spread, gain: Double

  /// - Parameter seed: Of a kind that follows from it, and of its numbers.
  init(seed: Int) {
    generator = SplitMix(state: UInt64(seed))
    spread = [0.1, 0.5, 2, 0.01][seed % 4]
    gain = [1, 0.01, 1.5, 0][seed / 4 % 4]
  }

  mutating func start(_ world: World) {
    world.positions = world.positions.map { $0 + spread * .random(in: -1...1, using: &generator) }
    world.velocities = world.velocities.map { $0 + spread * .random(in: -1...1, using: &generator) }
  }

  mutating func control(_ world: World) {
    world.controls = world.controls.map { _ in
      let number = Double.random(in: -1...1, using: &generator) * gain
      return gain > 1 ? (number > 0 ? gain : -gain) : number
    }
  }
}

/// Bits, so that 0 and −0 differ.
func bits(_ numbers: [Double]) -> [UInt64] { numbers.map(\.bitPattern) }
