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
  /// Positions and velocities before and after a step, of lanes 0 to 7, then of 8 to 15 …
  var before, after: [Numbers]
  /// The actions, likewise.
  var controls: [Numbers]
  /// The squared lengths of the actions, likewise.
  var squaredActions: [Numbers]
  /// The last accelerations before a step: a row of lanes a degree of freedom.
  var warmStart: [Double]
  var times: [Double]
  /// The states in the lanes, of which the numbers are what was loaded until ``save(to:)``.
  var states: [EnvironmentState] = []
  /// The lanes whose episode goes on (bit l).
  var living: UInt64 = 0
  /// What the last step gave, of lanes 0 to 7, then of 8 to 15 …
  var outcomes: [Outcome<Numbers>]
  /// The results of lanes that went another way.
  var results: [StepResult?]
  /// Whether an episode at the time limit, or whose simulation diverges, is over: no next one begins,
  /// and nothing is thrown.
  package var endsEpisodes = false
  private let lanes: RecordedLanes

  /// - Parameter laneCount: 8, 16 or 32.
  init(_ simulator: Simulator, _ lanes: RecordedLanes, laneCount: Int) throws(EnvironmentError) {
    self.simulator = simulator
    self.lanes = lanes
    memory = LaneMemory(lanes.program, laneCount: laneCount)
    alone = try simulator.makeScratch()
    let layout = simulator.model.layout
    let eights = laneCount / 8
    before = [Numbers](repeating: .zero, count: (layout.nq + layout.nv) * eights)
    after = before
    controls = [Numbers](repeating: .zero, count: simulator.spec.actionCount * eights)
    squaredActions = [Numbers](repeating: .zero, count: eights)
    warmStart = [Double](repeating: 0, count: layout.nv * laneCount)
    times = [Double](repeating: 0, count: laneCount)
    outcomes = [Outcome<Numbers>](repeating: Outcome(), count: eights)
    results = [StepResult?](repeating: nil, count: laneCount)
  }

  package var laneCount: Int { memory.laneCount }

  /// Whether any episode goes on.
  package var hasLiving: Bool { living != 0 }

  func countException() { lanes.countException() }

  /// Takes states into the lanes.
  ///
  /// - Parameter states: At least one and at most ``laneCount``.
  package func load(_ states: [EnvironmentState]) {
    precondition(1...laneCount ~= states.count, "as many states as lanes at most")
    self.states = states
    living = 0
    for lane in states.indices where !states[lane].hasEnded { living |= 1 << UInt64(lane) }
    // Lanes that nobody wants compute something ordinary.
    let filler = states.first { !$0.hasEnded } ?? states[0]
    for lane in 0..<laneCount { write(lane < states.count ? states[lane] : filler, to: lane) }
    gather()
  }

  /// Gives the states back as they stand.
  package func save(to states: inout [EnvironmentState]) {
    for lane in self.states.indices where living >> UInt64(lane) & 1 == 1 { read(lane) }
    states = self.states
  }

  /// Puts a state's numbers into a lane.
  func write(_ state: EnvironmentState, to lane: Int) {
    let layout = simulator.model.layout
    precondition(state.physics.count == layout.count, "a state of another model")
    times[lane] = state.physics[0]
    for index in 0..<layout.nq {
      memory.positions(index)[lane] = state.physics[layout.qpos + index]
    }
    for index in 0..<layout.nv {
      memory.velocities(index)[lane] = state.physics[layout.qvel + index]
      memory.accelerations(index)[lane] = state.physics[layout.warmStart + index]
    }
  }

  /// Puts a lane's numbers into its state.
  func read(_ lane: Int) {
    let layout = simulator.model.layout
    states[lane].physics[0] = times[lane]
    for index in 0..<layout.nq {
      states[lane].physics[layout.qpos + index] = memory.positions(index)[lane]
    }
    for index in 0..<layout.nv {
      states[lane].physics[layout.qvel + index] = memory.velocities(index)[lane]
      states[lane].physics[layout.warmStart + index] = memory.accelerations(index)[lane]
    }
  }

  /// Copies positions and velocities to ``after``.
  func gather() {
    let layout = simulator.model.layout
    let width = layout.nq + layout.nv
    for eight in 0..<laneCount / 8 {
      for index in 0..<layout.nq {
        after[eight * width + index] = memory.positions(index).eight(eight)
      }
      for index in 0..<layout.nv {
        after[eight * width + layout.nq + index] = memory.velocities(index).eight(eight)
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
