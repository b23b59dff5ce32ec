import Models

extension Locomotion {
  /// A planar one-legged body that jumps forward: Gymnasium's Hopper-v4.
  public static let hopper: Locomotion = {
    var environment = Locomotion(
      id: "Hopper-v4", model: EmbeddedModels.hopper, positionCount: 6, velocityCount: 6,
      actionCount: 3, frameSkip: 4, timestep: 0.002, controlCostWeight: 1e-3,
      infos: [("x_position", .x), ("x_velocity", .xVelocity)])
    environment.velocityLimit = 10
    environment.healthyReward = 1
    environment.healthyRanges = [
      StateRange(named: "healthy_state_range", .all(fromPosition: 2), from: -100, to: 100),
      StateRange(named: "healthy_z_range", .positions(1..<2), from: 0.7, to: .infinity),
      StateRange(named: "healthy_angle_range", .positions(2..<3), from: -0.2, to: 0.2),
    ]
    environment.resetNoiseScale = 5e-3
    return environment
  }()
}
