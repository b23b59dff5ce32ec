import Envs
import Estimators
import Parameters
import Randomness
import Tasks
import Testing
import Unrolls

@testable import Benchmarks

struct ControlBenchmarkTests {
  @Test("the recorded actions lead a bare simulator to the states of training")
  func actions() throws {
    let simulator = try Simulator(Locomotion.halfCheetah)
    let task = RecordingTask(
      task: ControlTask(simulator: simulator, initialization: .normal, initializationScale: 1),
      windowLength: 30)
    let theta = task.initialParameters(key: PRNGKey(seed: 1))
    var scratch = try task.makeScratch()
    var state = try task.start(
      theta: theta, key: PRNGKey(seed: 2), at: .beginning, in: &scratch)
    let first = state.environment
    let key = StepKey(shared: PRNGKey(seed: 3), particle: 0, particleCount: 1)
    for _ in 0..<30 { _ = try task.advance(&state, theta: theta, key: key, in: &scratch) }
    #expect(state.actions.count == 30 * 6 && state.environment.step == 30)

    let bare = try simulator.makeScratch()
    var replayed = first
    for step in 0..<30 {
      let action = state.actions[6 * step..<6 * (step + 1)].map { Float($0) }
      _ = try simulator.step(&replayed, action: action, in: bare)
    }
    #expect(replayed == state.environment)

    // The next window begins with an empty memory.
    _ = try task.advance(&state, theta: theta, key: key, in: &scratch)
    #expect(state.actions.count == 6)
  }

  @Test("a measurement says what it measured", arguments: [1, 2])
  func measurement(threads: Int) throws {
    let measured = ControlBenchmark.Case(
      environment: Locomotion.swimmer.spec.id, particleCount: 3, windowLength: 4, threads: threads)
    let result = try ControlBenchmark(
      ControlTask(simulator: try Simulator(Locomotion.swimmer)), measured: measured
    ).run(windows: 7)
    #expect(result.measured == measured && result.windows == 7)
    #expect(result.floor > 0 && result.floor.isFinite)
    #expect(result.training > 0 && result.training.isFinite)
    #expect(result.ratio > 0 && result.ratio.isFinite)
  }
}
