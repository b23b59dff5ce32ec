import CMuJoCo
import Foundation
import TestSupport

/// How hard a world is driven: where it starts, and how it is controlled.
struct Excitement {
  /// After so many seeds the kinds repeat.
  static let kinds = 256

  private enum Start: Int { case anywhere, atLimits, upsideDown, dropped }
  private enum Spin: Int { case ordinary, none, fast }

  private var generator: SplitMix
  private let spread, gain: Double
  private let kind: Start
  /// Of what turns freely in space.
  private let spin: Spin
  /// Swings, as a policy learns them, in place of noise.
  private let swings: Bool
  private var time = 0.0

  /// - Parameter seed: Of a kind that follows from it, and of its numbers.
  init(seed: Int) {
    generator = SplitMix(state: UInt64(seed))
    spread = [0.1, 0.5, 2, 0.01][seed % 4]
    gain = [1, 0.01, 1.5, 0][seed / 4 % 4]
    kind = Start(rawValue: seed / 32 % 4) ?? .anywhere
    spin = Spin(rawValue: seed / 16 % 2 * (1 + seed % 2)) ?? .ordinary
    swings = seed / 128 % 2 == 1
  }

  mutating func start(_ world: World) {
    world.positions = world.positions.map { $0 + spread * .random(in: -1...1, using: &generator) }
    world.velocities = world.velocities.map { $0 + spread * .random(in: -1...1, using: &generator) }
    let (places, types) = (world.values("jnt_qposadr"), world.values("jnt_type"))
    let (axes, ranges) = (world.values("jnt_axis"), world.values("jnt_range"))
    var hasTurned = false
    for (joint, limited) in world.values("jnt_limited").enumerated() {
      let place = Int(places[joint])
      switch (kind, isLimited: limited != 0, isHinge: types[joint] == 3) {
      case (.atLimits, true, _):
        world.positions[place] = ranges[2 * joint + Int.random(in: 0...1, using: &generator)]
      case (.upsideDown, false, true) where !hasTurned:
        world.positions[place] += .pi
        hasTurned = true
      case (.dropped, false, false) where abs(axes[3 * joint + 2]) > 0.9:
        world.positions[place] += .random(in: 0.5...5, using: &generator)
      default: break
      }
    }
    for (joint, type) in types.enumerated() where type < 2 {
      startFree(joint, isBall: type == 1, world)
    }
  }

  private mutating func startFree(_ joint: Int, isBall: Bool, _ world: World) {
    let translations = isBall ? 0 : 3
    let place = Int(world.values("jnt_qposadr")[joint])
    let dof = Int(world.values("jnt_dofadr")[joint]) + translations
    switch kind {
    case .upsideDown:
      let turned = [0.0, 1, 0, 0]
      for index in 0..<4 { world.positions[place + translations + index] = turned[index] }
    case .dropped where !isBall:
      world.positions[place + 2] += .random(in: 0.5...5, using: &generator)
    default: break
    }
    for index in dof..<dof + 3 {
      world.velocities[index] *= spin == .none ? 0 : spin == .fast ? 30 : 1
    }
  }

  mutating func control(_ world: World) {
    time += 1
    for index in 0..<Int(world.sizes.nu) {
      let number = Double.random(in: -1...1, using: &generator)
      let swing = sin(0.15 * time + 2 * Double(index)) + 0.2 * number
      world.scratch.pointee.ctrl[index] =
        swings ? swing : gain > 1 ? (number > 0 ? gain : -gain) : gain * number
    }
  }
}

/// Bits, so that 0 and −0 differ.
func bits(_ numbers: [Double]) -> [UInt64] { numbers.map(\.bitPattern) }
