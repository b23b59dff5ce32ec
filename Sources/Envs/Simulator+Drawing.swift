/// What the viewer needs of a simulation.
extension Simulator {
  /// The compiled model; it lives as long as the simulator.
  package var modelPointer: OpaquePointer { model.pointer }

  /// A state's positions (nq values).
  package func positions(of state: EnvironmentState) -> ArraySlice<Double> {
    precondition(state.physics.count == model.layout.count, "a state of another model")
    return state.physics[model.layout.qpos..<model.layout.qvel]
  }
}
