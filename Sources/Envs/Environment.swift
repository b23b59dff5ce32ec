public import Randomness

/// What a new environment writes: its facts, its start, its observation and its reward.
///
/// An environment describes and holds no simulation; all is static. A ``Simulator`` runs it. Put
/// the type in a file of `Sources/Envs/Environments`, its MJCF in `models` (and in the resources
/// of `Package.swift`), and add a line to ``EnvironmentCatalogue``.
public protocol Environment: Sendable {
  /// The environment's facts.
  static var spec: EnvironmentSpec { get }

  /// The model, MJCF as UTF-8.
  static var model: [UInt8] { get }

  /// Samples the start of an episode.
  ///
  /// - Parameters:
  ///   - qpos: The model's initial positions, to be changed (nq values).
  ///   - qvel: The initial velocities, zeros, to be changed (nv values).
  ///   - generator: The environment's own; the order of draws is part of the environment.
  static func sampleReset(qpos: inout [Double], qvel: inout [Double], generator: inout PCG64)

  /// Writes the observation of a state.
  ///
  /// - Parameters:
  ///   - qpos: Positions (nq values).
  ///   - qvel: Velocities (nv values).
  ///   - observation: `spec.observationCount` values, to be written.
  static func observe(
    qpos: Span<Double>, qvel: Span<Double>, into observation: inout MutableSpan<Double>)

  /// The reward of one environment step and its parts.
  ///
  /// - Parameters:
  ///   - before: Positions before the step (nq values).
  ///   - after: Positions after it.
  ///   - squaredAction: ‖a‖², the sum of the squared action as given, not as clamped.
  ///   - duration: Simulated seconds between the two.
  static func reward(
    from before: Span<Double>, to after: Span<Double>, squaredAction: Double, duration: Double
  ) -> StepResult
}
