public import Randomness
public import Settings

/// What a new environment writes: its facts, its start, its observation and its outcome.
///
/// An environment is a value with its parameters and holds no simulation; a ``Simulator`` runs it.
/// A body that is rewarded for moving is a setting of ``Locomotion``; another one is a type in a
/// file of `Sources/Envs/Environments`. Its MJCF belongs in `models`, and a line in
/// ``EnvironmentCatalogue``.
///
/// Observation and outcome are functions of states alone, written once for any ``LaneNumber``, so
/// that they are computed for one environment or for several side by side.
public protocol Environment: Sendable {
  /// The environment's facts.
  var spec: EnvironmentSpec { get }

  /// The model, MJCF as UTF-8.
  var model: [UInt8] { get }

  /// What can be set of it, by the names of Gymnasium's constructor; nothing where not written.
  var settings: [Setting<Self>] { get }

  /// Refuses parameters that cannot be.
  func check() throws(SettingsError)

  /// Samples the start of an episode.
  ///
  /// - Parameters:
  ///   - qpos: The model's initial positions, to be changed (nq values).
  ///   - qvel: The initial velocities, zeros, to be changed (nv values).
  ///   - generator: The environment's own; the order of draws is part of the environment.
  func sampleReset(qpos: inout [Double], qvel: inout [Double], generator: inout PCG64)

  /// Writes the observation of a state.
  ///
  /// - Parameter observation: `spec.observationCount` values, to be written.
  func observe<Number: LaneNumber>(
    _ state: StateView<Number>, into observation: inout MutableSpan<Number>)

  /// The reward of an environment step, what is reported of it, and whether the episode ended.
  func outcome<Number: LaneNumber>(of step: Transition<Number>) -> Outcome<Number>

  /// ``observe(_:into:)`` for one environment, so that no generic call goes
  /// through `any Environment` unspecialized.
  func observeAlone(
    _ state: StateView<Double>, into observation: inout MutableSpan<Double>)

  /// ``outcome(of:)`` for one environment, so that no generic call goes
  /// through `any Environment` unspecialized.
  func outcomeAlone(of step: Transition<Double>) -> Outcome<Double>

  /// ``observe(_:into:)`` for eight environments side by side.
  func observeTogether(
    _ state: StateView<SIMD8<Double>>, into observation: inout MutableSpan<SIMD8<Double>>)

  /// ``outcome(of:)`` for eight environments side by side.
  func outcomeTogether(of step: Transition<SIMD8<Double>>) -> Outcome<SIMD8<Double>>
}

extension Environment {
  public var settings: [Setting<Self>] { [] }
  public func check() throws(SettingsError) {}

  @inlinable
  public func observeAlone(
    _ state: StateView<Double>, into observation: inout MutableSpan<Double>
  ) {
    observe(state, into: &observation)
  }

  @inlinable
  public func outcomeAlone(of step: Transition<Double>) -> Outcome<Double> { outcome(of: step) }

  @inlinable
  public func observeTogether(
    _ state: StateView<SIMD8<Double>>, into observation: inout MutableSpan<SIMD8<Double>>
  ) {
    observe(state, into: &observation)
  }

  @inlinable
  public func outcomeTogether(of step: Transition<SIMD8<Double>>) -> Outcome<SIMD8<Double>> {
    outcome(of: step)
  }
}
