import Envs
import Parameters
import Randomness
import Tasks
import Unrolls

/// A control task whose trajectories remember the actions of their latest window.
struct RecordingTask: UnrolledTask {
  let task: ControlTask
  /// W: every so many steps the memory is emptied.
  let windowLength: Int

  struct State: Codable, Sendable {
    var environment: EnvironmentState
    /// The actions of the window so far, one after the other; none of absorbed steps.
    var actions: [Double] = []
    /// The window's steps so far.
    var stepCount = 0
  }

  var layout: ParameterLayout { task.layout }
  var horizon: Int { task.horizon }

  func initialParameters(key: PRNGKey) -> [Float] { task.initialParameters(key: key) }

  func makeScratch() throws -> ControlTask.Scratch { try task.makeScratch() }

  func start(
    theta: [Float], key: PRNGKey, at start: EpisodeStart, in scratch: inout ControlTask.Scratch
  ) throws -> State {
    State(environment: try task.start(theta: theta, key: key, at: start, in: &scratch))
  }

  func advance(
    _ state: inout State, theta: [Float], key: StepKey, in scratch: inout ControlTask.Scratch
  ) throws -> StepOutcome {
    let outcome = try task.advance(
      &state.environment, theta: theta, key: key, in: &scratch)
    if state.stepCount == windowLength { (state.actions, state.stepCount) = ([], 0) }
    state.stepCount += 1
    if outcome.isSimulated { state.actions += scratch.action.map { Double($0) } }
    return outcome
  }

  func stepIndex(of state: State) -> Int { state.environment.step }
}
