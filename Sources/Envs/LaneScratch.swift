import Physics

/// A thread's room to simulate several environments side by side.
///
/// States are loaded into lanes, stepped together as often as wanted, and saved: each has the numbers
/// that ``Simulator/step(_:action:in:)`` gives it alone.
package final class LaneScratch {
  typealias Numbers = SIMD8<Double>

  let simulator: Simulator
  let memory: LaneMemory
  /// For what is done one environment at a time: resets, and steps that only MuJoCo can take.
  let alone: Scratch
  let buffers: LaneBuffers
  /// The states in the lanes, of which the numbers are what was loaded until ``saved()``.
  var states: [EnvironmentState] = []
  /// The results of lanes that went another way.
  var results: [StepResult?]
  /// What lanes have failed with: they stand where they failed, and steps leave them out.
  private(set) var failures: [EnvironmentError?]
  /// Whether an episode at the time limit, or whose simulation diverges, is over: no next one begins,
  /// nothing is thrown, and its lane is to be held.
  package var endsEpisodes = false
  private let lanes: RecordedLanes

  /// - Parameter laneCount: 8, 16 or 32.
  init(_ simulator: Simulator, _ lanes: RecordedLanes, laneCount: Int) throws(EnvironmentError) {
    self.simulator = simulator
    self.lanes = lanes
    memory = LaneMemory(lanes.program, laneCount: laneCount)
    alone = try simulator.makeScratch()
    buffers = LaneBuffers(
      simulator.model.layout, actionCount: simulator.spec.actionCount, laneCount: laneCount)
    results = [StepResult?](repeating: nil, count: laneCount)
    failures = [EnvironmentError?](repeating: nil, count: laneCount)
  }

  deinit { buffers.deallocate() }

  package var laneCount: Int { memory.laneCount }

  /// The most lanes that pay: what lanes have in common is then done seldom enough, and their numbers still
  /// lie near the processor.
  package static let mostLanes = 32

  /// How many of `count` environments go together, so that groups are even and threads busy.
  package static func groupSize(for count: Int, threads: Int) -> Int {
    let groups = max(min(threads, count), (count + mostLanes - 1) / mostLanes)
    return max(1, (count + groups - 1) / max(1, groups))
  }

  /// The least number of lanes with room for some states.
  package static func laneCount(for states: Int) -> Int { states > 16 ? 32 : states > 8 ? 16 : 8 }

  /// The lanes whose episode goes on, and those that stand still (bit l).
  var living: UInt64 {
    get { buffers.masks.pointee.living }
    set { buffers.masks.pointee.living = newValue }
  }
  var held: UInt64 {
    get { buffers.masks.pointee.held }
    set { buffers.masks.pointee.held = newValue }
  }

  /// Whether a lane's episode goes on.
  package func isLiving(_ lane: Int) -> Bool { living >> UInt64(lane) & 1 == 1 }

  func countException() { lanes.countException() }

  /// Takes a lane out.
  func fail(_ lane: Int, _ error: EnvironmentError) {
    failures[lane] = error
    living &= ~(1 << UInt64(lane))
    held |= 1 << UInt64(lane)
  }

  /// Takes states into the lanes.
  ///
  /// - Parameter states: At least one and at most ``laneCount``.
  package func load(_ states: [EnvironmentState]) {
    precondition(1...laneCount ~= states.count, "as many states as lanes at most")
    self.states = states
    buffers.masks.pointee = LaneBuffers.Masks()
    for lane in failures.indices { failures[lane] = nil }
    for lane in states.indices where !states[lane].hasEnded { living |= 1 << UInt64(lane) }
    // Lanes that nobody wants compute something ordinary.
    let filler = states.first { !$0.hasEnded } ?? states[0]
    for lane in 0..<laneCount { write(lane < states.count ? states[lane] : filler, to: lane) }
    gather()
  }

  /// The states as they stand.
  package func saved() -> [EnvironmentState] {
    for lane in states.indices where isLiving(lane) { read(lane) }
    return states
  }

  /// Leaves a lane's state as it stands from here on.
  package func hold(_ lane: Int) {
    let bit: UInt64 = 1 << UInt64(lane)
    if living & bit != 0 { read(lane) }
    living &= ~bit
    held |= bit
  }

  /// Puts a state's numbers into a lane.
  func write(_ state: EnvironmentState, to lane: Int) {
    let layout = simulator.model.layout
    precondition(state.physics.count == layout.count, "a state of another model")
    buffers.times[lane] = state.physics[0]
    buffers.steps[lane] = state.step
    for index in 0..<layout.nq {
      memory.positions(index)[lane] = state.physics[layout.qpos + index]
    }
    for index in 0..<layout.nv {
      memory.velocities(index)[lane] = state.physics[layout.qvel + index]
      memory.accelerations(index)[lane] = state.physics[layout.warmStart + index]
    }
    for index in 0..<layout.computedCount {
      buffers.after[place(ofQuantity: index, lane)][lane % 8] =
        state.physics[layout.computed + index]
    }
  }

  /// Where ``LaneBuffers/after`` has a lane's number of the declared quantities.
  func place(ofQuantity index: Int, _ lane: Int) -> Int {
    let layout = simulator.model.layout
    return lane / 8 * layout.viewCount + layout.nq + layout.nv + index
  }

  /// Puts a lane's numbers into its state.
  func read(_ lane: Int) {
    let layout = simulator.model.layout
    states[lane].step = buffers.steps[lane]
    states[lane].physics[0] = buffers.times[lane]
    for index in 0..<layout.nq {
      states[lane].physics[layout.qpos + index] = memory.positions(index)[lane]
    }
    for index in 0..<layout.nv {
      states[lane].physics[layout.qvel + index] = memory.velocities(index)[lane]
      states[lane].physics[layout.warmStart + index] = memory.accelerations(index)[lane]
    }
    for index in 0..<layout.computedCount {
      states[lane].physics[layout.computed + index] =
        buffers.after[place(ofQuantity: index, lane)][lane % 8]
    }
  }

  /// Copies positions and velocities to ``after``.
  func gather() {
    let layout = simulator.model.layout
    let width = layout.viewCount
    for eight in 0..<laneCount / 8 {
      for index in 0..<layout.nq {
        buffers.after[eight * width + index] = memory.positions(index).eight(eight)
      }
      for index in 0..<layout.nv {
        buffers.after[eight * width + layout.nq + index] = memory.velocities(index).eight(eight)
      }
    }
  }
}

extension UnsafeMutablePointer<Double> {
  /// Eight neighbours of a row that begins at a multiple of 64 bytes.
  func eight(_ index: Int) -> SIMD8<Double> {
    UnsafeRawPointer(self).load(fromByteOffset: 64 * index, as: SIMD8<Double>.self)
  }
}
