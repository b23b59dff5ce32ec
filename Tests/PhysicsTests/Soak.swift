import CMuJoCo
import Physics

/// Lanes on every generation of processors that the machine has, and MuJoCo's worlds, that take the
/// same steps, and what came of it.
struct Soak {
  private static let laneCount = 16

  private let body: Body
  private let worlds: [World]
  private let memories: [(generation: Generation, memory: LaneMemory)]
  private var seed: Int
  /// `mj_step`s so far, those with a constraint, and those that lanes left to MuJoCo.
  private(set) var steps = 0
  private(set) var constrained = 0
  private(set) var fallbacks = 0
  /// Steps whose results had other bits, and the first of them.
  private(set) var differences = 0
  private(set) var first: String?

  init(_ body: Body, firstSeed: Int) throws {
    self.body = body
    worlds = try (0..<Self.laneCount).map { _ in try World(body.xml) }
    memories = LaneMemory.ofAllGenerations(try body.program, laneCount: Self.laneCount)
    seed = firstSeed
  }

  /// Starts as many worlds as there are lanes and takes `length` steps in each.
  mutating func run(length: Int) {
    var excitements = worlds.indices.map { Excitement(seed: seed + $0) }
    for (lane, world) in worlds.enumerated() {
      world.reset()
      excitements[lane].start(world)
      load(world, to: lane)
    }
    for step in 0..<length {
      for (lane, world) in worlds.enumerated() {
        // An action lasts some steps.
        if step.isMultiple(of: 4) { excitements[lane].control(world) }
        for (_, memory) in memories { memory.load(controls: world, to: lane) }
      }
      let failed = memories.map { $0.memory.step(1, wanted: $0.memory.allLanes) }
      for (lane, world) in worlds.enumerated() {
        world.step()
        constrained += world.isConstrained ? 1 : 0
        let left = failed.filter { $0 >> UInt64(lane) & 1 == 1 }.count
        let different = zip(memories, failed).first { pair, failed in
          failed >> UInt64(lane) & 1 == 0 && !pair.memory.holds(world, in: lane)
        }
        if let different, first == nil {
          first = "\(body), \(different.0.generation), seed \(seed + lane), step \(step)"
        }
        // What one generation leaves to MuJoCo all do.
        let differs = different != nil || (left != 0 && left != memories.count)
        fallbacks += left > 0 ? 1 : 0
        differences += differs ? 1 : 0
        if left > 0 || differs { load(world, to: lane) }
      }
      steps += worlds.count
    }
    seed += worlds.count
  }

  private func load(_ world: World, to lane: Int) {
    for (_, memory) in memories {
      memory.load(world.state, controls: world.controls, to: lane)
    }
  }

  var summary: String {
    "\(body): \(steps) steps, \(constrained) constrained, \(differences) differences, "
      + "\(fallbacks) left to mj_step" + (first.map { "; first: \($0)" } ?? "")
  }
}

extension World {
  fileprivate var isConstrained: Bool {
    (0..<Int(sizes.nv)).contains { scratch.pointee.qfrc_constraint[$0] != 0 }
  }
}

extension LaneMemory {
  fileprivate func load(controls world: World, to lane: Int) {
    for index in 0..<Int(world.sizes.nu) {
      controls(index)[lane] = world.scratch.pointee.ctrl[index]
    }
  }

  /// Whether a lane has a world's bits.
  fileprivate func holds(_ world: World, in lane: Int) -> Bool {
    let found = world.scratch.pointee
    for index in 0..<program.positionCount
    where positions(index)[lane].bitPattern != found.qpos[index].bitPattern { return false }
    for index in 0..<program.velocityCount
    where velocities(index)[lane].bitPattern != found.qvel[index].bitPattern
      || accelerations(index)[lane].bitPattern != found.qacc_warmstart[index].bitPattern
    { return false }
    return true
  }
}
