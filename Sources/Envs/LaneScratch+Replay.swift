import Physics

extension LaneScratch {
  /// Steps with given controls and does nothing else: no reward, observation or reset.
  ///
  /// This is what lanes are worth by themselves, beside ``Simulator/replay(_:controls:in:)``.
  ///
  /// - Parameters:
  ///   - states: Where to begin, at most ``laneCount``; then where they are.
  ///   - controls: For each environment step a row of lanes a number (`spec.actionCount` · lanes).
  package func replay(
    _ states: inout [EnvironmentState], controls: [Double]
  ) throws(EnvironmentError) {
    let spec = simulator.spec
    let width = spec.actionCount * laneCount
    precondition(controls.count.isMultiple(of: width), "controls of whole steps")
    load(states)
    for step in stride(from: 0, to: controls.count, by: width) {
      for index in 0..<spec.actionCount {
        let row = memory.controls(index)
        for lane in 0..<laneCount { row[lane] = controls[step + index * laneCount + lane] }
      }
      let exceptional = advance(wanted: living)
      for lane in states.indices where living >> UInt64(lane) & 1 == 1 {
        if exceptional >> UInt64(lane) & 1 == 1 {
          let own = (0..<spec.actionCount).map { controls[step + $0 * laneCount + lane] }
          try replayAlone(lane, own[...])
        } else {
          for _ in 0..<spec.frameSkip { buffers.times[lane] += spec.timestep }
        }
      }
    }
    states = saved()
  }

  private func replayAlone(
    _ lane: Int, _ controls: ArraySlice<Double>
  ) throws(EnvironmentError) {
    restore(lane)
    countException()
    try simulator.replay(states[lane], controls: controls, in: alone)
    alone.save(to: &states[lane].physics)
    rewrite(lane)
  }
}
