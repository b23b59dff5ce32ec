import Datasets
public import Parameters
public import Randomness
public import Unrolls
public import Workers

/// Training a small network with a learned optimizer, whose weights are θ: each step is a gradient on
/// a training batch, the optimizer's update, and the outer loss on another batch.
public struct LearnedOptimizerTask: DifferentiableTask {
  /// An inner network under training.
  public struct State: Codable, Hashable, Sendable {
    /// The network's parameters, then the optimizer's slots, a row as long each.
    public var values: [Float]
    /// Steps since the episode began, or counted as such.
    public var step: Int
    /// Updates that the optimizer has done: fewer, where a trajectory began at a later step.
    public var updates: Int
  }

  /// One thread's memory.
  public struct Scratch {
    let training: InnerTraining<Float>
    let history: InnerHistory<Float>
  }

  /// What is trained, with which optimizer, judged by what.
  public let problem: InnerProblem
  public let horizon: Int
  /// The seed that all episodes are drawn from; nil for draws of their own.
  public let singleSequenceSeed: UInt64?
  /// Asked before each step.
  public var cancellation = Cancellation.never
  let keys: EpisodeKeys

  /// - Parameters:
  ///   - horizon: T, steps of an episode.
  ///   - singleSequenceSeed: Every episode begins with the same network and sees the same batches,
  ///     drawn from this seed; nil for draws of its own.
  public init(_ problem: InnerProblem, horizon: Int, singleSequenceSeed: UInt64? = nil) {
    self.problem = problem
    self.horizon = horizon
    self.singleSequenceSeed = singleSequenceSeed
    keys = EpisodeKeys(singleSequenceSeed: singleSequenceSeed, horizon: horizon)
  }

  /// The reference's name, made of the data, the network, the horizon and the optimizer.
  public var name: String {
    let (data, batch) = (problem.data, problem.batchSize)
    let sequence = singleSequenceSeed.map { "singleseq\($0)_" } ?? ""
    func truth(_ value: Bool) -> String { value ? "True" : "False" }
    return "\(data.name)\(data.shape.height)x\(data.shape.width)"
      + "_useval\(truth(problem.usesValidation))_useacc\(truth(problem.outerLoss == .accuracy))"
      + "_tb\(batch)_vb\(batch)_\(problem.network.name)_\(sequence)T\(horizon)_"
      + problem.optimizer.name
  }

  public var layout: ParameterLayout { problem.optimizer.layout }

  public func initialParameters(key: PRNGKey) -> [Float] {
    problem.optimizer.initialParameters(key: key)
  }

  public func makeScratch() -> Scratch {
    Scratch(training: InnerTraining(problem), history: InnerHistory(problem))
  }

  /// (initial state, start step) = split(key); nothing is trained up to the start step.
  public func start(
    theta: [Float], key: PRNGKey, at start: EpisodeStart, in scratch: inout Scratch
  ) -> State {
    let (initial, iteration) = key.split()
    var state = fresh(key: initial)
    state.step = start.step(key: iteration, horizon: horizon)
    return state
  }

  public func restart(
    _ state: inout State, theta: [Float], key: StepKey, in scratch: inout Scratch
  ) {
    state = fresh(key: keys.step(horizon - 1, key).reset)
  }

  /// A network at the start of an episode: (network, optimizer) = split(key).
  private func fresh(key: PRNGKey) -> State {
    let parameters = problem.network.initialParameters(key: keys.initial(key).split().0)
    let slots = repeatElement(0 as Float, count: problem.valueCount - parameters.count)
    return State(values: parameters + slots, step: 0, updates: 0)
  }

  /// Draws the batches of a single sequence, all of them beforehand instead of each when it is first
  /// needed; nothing without one.
  public func drawBatches() {
    guard singleSequenceSeed != nil else { return }
    let unused = StepKey(shared: PRNGKey(seed: 0), particle: 0, particleCount: 1)
    for index in 0..<horizon {
      let step = keys.step(index, unused)
      let (training, judging) = (problem.data.training.count, problem.judging.count)
      _ = keys.choice(problem.batchSize, from: training, key: step.training)
      _ = keys.choice(problem.batchSize, from: judging, key: step.judging)
    }
  }

  public func stepIndex(of state: State) -> Int { state.step }

  public func advance(
    _ state: inout State, theta: [Float], key: StepKey, in scratch: inout Scratch
  ) throws -> StepOutcome {
    let loss = try step(&state, theta: theta, key: key, in: scratch)
    let isDone = state.step >= horizon
    if isDone { restart(&state, theta: theta, key: key, in: &scratch) }
    return StepOutcome(loss: loss, isDone: isDone)
  }

  public func unroll(
    _ states: inout [State], thetas: [[Float]], steps: Int, keys: StepKeys, particles: [Int],
    losses: inout [Float], in scratch: inout Scratch
  ) throws {
    for step in 0..<steps {
      for index in states.indices {
        losses[step * Self.lossStride + index] = try self.step(
          &states[index], theta: thetas[index],
          key: keys.key(step: step, particle: particles[index]), in: scratch)
      }
    }
  }

  /// Takes a step, not past the horizon, and returns its loss.
  private func step(
    _ state: inout State, theta: [Float], key: StepKey, in scratch: Scratch
  ) throws -> Float {
    try cancellation.check()
    let training = scratch.training
    load(keys.step(state.step, key), into: training)
    let updates = state.updates
    state.step += 1
    state.updates += 1
    return theta.withNumbers { theta in
      state.values.withUnsafeMutableBufferPointer { values in
        guard let values = values.baseAddress else { return 0 }
        training.advance(values, updates: updates, theta: theta)
        return training.outerLoss(of: Signal(values)).loss
      }
    }
  }

  /// Loads the batches of a step.
  func load<Real: KernelScalar>(_ keys: EpisodeKeys.Step, into training: InnerTraining<Real>) {
    for (batch, key, split) in [
      (training.training, keys.training, problem.data.training),
      (training.judging, keys.judging, problem.judging),
    ] {
      batch.load(key, from: split) {
        self.keys.choice(problem.batchSize, from: split.count, key: $0)
      }
    }
  }
}
