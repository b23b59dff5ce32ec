import Physics

// What is done with one lane by itself.
extension LaneScratch {
  /// A step of a lane whose episode has ended, or that only MuJoCo can take.
  func stepAlone(_ lane: Int, _ actions: [Float]) throws(EnvironmentError) {
    let bit: UInt64 = 1 << UInt64(lane)
    if living & bit != 0 {
      restore(lane)
      countException()
    }
    let action = (0..<simulator.spec.actionCount).map { actions[$0 * laneCount + lane] }
    let result = try simulator.step(
      &states[lane], action: action, in: alone,
      onDivergence: endsEpisodes ? .reset : simulator.onDivergence)
    keep(result, of: lane)
    rewrite(lane)
    if endsEpisodes, result.hasEnded { living &= ~bit }
  }

  /// Puts a lane's numbers before the step into its state.
  func restore(_ lane: Int) {
    let layout = simulator.model.layout
    let row = lane / 8 * layout.viewCount
    states[lane].step = buffers.steps[lane]
    states[lane].physics[0] = buffers.times[lane]
    for index in 0..<layout.nq {
      states[lane].physics[layout.qpos + index] = buffers.before[row + index][lane % 8]
    }
    for index in 0..<layout.nv {
      states[lane].physics[layout.qvel + index] = buffers.before[row + layout.nq + index][lane % 8]
      states[lane].physics[layout.warmStart + index] = buffers.warmStart[index * laneCount + lane]
    }
    for index in 0..<layout.computedCount {
      states[lane].physics[layout.computed + index] =
        buffers.before[place(ofQuantity: index, lane)][lane % 8]
    }
  }

  /// Takes a state that was stepped or reset alone back into its lane.
  func rewrite(_ lane: Int) {
    let layout = simulator.model.layout
    let bit: UInt64 = 1 << UInt64(lane)
    living = states[lane].hasEnded ? living & ~bit : living | bit
    write(states[lane], to: lane)
    let row = lane / 8 * layout.viewCount
    for index in 0..<layout.nq {
      buffers.after[row + index][lane % 8] = memory.positions(index)[lane]
    }
    for index in 0..<layout.nv {
      buffers.after[row + layout.nq + index][lane % 8] = memory.velocities(index)[lane]
    }
  }
}
