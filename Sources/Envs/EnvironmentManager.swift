import Workers

/// Many environments that start, unroll and reset by themselves, on several threads.
///
/// A thread steps up to 32 of them side by side where their model can run in lanes. Results depend
/// neither on that nor on the number of threads.
public final class EnvironmentManager {
  public let simulator: Simulator
  /// The environments as they stand.
  public private(set) var states: [EnvironmentState]
  private let earlyEnd: EarlyEnd
  private let pool: WorkerPool
  /// How many environments are unrolled together.
  private let groupSize: Int
  /// Each thread's own.
  private var scratches: [EnvironmentGroup.Scratch]

  /// Starts `count` environments.
  ///
  /// - Parameters:
  ///   - seed: Environment i starts from seed `seed + i`, as in a Gymnasium vector environment.
  ///   - threads: Threads to use; at least 1.
  ///   - timeLimit: Steps of an episode, in place of the environment's own.
  ///   - modelPath: An MJCF file in place of the environment's own model.
  ///   - onDivergence: What a step does when a simulation diverges.
  ///   - earlyEnd: What follows an episode that ends before the time limit.
  ///   - physics: What steps them where a thread has several.
  /// - Throws: ``EnvironmentError``, as ``Simulator`` does.
  public init(
    _ environment: any Environment, count: Int, seed: UInt32, threads: Int = 1,
    timeLimit: Int? = nil, modelPath: String? = nil, onDivergence: DivergencePolicy = .fail,
    earlyEnd: EarlyEnd = .restarts, physics: PhysicsEngine = .auto
  ) throws(EnvironmentError) {
    precondition(count > 0 && threads > 0, "no environment or no thread")
    let simulator = try Simulator(
      environment, timeLimit: timeLimit, modelPath: modelPath, onDivergence: onDivergence,
      physics: physics)
    groupSize =
      simulator.engine == .lanes ? LaneScratch.groupSize(for: count, threads: threads) : 1
    var scratches: [EnvironmentGroup.Scratch] = []
    for _ in 0..<min(threads, (count + groupSize - 1) / groupSize) {
      scratches.append(try EnvironmentGroup.Scratch(simulator, groupSize: groupSize))
    }
    var states: [EnvironmentState] = []
    for index in 0..<count {
      states.append(
        try simulator.reset(
          seed: seed &+ UInt32(truncatingIfNeeded: index), in: scratches[0].alone))
    }
    self.simulator = simulator
    self.earlyEnd = earlyEnd
    pool = WorkerPool(threadCount: scratches.count)
    self.scratches = scratches
    self.states = states
  }

  public var spec: EnvironmentSpec { simulator.spec }

  /// All observations, one row an environment (`count` · `spec.observationCount` values).
  public var observations: [Float] {
    var observation = [Float](repeating: 0, count: spec.observationCount)
    var all: [Float] = []
    all.reserveCapacity(states.count * observation.count)
    for state in states {
      simulator.observe(state, into: &observation)
      all += observation
    }
    return all
  }

  /// Steps every environment once.
  ///
  /// - Parameter actions: One row an environment (`count` · `spec.actionCount` values).
  /// - Returns: One result an environment.
  /// - Throws: ``EnvironmentError`` of the first environment that failed; the others did step.
  public func step(_ actions: [Float]) throws(EnvironmentError) -> [StepResult] {
    let width = spec.actionCount
    precondition(actions.count == states.count * width, "one action an environment is needed")
    return try unroll(steps: 1) { index, _, action in
      for offset in 0..<width { action[offset] = actions[index * width + offset] }
    }.map { $0[0] }
  }

  /// Unrolls every environment in one parallel section.
  ///
  /// - Parameters:
  ///   - steps: Environment steps (W in the paper).
  ///   - policy: Given an environment's index and its observation, writes its action. Environments ask
  ///     it in any order, several at a time.
  /// - Returns: For each environment the results of its steps.
  /// - Throws: ``EnvironmentError`` of the first environment that failed; it stands where it
  ///   failed, the others have taken all steps.
  public func unroll(
    steps: Int,
    policy: @Sendable (_ index: Int, _ observation: [Float], _ action: inout [Float]) -> Void
  ) throws(EnvironmentError) -> [[StepResult]] {
    var groups = stride(from: 0, to: states.count, by: groupSize).map { first in
      EnvironmentGroup(
        first: first, states: Array(states[first..<min(first + groupSize, states.count)]))
    }
    // Failures are kept and thrown at the end, so that the other environments take all steps.
    try? pool.update(&groups, scratches: &scratches) { [simulator, earlyEnd] _, group, scratch in
      group.unroll(steps, of: simulator, after: earlyEnd, in: scratch, policy: policy)
    }
    states = groups.flatMap(\.states)
    for case let error? in groups.map(\.error) { throw error }
    return groups.flatMap(\.results)
  }
}
