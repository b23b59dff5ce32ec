import Foundation
import Settings
import TestSupport
import Testing

@testable import Envs

/// Environments side by side in a vector against each of them alone, to the last bit.
@Suite struct LaneTests {
  static let environments: [any Environment] =
    EnvironmentCatalogue.all + [Locomotion.everything]

  @Test("a lane has the bits of one environment alone", arguments: environments.indices)
  func lanes(_ index: Int) throws {
    let environment = Self.environments[index]
    let simulator = try Simulator(environment)
    var random = SplitMix(state: UInt64(7 + index))
    let count = simulator.spec.observationCount
    var terminated = 0
    for _ in 0..<200 {
      let batch = Batch(simulator, &random)
      var observation = [SIMD8<Double>](repeating: SIMD8(0.0), count: count)
      var alone = [Double](repeating: 0, count: count)
      batch.withState { state in
        var values = observation.mutableSpan
        environment.observe(state, into: &values)
      }
      let outcome = batch.withTransition { environment.outcome(of: $0) }
      for lane in 0..<8 {
        batch.withState(lane: lane) { state in
          var values = alone.mutableSpan
          environment.observeAlone(state, into: &values)
        }
        #expect(observation.map { $0[lane].bitPattern } == alone.map(\.bitPattern))
        let expected = batch.withTransition(lane: lane) { environment.outcomeAlone(of: $0) }
        #expect(outcome.reward[lane].bitPattern == expected.reward.bitPattern)
        #expect(outcome.isTerminated[lane] == expected.isTerminated)
        for term in expected.rewardTerms.indices {
          #expect(
            outcome.rewardTerms[term][lane].bitPattern == expected.rewardTerms[term].bitPattern)
        }
        for info in expected.infos.indices {
          #expect(outcome.infos[info][lane].bitPattern == expected.infos[info].bitPattern)
        }
        terminated += expected.isTerminated ? 1 : 0
      }
    }
    if let body = environment as? Locomotion, body.healthyRanges.isEmpty {
      #expect(terminated == 0)
    } else if environment is InvertedPendulum || environment.spec.id == "everything" {
      #expect((100..<1500).contains(terminated))
    }
  }

  @Test("each operation means the same in every lane")
  func operations() {
    var random = SplitMix(state: 3)
    let special = [0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude]
    func draw() -> SIMD8<Double> {
      var vector = SIMD8<Double>()
      for lane in 0..<8 {
        vector[lane] =
          Bool.random(using: &random)
          ? special[Int.random(in: 0..<8, using: &random)]
          : .random(in: -9...9, using: &random)
      }
      return vector
    }
    for _ in 0..<500 {
      let (a, b) = (draw(), draw())
      func check(
        _ vector: SIMD8<Double>, _ alone: (Double, Double) -> Double,
        at location: SourceLocation = #_sourceLocation
      ) {
        for lane in 0..<8 {
          let expected = alone(a[lane], b[lane])
          #expect(
            vector[lane].bitPattern == expected.bitPattern || vector[lane].isNaN && expected.isNaN,
            sourceLocation: location)
        }
      }
      check(a + b) { $0 + $1 }
      check(a - b) { $0 - $1 }
      check(a * b) { $0 * $1 }
      check(a / b) { $0 / $1 }
      check(a * b + a) { $0 * $1 + $0 }
      check(a.squareRoot()) { a, _ in a.squareRoot() }
      check(a.magnitude) { a, _ in abs(a) }
      check(a.sine) { a, _ in sin(a) }
      check(a.cosine) { a, _ in cos(a) }
      check(a.clamped(to: 3)) { a, _ in a.clamped(to: 3) }
      check(a.clamped(to: 3)) { a, _ in a.isNaN ? a : min(max(a, -3), 3) }
      check(a.replacing(with: b, where: a.isLess(than: b))) { $0 < $1 ? $1 : $0 }
      check(a.replacing(with: b, where: a.isLessThanOrEqualTo(b).inverted)) { $0 <= $1 ? $0 : $1 }
      let (small, positive) = (a.isLess(than: b), SIMD8(0.0).isLess(than: a))
      check(a.replacing(with: b, where: small.and(positive))) { $0 < $1 && 0 < $0 ? $1 : $0 }
      check(a.replacing(with: b, where: small.or(positive))) { $0 < $1 || 0 < $0 ? $1 : $0 }
    }
  }

  /// What NumPy gives for the sum of squares of ((37 i mod 19) + 1)/7.
  @Test(
    "sums are NumPy's",
    arguments: [
      (7, 33.71428680419922, 33.714285714285715), (8, 37.16326141357422, 37.163265306122454),
      (30, 95.0204086303711, 95.02040816326529),
    ])
  func sums(count: Int, single: Double, double: Double) {
    let numbers = (0..<count).map { Double($0 * 37 % 19 + 1) / 7 }
    #expect(sumAsNumPy(count) { numbers[$0] * numbers[$0] } == double)
    #expect(Double(sumAsNumPy(count) { Float(numbers[$0]) * Float(numbers[$0]) }) == single)
  }
}

