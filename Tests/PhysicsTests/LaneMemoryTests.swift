import Physics
import Testing

/// Environments side by side, held to `mj_step` bit for bit.
@Suite struct LaneMemoryTests {
  @Test(arguments: Body.features, [8, 16, 32])
  func stepsAsMuJoCoDoes(_ body: Body, laneCount: Int) throws {
    let worlds = try (0..<laneCount).map { _ in try World(body.xml) }
    let memories = LaneMemory.ofAllGenerations(try body.program, laneCount: laneCount)
    var excitements = (0..<laneCount).map { Excitement(seed: $0) }
    for lane in worlds.indices { excitements[lane].start(worlds[lane]) }
    var refused = 0
    for step in 0..<60 {
      for (lane, world) in worlds.enumerated() {
        excitements[lane].control(world)
        for (_, memory) in memories {
          memory.load(world.state, controls: world.controls, to: lane)
        }
      }
      for world in worlds { world.step(3) }
      for (generation, memory) in memories {
        let failed = memory.step(3, wanted: memory.allLanes)
        for (lane, world) in worlds.enumerated() {
          guard failed >> UInt64(lane) & 1 == 0 else {
            refused += 1
            continue
          }
          let state = memory.state(lane)
          try #require(
            bits(state.positions) == bits(world.positions)
              && bits(state.velocities) == bits(world.velocities)
              && bits(state.warmStart) == bits(world.warmStart),
            "\(generation), lane \(lane), step \(step)")
        }
      }
    }
    #expect(refused < 3 * laneCount * memories.count)
  }

  @Test func lanesThatAreNotWantedDisturbNobody() throws {
    let worlds = try (0..<8).map { _ in try World(Body.halfCheetah.xml) }
    let memory = LaneMemory(LaneProgram(try TreeModel(worlds[0])), laneCount: 8)
    for (lane, world) in worlds.enumerated() {
      var excitement = Excitement(seed: lane)
      excitement.start(world)
      if lane == 3 { world.positions = world.positions.map { _ in .nan } }
      memory.load(world.state, controls: world.controls, to: lane)
    }
    let wanted = memory.allLanes & ~(1 << 3)
    #expect(memory.step(5, wanted: wanted) == 0)
    for (lane, world) in worlds.enumerated() where lane != 3 {
      world.step(5)
      #expect(bits(memory.state(lane).velocities) == bits(world.velocities), "lane \(lane)")
    }
  }

  @Test func controlsThatMuJoCoRefusesAreLeftToIt() throws {
    // The force is limited, the control is not.
    let text = Body.doublePendulum.xml.replacing(
      "ctrllimited=\"true\"", with: "ctrllimited=\"false\"")
    let worlds = try (0..<8).map { _ in try World(text) }
    let memory = LaneMemory(LaneProgram(try TreeModel(worlds[0])), laneCount: 8)
    for (lane, world) in worlds.enumerated() {
      memory.load(world.state, controls: [lane == 2 ? 1e12 : 1e3], to: lane)
    }
    #expect(memory.step(1, wanted: memory.allLanes) == 1 << 2)
  }

  @Test(arguments: [Double.nan, .infinity, 1e300, 2e10, 0])
  func orientationsThatAreNoneAreLeftToMuJoCo(_ number: Double) throws {
    let worlds = try (0..<8).map { _ in try World(Body.marble.xml) }
    let memory = LaneMemory(try Body.marble.program, laneCount: 8)
    worlds[5].positions.replaceSubrange(3..<7, with: [number, 0, 0, 0])
    for (lane, world) in worlds.enumerated() { memory.load(world.state, controls: [], to: lane) }
    #expect(memory.step(1, wanted: memory.allLanes) == 1 << 5)
    #expect(PlainPhysics(try TreeModel(worlds[5])).step(worlds[5].state, controls: []) == nil)
  }

  @Test(arguments: [Double.nan, .infinity, 1e300, 2e10])
  func whatIsOutOfRangeIsLeftToMuJoCo(_ number: Double) throws {
    let worlds = try (0..<8).map { _ in try World(Body.swimmer.xml) }
    let memory = LaneMemory(LaneProgram(try TreeModel(worlds[0])), laneCount: 8)
    worlds[5].velocities[2] = number
    for (lane, world) in worlds.enumerated() {
      memory.load(world.state, controls: [0.5, -0.5], to: lane)
    }
    #expect(memory.step(1, wanted: memory.allLanes) == 1 << 5)
  }
}

extension LaneMemory {
  /// One for each generation of processors that the machine has, beside it.
  static func ofAllGenerations(
    _ program: LaneProgram, laneCount: Int
  ) -> [(generation: Generation, memory: LaneMemory)] {
    Generation.all.map { ($0, LaneMemory(program, laneCount: laneCount, generation: $0)) }
  }

  var allLanes: UInt64 { (1 << UInt64(laneCount)) - 1 }

  func load(_ state: PlainPhysics.State, controls: [Double], to lane: Int) {
    for (index, number) in state.positions.enumerated() { positions(index)[lane] = number }
    for (index, number) in state.velocities.enumerated() { velocities(index)[lane] = number }
    for (index, number) in state.warmStart.enumerated() { accelerations(index)[lane] = number }
    for (index, number) in controls.enumerated() { self.controls(index)[lane] = number }
  }

  func state(_ lane: Int) -> PlainPhysics.State {
    let (nq, nv) = (program.positionCount, program.velocityCount)
    return PlainPhysics.State(
      positions: (0..<nq).map { positions($0)[lane] },
      velocities: (0..<nv).map { velocities($0)[lane] },
      warmStart: (0..<nv).map { accelerations($0)[lane] })
  }
}
