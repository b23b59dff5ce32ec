/// What a ``LaneScratch`` looks at in each step, in memory of its own: reading and writing it is not
/// counted or checked, as properties of an object are.
///
/// Numbers of lanes 0 to 7 come first, then those of 8 to 15, and so on, unless said otherwise.
struct LaneBuffers {
  typealias Numbers = SIMD8<Double>

  /// Which lanes are what (bit l).
  struct Masks {
    /// Their episode goes on.
    var living: UInt64 = 0
    /// They stand still, whatever steps are taken.
    var held: UInt64 = 0
    /// Their last step went another way, and has a result of its own.
    var special: UInt64 = 0
  }

  /// Positions, velocities and quantities before and after a step.
  let before, after: UnsafeMutableBufferPointer<Numbers>
  let controls: UnsafeMutableBufferPointer<Numbers>
  /// The squared lengths of the actions.
  let squaredActions: UnsafeMutableBufferPointer<Numbers>
  let outcomes: UnsafeMutableBufferPointer<Outcome<Numbers>>
  /// The last accelerations before a step: a row of lanes a degree of freedom.
  let warmStart: UnsafeMutableBufferPointer<Double>
  /// Simulated seconds and environment steps of each lane's episode.
  let times: UnsafeMutableBufferPointer<Double>
  let steps: UnsafeMutableBufferPointer<Int>
  let masks: UnsafeMutablePointer<Masks>

  init(_ layout: PhysicsLayout, actionCount: Int, laneCount: Int) {
    let eights = laneCount / 8
    before = .allocate(layout.viewCount * eights, .zero)
    after = .allocate(layout.viewCount * eights, .zero)
    controls = .allocate(actionCount * eights, .zero)
    squaredActions = .allocate(eights, .zero)
    outcomes = .allocate(eights, Outcome())
    warmStart = .allocate(layout.nv * laneCount, 0)
    times = .allocate(laneCount, 0)
    steps = .allocate(laneCount, 0)
    masks = .allocate(capacity: 1)
    masks.initialize(to: Masks())
  }

  func deallocate() {
    before.deallocate()
    after.deallocate()
    controls.deallocate()
    squaredActions.deallocate()
    outcomes.deallocate()
    warmStart.deallocate()
    times.deallocate()
    steps.deallocate()
    masks.deallocate()
  }
}

extension UnsafeMutableBufferPointer {
  fileprivate static func allocate(_ count: Int, _ value: Element) -> Self {
    let buffer = allocate(capacity: count)
    buffer.initialize(repeating: value)
    return buffer
  }
}
