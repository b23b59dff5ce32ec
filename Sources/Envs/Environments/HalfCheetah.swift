import Models

extension Locomotion {
  /// A planar two-legged body that runs forward: Gymnasium's HalfCheetah-v4.
  public static let halfCheetah: Locomotion = {
    var environment = Locomotion(
      id: "HalfCheetah-v4", model: EmbeddedModels.half_cheetah, positionCount: 9,
      velocityCount: 9, actionCount: 6, frameSkip: 5, timestep: 0.01, controlCostWeight: 0.1,
      infos: [
        ("x_position", .x), ("x_velocity", .xVelocity), ("reward_run", .forwardReward),
        ("reward_ctrl", .controlReward),
      ])
    environment.resetVelocityNoise = .normal
    return environment
  }()
}
