import Models
public import Randomness

/// A three-link body that swims forward in a viscous plane: Gymnasium's Swimmer-v4.
public enum Swimmer: Environment {
  public static let spec = EnvironmentSpec(
    id: "Swimmer-v4", observationCount: 8, actionCount: 2, frameSkip: 4, timestep: 0.01,
    timeLimit: 1000,
    infoNames: [
      "reward_fwd", "reward_ctrl", "x_position", "y_position", "distance_from_origin",
      "x_velocity", "y_velocity", "forward_reward",
    ])

  public static var model: [UInt8] { EmbeddedModels.swimmer }

  public static func sampleReset(
    qpos: inout [Double], qvel: inout [Double], generator: inout PCG64
  ) {
    for index in qpos.indices { qpos[index] += generator.uniform(-0.1, 0.1) }
    for index in qvel.indices { qvel[index] += generator.uniform(-0.1, 0.1) }
  }

  /// The three angles, then all velocities: where it is in the plane does not matter.
  public static func observe(
    qpos: Span<Double>, qvel: Span<Double>, into observation: inout MutableSpan<Double>
  ) {
    for index in 0..<3 { observation[index] = qpos[2 + index] }
    for index in 0..<5 { observation[3 + index] = qvel[index] }
  }

  public static func reward(
    from before: Span<Double>, to after: Span<Double>, squaredAction: Double, duration: Double
  ) -> StepResult {
    StepResult(
      from: (before[0], before[1]), to: (after[0], after[1]), duration: duration,
      controlCost: 1e-4 * squaredAction)
  }
}
