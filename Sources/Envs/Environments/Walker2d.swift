import Models

extension Locomotion {
  /// A planar two-legged body that walks forward: Gymnasium's Walker2d-v4.
  public static let walker2d: Locomotion = {
    var environment = Locomotion(
      id: "Walker2d-v4", model: EmbeddedModels.walker2d, positionCount: 9, velocityCount: 9,
      actionCount: 6, frameSkip: 4, timestep: 0.002, controlCostWeight: 1e-3,
      infos: [("x_position", .x), ("x_velocity", .xVelocity)])
    environment.velocityLimit = 10
    environment.healthyReward = 1
    environment.healthyRanges = [
      StateRange(named: "healthy_z_range", .positions(1..<2), from: 0.8, to: 2),
      StateRange(named: "healthy_angle_range", .positions(2..<3), from: -1, to: 1),
    ]
    environment.resetNoiseScale = 5e-3
    return environment
  }()
}
