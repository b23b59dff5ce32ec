import Envs
import Estimators
import Foundation
import Parameters
import Randomness
import Tasks
import Testing
import Unrolls
import Workers

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

  @Test("windows in which nothing goes on are not measured")
  func earlyEnds() throws {
    // Of an episode's ten windows two at most.
    let simulator = try Simulator(InvertedPendulum(), timeLimit: 300)
    let theta: [Float] = [0, -2, 0, 0]
    let result = try ControlBenchmark(
      ControlTask(simulator: simulator, givenParameters: theta), .training, particleCount: 3,
      windowLength: 30, threads: 1
    ).run(windows: 7)
    #expect(result.floor > 0 && result.speed > 0 && result.ratio > 0 && result.ratio.isFinite)
  }

  @Test(
    "a measurement says what it measured",
    arguments: [
      (.lanes, .physics), (.lanes, .training), (.lanes, .evaluation), (.mujoco, .training),
      (.mujoco, .evaluation),
    ] as [(PhysicsEngine, ControlBenchmark.Part)], [1, 2])
  func measurement(of kind: (engine: PhysicsEngine, part: ControlBenchmark.Part), threads: Int)
    throws
  {
    guard MuJoCo.version == "2.2.2" || kind.engine == .mujoco else { return }
    let simulator = try Simulator(Locomotion.swimmer, timeLimit: 4, physics: kind.engine)
    let result = try ControlBenchmark(
      ControlTask(simulator: simulator), kind.part, particleCount: 3, windowLength: 4,
      threads: threads
    ).run(windows: 7)
    let measured = result.measured
    #expect(measured.environment == "Swimmer-v4" && measured.engine == kind.engine)
    #expect(measured.part == kind.part && measured.threads == threads)
    #expect(measured.particleCount == 3 && measured.windowLength == 4 && result.windows == 7)
    #expect(result.floor > 0 && result.floor.isFinite)
    #expect(result.speed > 0 && result.speed.isFinite)
    #expect(result.ratio > 0 && result.ratio.isFinite)
    #expect(result.exceptions == 0)
  }

  @Test(
    "the work moves through the states that its trajectories lead to", arguments: [1, 2],
    [false, true])
  func trajectories(threads: Int, isTrained: Bool) throws {
    let simulator = try Simulator(Locomotion.halfCheetah)
    guard simulator.engine == .lanes else { return }
    let pool = WorkerPool(threadCount: threads)
    let theta = (0..<17 * 6).map { Float($0 % 7 - 3) / 8 }
    let task = ControlTask(simulator: simulator, givenParameters: isTrained ? theta : nil)
    let measured = ControlBenchmark(
      task, .physics, particleCount: 20, windowLength: 3, threads: threads
    ).measured
    #expect(measured.isTrained == isTrained)
    let work = try PhysicsWork(task, measured, pool: pool)
    var ends = try work.prepare()
    if isTrained {
      var scratch = try task.makeScratch()
      var acting = ends[7].start
      _ = try task.act(&acting, theta: theta, in: &scratch)
      #expect(ends[7].actions[..<6] == scratch.action.map { Double($0) }[...])
    }
    let scratch = try simulator.makeScratch()
    for index in ends.indices {
      for step in 0..<3 {
        _ = try simulator.step(
          &ends[index].start,
          action: ends[index].actions[6 * step..<6 * step + 6].map { Float($0) },
          in: scratch)
      }
    }
    try work.run()
    let next = try work.prepare()
    #expect(next.map(\.start.physics) == ends.map(\.start.physics))
    #expect(next.map(\.actions) != ends.map(\.actions))
  }

  @Test("MuJoCo has no row of physics alone, which it would be measured beside")
  func cases() throws {
    let environment = Locomotion.swimmer.spec.id
    #expect(
      try ControlBenchmark.measurements(
        of: environment, threads: [1, 2], physics: .mujoco, trained: nil
      )
      .map(\.measured.part) == [.training, .training, .training, .training]
        + [.evaluation, .evaluation])
  }

  @Test("no window is longer than the environment's time limit, and a run's task is what it was")
  func windows() throws {
    func lengths(_ trained: ControlTask?) throws -> [Int] {
      try ControlBenchmark.measurements(
        of: "Reacher-v4", threads: [1], physics: .mujoco, trained: trained
      ).map(\.measured.windowLength)
    }
    #expect(try lengths(nil) == [20, 50, 50])
    let simulator = try Simulator(Reacher(), timeLimit: 30, physics: .mujoco)
    #expect(try lengths(ControlTask(simulator: simulator)) == [20, 30, 30])
  }

  @Test("columns of the longest name are below their titles")
  func columns() {
    for name in ["InvertedDoublePendulum-v4", "Ant-v4"] {
      let row = ControlBenchmark.row(
        ControlBenchmark.Result(
          measured: ControlBenchmark.Case(
            environment: name, engine: .lanes, part: .evaluation, particleCount: 20,
            windowLength: 1000, threads: 16, isTrained: false),
          floor: 123456, speed: 1_234_567, ratio: 10.5, exceptions: 3, windows: 9))
      let titles = ControlBenchmark.columns
      #expect(row.count == titles.count)
      for (title, text) in [("part", "evaluation"), ("engine", "lanes")] {
        #expect(
          titles.range(of: title).map {
            titles.distance(from: titles.startIndex, to: $0.lowerBound)
          }
            == row.range(of: text).map { row.distance(from: row.startIndex, to: $0.lowerBound) })
      }
    }
  }

  @Test(
    "what is compared are the steps that were really taken, not those of a robot that has fallen")
  func absorbed() throws {
    let task = RecordingTask(
      task: ControlTask(simulator: try Simulator(InvertedPendulum(), timeLimit: 40)),
      windowLength: 20)
    let theta: [Float] = [0, -2, 0, 0]
    var scratch = try task.makeScratch()
    var state = try task.start(
      theta: theta, key: PRNGKey(seed: 2), at: .beginning, in: &scratch)
    let key = StepKey(shared: PRNGKey(seed: 3), particle: 0, particleCount: 1)
    var taken = 0
    for window in 0..<2 {
      taken = 0
      for _ in 0..<20 {
        let outcome = try task.advance(&state, theta: theta, key: key, in: &scratch)
        taken += outcome.isSimulated ? 1 : 0
      }
      #expect(state.actions.count == taken && state.stepCount == 20, "window \(window)")
    }
    #expect(taken < 20)
  }
}
