import Models

extension Locomotion {
  /// A body with arms that runs along x on two legs: Gymnasium's Humanoid-v4.
  ///
  /// What is rewarded is its mass centre's place. It observes inertia and velocity of each of its 14
  /// bodies (the world's are 0), the motors' forces, and contact forces.
  public static let humanoid: Locomotion = {
    var environment = Locomotion(
      id: "Humanoid-v4", model: EmbeddedModels.humanoid, positionCount: 24, velocityCount: 23,
      actionCount: 17, frameSkip: 5, timestep: 0.003, controlCostWeight: 0.1,
      infos: [
        ("reward_linvel", .forwardReward), ("reward_quadctrl", .controlReward),
        ("reward_alive", .healthyReward), ("x_position", .x), ("y_position", .y),
        ("distance_from_origin", .distance), ("x_velocity", .xVelocity),
        ("y_velocity", .yVelocity), ("forward_reward", .forwardReward),
      ])
    environment.place = .quantity(.massCentre)
    environment.dimensionCount = 2
    environment.observedQuantities = (
      [.bodyInertias, .bodyVelocities, .actuatorForces, .contactForces],
      14 * 10 + 14 * 6 + 23 + 14 * 6
    )
    environment.forwardRewardWeight = 1.25
    environment.squaresActionInDouble = true
    environment.healthyReward = 5
    environment.healthyRanges = [
      StateRange(named: "healthy_z_range", .positions(2..<3), from: 1, to: 2)
    ]
    environment.resetNoiseScale = 1e-2
    return environment
  }()
}
