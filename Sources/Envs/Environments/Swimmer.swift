import Models

extension Locomotion {
  /// A three-link body that swims forward in a viscous plane: Gymnasium's Swimmer-v4.
  ///
  /// It observes three angles and all velocities: where it is in the plane does not matter.
  public static let swimmer: Locomotion = {
    var environment = Locomotion(
      id: "Swimmer-v4", model: EmbeddedModels.swimmer, positionCount: 5, velocityCount: 5,
      actionCount: 2, frameSkip: 4, timestep: 0.01, controlCostWeight: 1e-4,
      infos: [
        ("reward_fwd", .forwardReward), ("reward_ctrl", .controlReward), ("x_position", .x),
        ("y_position", .y), ("distance_from_origin", .distance), ("x_velocity", .xVelocity),
        ("y_velocity", .yVelocity), ("forward_reward", .forwardReward),
      ])
    environment.dimensionCount = 2
    return environment
  }()
}
