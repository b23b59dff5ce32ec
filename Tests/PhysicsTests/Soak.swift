import CMuJoCo
import Physics

/// Lanes and MuJoCo's worlds that take the same steps, and what came of it.
struct Soak {
  private static let laneCount = 16

  private let body: Body
  private let worlds: [World]
  private let memory: LaneMemory
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
    memory = LaneMemory(try body.program, laneCount: Self.laneCount)
    seed = firstSeed
  }

  /// Starts as many worlds as there are lanes and takes `length` steps in each.
  mutating func run(length: Int) {
    var excitements = worlds.indices.map { Excitement(seed: seed + $0) }
    for (lane, world) in worlds.enumerated() {
      world.reset()
      excitements[lane].start(world)
      memory.load(world.state, controls: world.controls, to: lane)
    }
    for step in 0..<length {
      for (lane, world) in worlds.enumerated() {
        // An action lasts some steps.
        if step.isMultiple(of: 4) { excitements[lane].control(world) }
        memory.load(controls: world, to: lane)
      }
      let failed = memory.step(1, wanted: memory.allLanes)
      for (lane, world) in worlds.enumerated() {
        world.step()
        constrained += world.isConstrained ? 1 : 0
        let isLeft = failed >> UInt64(lane) & 1 == 1
        let differs = !isLeft && !memory.holds(world, in: lane)
        if differs, first == nil { first = "\(body), seed \(seed + lane), step \(step)" }
        fallbacks += isLeft ? 1 : 0
        differences += differs ? 1 : 0
        if isLeft || differs { memory.load(world.state, controls: world.controls, to: lane) }
      }
      steps += worlds.count
    }
    seed += worlds.count
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
