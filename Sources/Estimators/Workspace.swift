public import Unrolls
import Workers

/// What one thread needs to run blocks of particles. Nothing in it outlives a window.
public struct Workspace<Task: UnrolledTask> {
  // What has the task's type comes last: what is before it lies where the compiler knows.
  /// θ ± ε of the particles that are running.
  public var perturbed = AntitheticParameters()
  /// The losses of the steps taken last.
  public var losses = LossRows(stride: Task.lossStride)
  /// Their derivatives along the particles' directions.
  public var lossTangents = LossRows(stride: Task.lossStride)
  /// The particles' directions, θ-rows.
  var directions: [Float] = []
  /// The particles whose noise has changed.
  var renewed: [Int] = []
  /// Memory for the clocks of a block's particles.
  var clocks: [Int] = []
  let cancellation: Cancellation
  private var helperLosses = LossRows(stride: Task.lossStride)

  /// The task's memory.
  public var scratch: Task.Scratch
  /// That of a thread that helps.
  private var helper: Task.Scratch?

  /// - Parameters:
  ///   - threads: Threads that work on one block together.
  ///   - cancellation: Asked before steps are taken.
  init(for task: Task, threads: Int, cancellation: Cancellation = .never) throws {
    self.cancellation = cancellation
    scratch = try task.makeScratch()
    helper = threads > 1 ? try task.makeScratch() : nil
  }

  /// Takes at most `steps` steps, which ``losses`` are of then.
  @inline(__always)
  private mutating func unrollAlone(
    _ states: inout [Task.State], of task: Task, upTo steps: Int, thetas: [[Float]],
    keys: StepKeys, particles: [Int]
  ) throws -> UnrollOutcome {
    losses.makeRoom(for: steps)
    return try task.unroll(
      &states, upTo: steps, thetas: thetas, keys: keys, particles: particles,
      losses: &losses.values, in: &scratch)
  }

  /// The same, on all threads that there are for it.
  @inline(__always)
  mutating func unroll(
    _ states: inout [Task.State], of task: Task, upTo steps: Int, thetas: [[Float]],
    keys: StepKeys, particles: [Int]
  ) throws -> UnrollOutcome {
    try cancellation.check()
    let outcome: UnrollOutcome
    // States that share vectors gain nothing from being parted.
    if let helper, states.count == 2, !task.advancesTogether {
      outcome = try unrollParted(
        &states, of: task, upTo: steps, thetas: thetas, keys: keys, particles: particles,
        with: helper)
    } else {
      outcome = try unrollAlone(
        &states, of: task, upTo: steps, thetas: thetas, keys: keys, particles: particles)
    }
    losses.keep(outcome.steps)
    return outcome
  }

  /// One of two states that run on a thread each.
  private struct Part {
    var states: [Task.State]
    var losses: LossRows
    var outcome = UnrollOutcome(steps: 0, simulatedSteps: 0)
  }

  private mutating func unrollParted(
    _ states: inout [Task.State], of task: Task, upTo steps: Int, thetas: [[Float]],
    keys: StepKeys, particles: [Int], with helper: Task.Scratch
  ) throws -> UnrollOutcome {
    losses.makeRoom(for: steps)
    helperLosses.makeRoom(for: steps)
    var parts = [
      Part(states: [states[0]], losses: losses), Part(states: [states[1]], losses: helperLosses),
    ]
    // Out of `states`, so that nothing is copied.
    states.removeAll(keepingCapacity: true)
    defer { states.append(contentsOf: parts.flatMap(\.states)) }
    var scratches = [scratch, helper]
    try WorkerPool(threadCount: scratches.count).update(&parts, scratches: &scratches) {
      index, part, scratch in
      part.outcome = try task.unroll(
        &part.states, upTo: steps, thetas: [thetas[index]], keys: keys,
        particles: [particles[index]], losses: &part.losses.values, in: &scratch)
    }
    (scratch, self.helper) = (scratches[0], scratches[1])
    losses = parts[0].losses
    helperLosses = parts[1].losses
    var outcome = parts[0].outcome
    precondition(outcome.steps == parts[1].outcome.steps, "both sides end their episodes together")
    outcome.simulatedSteps += parts[1].outcome.simulatedSteps
    outcome.divergedSteps += parts[1].outcome.divergedSteps
    outcome.moments.merge(parts[1].outcome.moments)
    losses.set(1, from: helperLosses, steps: outcome.steps)
    return outcome
  }
}
