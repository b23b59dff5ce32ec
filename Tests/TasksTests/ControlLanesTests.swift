import Envs
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// A control task side by side has the numbers that it has one after another on `mj_step`.
@Suite struct ControlLanesTests {
  private static let horizon = 30

  private static func task(
    _ environment: any Environment, _ architecture: Policy.Architecture, _ physics: PhysicsEngine,
    onDivergence: DivergencePolicy = .fail
  ) throws -> ControlTask {
    ControlTask(
      simulator: try Simulator(
        environment, timeLimit: horizon, onDivergence: onDivergence, physics: physics),
      architecture: architecture)
  }

  private static func thetas(_ count: Int, _ task: ControlTask, scale: Float) -> [[Float]] {
    (0..<count).map { task.layout.noise(key: PRNGKey(seed: UInt64($0)), sigma: scale) }
  }

  /// What a number of states meet in `steps` steps, in stretches as an estimator takes them.
  private static func losses(
    _ task: ControlTask, _ thetas: [[Float]], steps: Int
  ) throws -> (losses: [[Float]], states: [EnvironmentState], outcome: UnrollOutcome) {
    var scratch = try task.makeScratch()
    let key = PRNGKey(seed: 5)
    var states = try task.start(
      theta: thetas[0], keys: thetas.indices.map { key.split(thetas.count, at: $0) },
      at: .random(windowLength: 7), in: &scratch)
    let keys = StepKeys(shared: key.split(steps), particleCount: thetas.count)
    var rows: [[Float]] = []
    var total = UnrollOutcome(steps: 0, simulatedSteps: 0)
    while total.steps < steps {
      var losses = [Float](repeating: 0, count: steps * ControlTask.lossStride)
      let outcome = try task.unroll(
        &states, upTo: steps - total.steps, thetas: thetas, keys: keys.dropping(total.steps),
        particles: Array(thetas.indices), losses: &losses, in: &scratch)
      rows += (0..<outcome.steps).map { step in
        Array(losses[step * ControlTask.lossStride..<step * ControlTask.lossStride + thetas.count])
      }
      total.steps += outcome.steps
      total.simulatedSteps += outcome.simulatedSteps
      total.divergedSteps += outcome.divergedSteps
    }
    return (rows, states, total)
  }

  @Test(arguments: [2, 5, 8, 9, 16, 32], Policy.Architecture.allCases)
  func unrolls(_ count: Int, _ architecture: Policy.Architecture) throws {
    for environment: any Environment in [
      Locomotion.swimmer, Locomotion.halfCheetah, InvertedPendulum(),
    ] {
      let lanes = try Self.task(environment, architecture, .lanes)
      let alone = try Self.task(environment, architecture, .mujoco)
      let thetas = Self.thetas(count, lanes, scale: 0.5)
      let got = try Self.losses(lanes, thetas, steps: 70)
      let expected = try Self.losses(alone, thetas, steps: 70)
      #expect(
        got.losses.map { $0.map(\.bitPattern) } == expected.losses.map { $0.map(\.bitPattern) })
      #expect(got.states == expected.states)
      #expect(got.outcome.simulatedSteps == expected.outcome.simulatedSteps)
      // Poles fall one after the other, and living ones move together.
      let all = count * 70
      #expect((got.outcome.simulatedSteps < all) == (environment is InvertedPendulum))
    }
  }

  @Test("actions without bounds, numbers that are none: lanes part, each as it would alone")
  func diverges() throws {
    let cheetah = Locomotion.halfCheetah
    let lanes = try Self.task(cheetah, .linear, .lanes, onDivergence: .reset)
    let alone = try Self.task(cheetah, .linear, .mujoco, onDivergence: .reset)
    var thetas = Self.thetas(6, lanes, scale: 0.5)
    thetas[1] = thetas[1].map { _ in .nan }
    thetas[4] = thetas[4].map { $0 * 1e30 }
    let got = try Self.losses(lanes, thetas, steps: 70)
    let expected = try Self.losses(alone, thetas, steps: 70)
    #expect(
      got.losses.map { $0.map(\.bitPattern) } == expected.losses.map { $0.map(\.bitPattern) })
    #expect(got.outcome.divergedSteps == expected.outcome.divergedSteps)
    #expect(got.outcome.divergedSteps > 0)
    #expect(got.outcome.simulatedSteps == expected.outcome.simulatedSteps)
  }

  @Test func failsAsAlone() throws {
    var errors: [EnvironmentError?] = []
    for physics in [PhysicsEngine.lanes, .mujoco] {
      let task = try Self.task(Locomotion.swimmer, .linear, physics)
      var thetas = Self.thetas(4, task, scale: 0.5)
      thetas[2] = thetas[2].map { _ in .nan }
      errors.append(
        #expect(throws: EnvironmentError.self) { try Self.losses(task, thetas, steps: 40) })
    }
    #expect(errors[0] == errors[1])
  }

  @Test(arguments: [0, 0.3] as [Float], [1, 2])
  func evaluates(_ sigma: Float, _ threads: Int) throws {
    for environment: any Environment in [Locomotion.halfCheetah, InvertedPendulum()] {
      let lanes = try Self.task(environment, .linear, .lanes)
      let alone = try Self.task(environment, .linear, .mujoco)
      var theta = Self.thetas(1, lanes, scale: 0.5)[0]
      for isBroken in [false, true] {
        if isBroken { theta[3] = .infinity }
        func returns(_ task: ControlTask) throws -> [UInt64] {
          try task.episodeReturns(
            theta: theta, key: PRNGKey(seed: 3), sigma: sigma, episodes: 37,
            pool: WorkerPool(threadCount: threads)
          ).map(\.bitPattern)
        }
        #expect(try returns(lanes) == returns(alone))
      }
    }
  }

  @Test func engines() throws {
    #expect(try Simulator(Locomotion.swimmer).engine == .lanes)
    let alone = try Simulator(Locomotion.swimmer, physics: .mujoco)
    #expect(alone.engine == .mujoco && alone.engineReason == "MuJoCo was asked for")
  }
}
