import CMuJoCo

extension Simulator {
  /// Steps with given controls and does nothing else: no reward, observation, check or reset.
  ///
  /// This is the floor that the speed of stepping is measured against.
  ///
  /// - Parameters:
  ///   - state: Where to begin.
  ///   - controls: `spec.actionCount` values for each environment step.
  public func replay(
    _ state: EnvironmentState, controls: ArraySlice<Double>, in scratch: Scratch
  ) throws(EnvironmentError) {
    precondition(controls.count.isMultiple(of: spec.actionCount), "controls of whole steps")
    scratch.load(state.physics)
    let status = controls.withUnsafeBufferPointer { controls in
      guard let first = controls.baseAddress else { return MuJoCoStatus.succeeded }
      return mujoco_replay(
        scratch.simulation, first, Int32(controls.count / spec.actionCount),
        Int32(spec.frameSkip))
    }
    guard status == .succeeded else {
      throw .simulationFailed(environment: spec.id, message: MuJoCo.lastError)
    }
  }
}
