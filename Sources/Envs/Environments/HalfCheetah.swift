import Models
public import Randomness

/// A planar two-legged body that runs forward: Gymnasium's HalfCheetah-v4.
public enum HalfCheetah: Environment {
  public static let spec = EnvironmentSpec(
    id: "HalfCheetah-v4", observationCount: 17, actionCount: 6, frameSkip: 5, timestep: 0.01,
    timeLimit: 1000,
    infoNames: ["x_position", "x_velocity", "reward_run", "reward_ctrl"])

  public static var model: [UInt8] { EmbeddedModels.half_cheetah }

  public static func sampleReset(
    qpos: inout [Double], qvel: inout [Double], generator: inout PCG64
  ) {
    for index in qpos.indices { qpos[index] += generator.uniform(-0.1, 0.1) }
    for index in qvel.indices { qvel[index] += 0.1 * generator.standardNormal() }
  }

  /// All positions but x, then all velocities.
  public static func observe(
    qpos: Span<Double>, qvel: Span<Double>, into observation: inout MutableSpan<Double>
  ) {
    for index in 0..<8 { observation[index] = qpos[1 + index] }
    for index in 0..<9 { observation[8 + index] = qvel[index] }
  }

  public static func reward(
    from before: Span<Double>, to after: Span<Double>, squaredAction: Double, duration: Double
  ) -> StepResult {
    StepResult(
      from: (before[0], 0), to: (after[0], 0), duration: duration,
      controlCost: 0.1 * squaredAction)
  }
}
