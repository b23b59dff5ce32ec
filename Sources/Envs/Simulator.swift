import CMuJoCo
import Randomness
public import Workers

/// Runs an environment: one compiled model, shared by all threads.
///
/// The simulator holds no state. States are values (``EnvironmentState``); each thread brings a
/// ``Scratch`` to simulate in.
///
/// ```swift
/// let simulator = try Simulator(Locomotion.swimmer)
/// let scratch = try simulator.makeScratch()
/// var state = try simulator.reset(seed: 0, in: scratch)
/// let result = try simulator.step(&state, action: [0.5, -0.5] as [Float], in: scratch)
/// ```
public final class Simulator: Sendable {
  public let environment: any Environment
  /// The environment's facts, with the time limit and the model's timestep in force.
  public let spec: EnvironmentSpec
  public let onDivergence: DivergencePolicy
  let model: CompiledModel
  private let lanes: LanePhysics

  /// Compiles the environment's model.
  ///
  /// - Parameters:
  ///   - timeLimit: Steps of an episode, in place of the environment's own.
  ///   - modelPath: An MJCF file in place of the environment's own model, with equally many
  ///     positions, velocities and controls.
  ///   - onDivergence: What a step does when the simulation diverges.
  ///   - physics: What steps several environments.
  ///   - cancellation: Asked while a file is compiled, which takes long if it is large.
  /// - Throws: ``EnvironmentError`` for a model that is missing, invalid or of other dimensions,
  ///   for a time limit below 1, and for a model that lanes do not cover where they are asked for.
  public init(
    _ environment: any Environment, timeLimit: Int? = nil, modelPath: String? = nil,
    onDivergence: DivergencePolicy = .fail, physics: PhysicsEngine = .auto,
    cancellation: Cancellation = .never
  ) throws(EnvironmentError) {
    var spec = environment.spec
    if let timeLimit {
      guard timeLimit > 0 else { throw .invalidTimeLimit(timeLimit) }
      spec.timeLimit = timeLimit
    }
    if let modelPath {
      model = try CompiledModel(
        path: modelPath, for: environment, cancellation: cancellation)
    } else {
      model = try CompiledModel(of: environment)
    }
    spec.timestep = model.sizes.timestep
    self.spec = spec
    self.environment = environment
    self.onDivergence = onDivergence
    lanes =
      physics == .mujoco
      ? .uncovered(reason: "MuJoCo was asked for")
      : LanePhysics(
        model.pointer, quantities: spec.quantities,
        text: modelPath == nil && !(environment is Robot) ? environment.model : nil)
    if physics == .lanes, let reason = engineReason {
      throw .uncoveredModel(file: modelPath, environment: spec.id, reason: reason)
    }
  }

  /// What steps several environments: lanes or MuJoCo.
  public var engine: PhysicsEngine { engineReason == nil ? .lanes : .mujoco }

  /// Why it is MuJoCo; nil where it is lanes.
  public var engineReason: String? {
    if case .uncovered(let reason) = lanes { reason } else { nil }
  }

  /// Either in words: `lanes`, or `mj_step: the model has a tendon`.
  package var engineSummary: String { engineReason.map { "mj_step: \($0)" } ?? "lanes" }

  /// How many steps MuJoCo has taken for a lane, on all threads.
  package var exceptionCount: Int {
    if case .covered(let lanes) = lanes { lanes.exceptionCount } else { 0 }
  }

  /// Makes a thread's room for several environments side by side; nil where the engine is MuJoCo.
  ///
  /// - Parameter laneCount: 8, 16 or 32.
  package func makeLaneScratch(laneCount: Int) throws(EnvironmentError) -> LaneScratch? {
    guard case .covered(let lanes) = lanes else { return nil }
    return try LaneScratch(self, lanes, laneCount: laneCount)
  }

  /// Makes a thread's scratch.
  ///
  /// - Throws: ``EnvironmentError/simulationFailed(environment:message:)`` without memory for it.
  public func makeScratch() throws(EnvironmentError) -> Scratch {
    try Scratch(model, of: spec)
  }

  /// Starts the first episode of a seed, as Gymnasium's `reset(seed:)` does.
  public func reset(
    seed: UInt32, in scratch: Scratch
  ) throws(EnvironmentError) -> EnvironmentState {
    var state = EnvironmentState(
      physics: Array(repeating: 0, count: model.layout.count), generator: PCG64(seed: seed),
      seed: seed, step: 0)
    try reset(&state, in: scratch)
    return state
  }

  /// Starts the next episode, drawn from where the state's generator stands.
  public func reset(
    _ state: inout EnvironmentState, in scratch: Scratch
  ) throws(EnvironmentError) {
    precondition(scratch.model === model, "a scratch of another simulator")
    guard mujoco_reset(scratch.simulation) == .succeeded else { throw failure }
    var qpos = Array(scratch.qpos)
    var qvel = Array(scratch.qvel)
    environment.sampleReset(qpos: &qpos, qvel: &qvel, generator: &state.generator)
    _ = scratch.qpos.update(fromContentsOf: qpos)
    _ = scratch.qvel.update(fromContentsOf: qvel)
    // The forward pass gives the first step its warm start.
    guard mujoco_forward(scratch.simulation) == .succeeded else { throw failure }
    scratch.collect()
    scratch.save(to: &state.physics)
    state.step = 0
    state.hasEnded = false
  }

  /// Writes the observation of a state in double precision.
  public func observe(_ state: EnvironmentState, into observation: inout [Double]) {
    precondition(
      observation.count == spec.observationCount, "an observation of another environment")
    var values = observation.mutableSpan
    observe(state, into: &values)
  }

  /// Writes the observation of a state, computed in double precision and rounded once.
  public func observe(_ state: EnvironmentState, into observation: inout [Float]) {
    precondition(
      observation.count == spec.observationCount, "an observation of another environment")
    withUnsafeTemporaryAllocation(of: Double.self, capacity: observation.count) { buffer in
      buffer.initialize(repeating: 0)
      var values = buffer.mutableSpan
      observe(state, into: &values)
      for index in observation.indices { observation[index] = Float(buffer[index]) }
    }
  }

  private func observe(_ state: EnvironmentState, into observation: inout MutableSpan<Double>) {
    withView(of: state) { environment.observeAlone($0, into: &observation) }
  }

  /// Shows a state to `body`.
  func withView<Value>(of state: EnvironmentState, _ body: (StateView<Double>) -> Value) -> Value {
    let layout = model.layout
    precondition(state.physics.count == layout.count, "a state of another model")
    return state.physics.withUnsafeBufferPointer { physics in
      guard let start = physics.baseAddress else { preconditionFailure("a state has a time") }
      return body(layout.view(start))
    }
  }

  var failure: EnvironmentError {
    .simulationFailed(environment: spec.id, message: MuJoCo.lastError)
  }
}
