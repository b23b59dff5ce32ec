import Dispatch
import Estimators
import Parameters
import Randomness
import TestSupport
import Testing
import Unrolls
import Workers

/// A thread that has no particles of its own helps with those of others, and changes nothing.
struct IdleThreadTests {
  /// With fewer particles than threads the two sides of a pair run on a thread each.
  @Test(arguments: EstimatorCatalogue.perturbing.map { $0.id }, [1, 2])
  func theSidesOfAPairRunApart(_ name: String, _ particleCount: Int) throws {
    var run = Run.control
    run.settings.particleCount = particleCount
    let estimator = try EstimatorCatalogue.named(name)
    let expected = try run.bits(run.make(estimator), windows: 0..<6)
    for threads in [2, 3, 4, 9] {
      #expect(try run.bits(run.make(estimator, threadCount: threads), windows: 0..<6) == expected)
    }
  }

  /// Both threads are really at work: a step ends only when the other side is in one too.
  @Test func bothSidesAreUnderWayAtOnce() throws {
    let settings = EstimatorSettings(
      particleCount: 1, windowLength: 3, noisePeriod: 3, sigma: 0.1)
    let estimator = try FullES.make(
      MeetingTask(), settings: settings, theta: [0], key: PRNGKey(seed: 0),
      pool: WorkerPool(threadCount: 2))
    #expect(try estimator.estimate(theta: [0], key: PRNGKey(seed: 1)).meanLoss == 1)
  }
}

/// Steps that wait for each other in pairs; the loss is 1 where a partner came within a minute.
private struct MeetingTask: UnrolledTask {
  struct State: Codable, Sendable { var step = 0 }

  let horizon = 3
  let layout = ParameterLayout([ParameterLeaf(name: "theta", shape: [1])])
  private let arrived = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]

  func initialParameters(key: PRNGKey) -> [Float] { [0] }
  func makeScratch() {}
  func stepIndex(of state: State) -> Int { state.step }

  func start(
    theta: [Float], key: PRNGKey, at start: EpisodeStart, in scratch: inout Void
  ) -> State { State() }

  func advance(
    _ state: inout State, theta: [Float], key: StepKey, in scratch: inout Void
  ) -> StepOutcome {
    // θ + ε and θ − ε have different signs.
    let side = theta[0] > 0 ? 1 : 0
    arrived[side].signal()
    let hasMet = arrived[1 - side].wait(timeout: .now() + 60) == .success
    state.step = (state.step + 1) % horizon
    return StepOutcome(loss: hasMet ? 1 : 0, isDone: state.step == 0)
  }
}
