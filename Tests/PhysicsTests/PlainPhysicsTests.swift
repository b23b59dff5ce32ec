import Physics
import Testing

/// The dynamics on plain numbers, held to `mj_step` bit for bit.
@Suite struct PlainPhysicsTests {
  @Test(arguments: Body.features) func stepsAsMuJoCoDoes(_ body: Body) throws {
    var refused = 0
    var constrained = 0
    for seed in [0, 2, 5, 6, 8, 10, 13, 14, 16, 17, 64, 80, 96] {
      let world = try World(body.xml)
      let physics = PlainPhysics(try TreeModel(world))
      var excitement = Excitement(seed: seed)
      excitement.start(world)
      // Beyond the limits.
      if seed == 14 { world.positions = world.positions.map { 3 * $0 } }
      for step in 0..<30 {
        excitement.control(world)
        let next = physics.step(world.state, controls: world.controls)
        world.step()
        constrained += world.constraintForces.contains { $0 != 0 } ? 1 : 0
        guard let next else {
          refused += 1
          continue
        }
        try #require(
          bits(next.positions) == bits(world.positions)
            && bits(next.velocities) == bits(world.velocities)
            && bits(next.warmStart) == bits(world.warmStart), "seed \(seed), step \(step)")
      }
    }
    #expect(refused < 20)
    #expect(constrained > 0 || body == .reacher, "\(constrained) steps with constraints")
  }
}
