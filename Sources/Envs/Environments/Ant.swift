import Models

extension Locomotion {
  /// A four-legged body that runs along x in space: Gymnasium's Ant-v4.
  ///
  /// What is rewarded is its torso's place, which is some moments behind its positions.
  public static let ant: Locomotion = {
    var environment = Locomotion(
      id: "Ant-v4", model: EmbeddedModels.ant, positionCount: 15, velocityCount: 14,
      actionCount: 8, frameSkip: 5, timestep: 0.01, controlCostWeight: 0.5,
      infos: [
        ("reward_forward", .forwardReward), ("reward_ctrl", .contactOrControlReward),
        ("reward_survive", .healthyReward), ("x_position", .x), ("y_position", .y),
        ("distance_from_origin", .distance), ("x_velocity", .xVelocity),
        ("y_velocity", .yVelocity), ("forward_reward", .forwardReward),
      ])
    environment.place = .quantity(.bodyPosition("torso"))
    environment.dimensionCount = 2
    environment.forwardRewardWeight = nil
    environment.healthyReward = 1
    environment.healthyRanges = [
      StateRange(.all(fromPosition: 0), from: -.infinity, to: .infinity),
      StateRange(named: "healthy_z_range", .positions(2..<3), from: 0.2, to: 1, includesEnds: true),
    ]
    environment.contactForceCount = 14 * 6
    environment.resetVelocityNoise = .normal
    return environment
  }()
}
