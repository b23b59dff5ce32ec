/// What can go wrong with an environment. Each description is one line.
public enum EnvironmentError: Error, Equatable, CustomStringConvertible {
  case invalidTimeLimit(Int)
  case missingModel(file: String)
  /// A robot's file that is not there.
  case missingRobot(file: String)
  /// A robot's file that says what cannot be.
  case invalidRobot(file: String, message: String)
  case invalidModel(file: String, message: String)
  case mismatchedModel(file: String, environment: String, found: String, expected: String)
  /// Lanes were asked for, which do not do all that the model has. No file where it is built in.
  case uncoveredModel(file: String?, environment: String, reason: String)
  /// A parameter that the environment does not have, or a value that it cannot be.
  case invalidParameter(environment: String, message: String)
  /// The state of the episode begun with `seed` could not take step number `step`.
  case diverged(environment: String, seed: UInt32, step: Int, cause: String)
  /// MuJoCo itself reported an error.
  case simulationFailed(environment: String, message: String)

  public var description: String {
    switch self {
    case .invalidTimeLimit(let limit):
      "a time limit of \(limit) steps: at least 1 is needed"
    case .missingModel(let file):
      "\(file): no such readable model file (MJCF)"
    case .missingRobot(let file):
      "\(file): no such readable robot file (YAML)"
    case .invalidModel(let file, let message), .invalidRobot(let file, let message):
      "\(file): \(message)"
    case .mismatchedModel(let file, let environment, let found, let expected):
      "\(file): the model has \(found) but \(environment) needs \(expected)"
    case .uncoveredModel(let file, let environment, let reason):
      (file.map { "\($0): " } ?? "")
        + "\(environment) cannot run on lanes: \(reason); use --physics auto or mujoco"
    case .invalidParameter(let environment, let message):
      "\(environment): \(message)"
    case .diverged(let environment, let seed, let step, let cause):
      "\(environment): the simulation with seed \(seed) diverged at step \(step) (\(cause)); "
        + "in training, try a smaller learning rate or sigma, or --on-divergence reset"
    case .simulationFailed(let environment, let message):
      "\(environment): MuJoCo failed: \(message)"
    }
  }
}
