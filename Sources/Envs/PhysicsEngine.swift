/// What steps an environment. All engines give the same numbers.
public enum PhysicsEngine: String, Sendable, Codable, CaseIterable {
  /// Several environments side by side where the model and MuJoCo's version allow it, else MuJoCo.
  case auto
  /// Several environments side by side, each in a lane of the processor's vectors.
  case lanes
  /// One environment after another, by MuJoCo's `mj_step`.
  case mujoco
}