extension Locomotion {
  /// A cheetah with every parameter in use.
  static let everything: Locomotion = {
    var environment = Locomotion.halfCheetah
    environment.id = "everything"
    environment.place = .quantity(.massCentre)
    environment.dimensionCount = 2
    environment.excludesCurrentPositionsFromObservation = false
    environment.velocityLimit = 0.5
    environment.observedQuantities = ([.bodyPosition("ffoot"), .constraintForces], 3 + 9)
    environment.contactForceCount = 6 * 8
    environment.usesContactForces = true
    environment.contactCostWeight = 0.2
    environment.contactForceRange = Bounds(-0.4, 0.6)
    environment.forwardRewardWeight = 1.25
    environment.controlCostWeight = 0.3
    environment.squaresActionInDouble = true
    environment.healthyReward = 0.7
    environment.healthyRanges = [
      StateRange(.positions(1..<2), from: -0.8, to: 0.8, includesEnds: true),
      StateRange(.velocities(0..<2), from: -0.9, to: 0.9),
      StateRange(.all(fromPosition: 7), from: -0.98, to: .infinity),
    ]
    environment.resetVelocityNoise = .uniform
    environment.infos = [
      ("forward", .forwardReward), ("healthy", .healthyReward), ("control", .controlReward),
      ("x", .x), ("y", .y), ("x_velocity", .xVelocity), ("y_velocity", .yVelocity),
      ("distance", .distance), ("contact", .contactOrControlReward),
    ]
    return environment
  }()
}

/// Random states and actions of eight environments.
struct Batch {
  let duration: Double
  var rows: [String: [SIMD8<Double>]] = [:]
  var squaredAction: SIMD8<Double>

  init(_ simulator: Simulator, _ random: inout SplitMix) {
    func row(_ count: Int) -> [SIMD8<Double>] {
      (0..<count).map { _ in .random(in: -1...1, using: &random) }
    }
    let spec = simulator.spec
    let layout = simulator.model.layout
    for side in ["before", "after"] {
      rows["\(side) qpos"] = row(layout.nq)
      rows["\(side) qvel"] = row(layout.nv)
      rows["\(side) computed"] = row(layout.computedCount)
    }
    rows["action"] = row(spec.actionCount)
    squaredAction = row(1)[0]
    duration = spec.stepDuration
  }

  private func with<Number, Value>(
    _ names: [String], _ number: (SIMD8<Double>) -> Number, _ rows: [StateRow<Number>] = [],
    _ body: ([StateRow<Number>]) -> Value
  ) -> Value {
    guard let name = names.first else { return body(rows) }
    return (self.rows[name] ?? []).map(number).withUnsafeBufferPointer {
      with(
        Array(names.dropFirst()), number,
        rows + [StateRow($0.baseAddress, count: $0.count)], body)
    }
  }

  private func state<Number, Value>(
    _ number: (SIMD8<Double>) -> Number, _ body: (StateView<Number>) -> Value
  ) -> Value {
    with(["after qpos", "after qvel", "after computed"], number) {
      body(StateView(qpos: $0[0], qvel: $0[1], computed: $0[2]))
    }
  }

  private func transition<Number, Value>(
    _ number: (SIMD8<Double>) -> Number, _ body: (Transition<Number>) -> Value
  ) -> Value {
    let names = ["before", "after"].flatMap { ["\($0) qpos", "\($0) qvel", "\($0) computed"] }
    return with(names + ["action"], number) { rows in
      body(
        Transition(
          from: StateView(qpos: rows[0], qvel: rows[1], computed: rows[2]),
          to: StateView(qpos: rows[3], qvel: rows[4], computed: rows[5]), action: rows[6],
          squaredAction: number(squaredAction), duration: duration))
    }
  }

  func withState<Value>(_ body: (StateView<SIMD8<Double>>) -> Value) -> Value {
    state({ $0 }, body)
  }

  func withState<Value>(lane: Int, _ body: (StateView<Double>) -> Value) -> Value {
    state({ $0[lane] }, body)
  }

  func withTransition<Value>(_ body: (Transition<SIMD8<Double>>) -> Value) -> Value {
    transition({ $0 }, body)
  }

  func withTransition<Value>(lane: Int, _ body: (Transition<Double>) -> Value) -> Value {
    transition({ $0[lane] }, body)
  }
}
