import Estimators
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Particles side by side and one after another: the same numbers to the last bit.
struct BlockTests {
  /// A block holds 8 particles, and an episode 20 steps.
  static let shapes: [EstimatorSettings] = [
    settings(count: 8, window: 10, period: 10),
    settings(count: 19, window: 6, period: 4),
    settings(count: 9, window: 1, period: 3),
    settings(count: 7, window: 20, period: 100),
    settings(count: 1, window: 7, period: 7),
    settings(count: 17, window: 13, period: 1),
    settings(count: 10, window: 33, period: 21),
  ]
  static let estimators = ReproducibilityTests.onLorenz

  private static func settings(count: Int, window: Int, period: Int) -> EstimatorSettings {
    EstimatorSettings(
      particleCount: count, windowLength: window, noisePeriod: period, sigma: 0.04)
  }

  @Test(arguments: estimators, shapes)
  func theSameBitsOnLorenz(_ name: String, _ settings: EstimatorSettings) throws {
    try compare(Run.lorenz.task, name, settings)
  }

  @Test(arguments: estimators, shapes)
  func theSameBitsWithRandomness(_ name: String, _ settings: EstimatorSettings) throws {
    try compare(RandomWalk(), name, settings)
  }

  private func compare(
    _ task: some BlockTask, _ name: String, _ settings: EstimatorSettings
  ) throws {
    let estimator = try EstimatorCatalogue.named(name)
    let blocks = run(task, settings)
    let singles = run(TracedTask(task), settings)
    let expected = try singles.bits(singles.make(estimator), windows: 0..<5)
    for threads in 1...3 {
      let made = try blocks.make(estimator, threadCount: threads)
      #expect(try blocks.bits(made, windows: 0..<5) == expected, "\(threads) threads")
    }
  }

  private func run<Task>(_ task: Task, _ settings: EstimatorSettings) -> Run<Task> {
    Run(task: task, settings: settings, thetas: (0..<5).map { [3.116, 3.7 - 0.1 * Float($0)] })
  }

  @Test func aTaskThatIsNoBlockTaskTakesAPairAtATime() throws {
    #expect(Lorenz.blockSize == 16)
    #expect(TracedTask<Lorenz>.blockSize == 1)
    let run = run(Run.lorenz.task, Self.shapes[1])
    let blocks = try run.make(TruncatedNRES.self)
    let workers = try #require(blocks as? BlockRuntime<NoiseReuseBlock<Lorenz>>).blocks
    #expect(workers.map(\.motion.count) == [8, 8, 3])
  }

  /// Every particle's history, of which a block keeps several.
  @Test(arguments: shapes)
  func theSameHistories(_ settings: EstimatorSettings) throws {
    typealias Singles = NoiseReuseHistoryBlock<TracedTask<Lorenz>>
    let blocks = run(Run.lorenz.task, settings)
    let singles = run(TracedTask(Run.lorenz.task), settings)
    let block = try blocks.make(TruncatedNRESHistory.self)
    let single = try singles.make(TruncatedNRESHistory.self)
    for window in 0..<5 {
      _ = try blocks.estimate(block, windows: window..<window + 1)
      _ = try singles.estimate(single, windows: window..<window + 1)
      let found = try #require(block as? BlockRuntime<NoiseReuseHistoryBlock<Lorenz>>).blocks
        .flatMap { worker in
          let count = worker.block.motion.count
          return (0..<count).map { [worker.histories[$0], worker.histories[count + $0]] }
        }
      let expected = try #require(single as? BlockRuntime<Singles>).blocks.map(\.histories)
      #expect(found == expected)
    }
  }

  /// Blocks of eight pairs, and blocks of one.
  @Test func aStateInOtherBlocksIsTakenUp() throws {
    let run = run(Run.lorenz.task, Self.shapes[0])
    let single = try self.run(TracedTask(run.task), run.settings).make(ShortHorizonES.self)
    let block = try run.make(ShortHorizonES.self)
    _ = try run.bits(block, windows: 0..<2)
    try single.restore(from: block.snapshot())
    #expect(single.environmentSteps == block.environmentSteps)
    #expect(try run.bits(single, windows: 2..<3) == run.bits(block, windows: 2..<3))
  }

  /// Rows of both sides, in blocks of 3 and 2 and of 1, 2 and 2.
  @Test func rowsOfParticlesStayTogether() {
    let blocks = [["a", "b", "c", "A", "B", "C"], ["d", "e", "D", "E"]]
    let expected = [["a", "A"], ["b", "c", "B", "C"], ["d", "e", "D", "E"]]
    #expect(regrouped(blocks, sides: 2, into: [1, 2, 2]) == expected)
    #expect(regrouped(expected, sides: 2, into: [3, 2]) == blocks)
    #expect(regrouped([[1], [2, 3]], into: [3]) == [[1, 2, 3]])
  }
}

/// A walk whose start and steps are random, four side by side.
private struct RandomWalk: BlockTask {
  struct State: Codable, Sendable {
    var place: Float
    var step: Int
  }

  static let blockSize = 4
  let horizon = 20
  let layout = ParameterLayout([ParameterLeaf(name: "drift", shape: [2])])

  func initialParameters(key: PRNGKey) -> [Float] { [0, 0] }
  func makeScratch() {}
  func stepIndex(of state: State) -> Int { state.step }

  func start(
    theta: [Float], key: PRNGKey, at start: EpisodeStart, in scratch: inout Void
  ) -> State {
    State(place: key.normal(1)[0], step: start.step(key: key, horizon: horizon))
  }

  private func step(_ state: inout State, theta: [Float], key: StepKey) -> Float {
    state.place = 0.9 * state.place + 0.1 * theta[0] + key.derive().normal(1)[0]
    state.step += 1
    return state.place * theta[1]
  }

  func advance(
    _ state: inout State, theta: [Float], key: StepKey, in scratch: inout Void
  ) -> StepOutcome {
    let loss = step(&state, theta: theta, key: key)
    let isDone = state.step == horizon
    if isDone { restart(&state, theta: theta, key: key, in: &scratch) }
    return StepOutcome(loss: loss, isDone: isDone)
  }

  func restart(_ state: inout State, theta: [Float], key: StepKey, in scratch: inout Void) {
    state = State(place: theta[0] + key.derive().normal(2)[1], step: 0)
  }

  func unroll(
    _ states: inout [State], thetas: [[Float]], steps: Int, keys: StepKeys, particles: [Int],
    losses: inout [Float], in scratch: inout Void
  ) {
    for index in states.indices {
      for step in 0..<steps {
        losses[step * Self.blockSize + index] = self.step(
          &states[index], theta: thetas[index],
          key: keys.key(step: step, particle: particles[index]))
      }
    }
  }
}
