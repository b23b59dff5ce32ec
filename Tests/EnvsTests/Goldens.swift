import Foundation
import TestSupport
import Testing

@testable import Envs

/// Gymnasium's environments as the reference saw them, on MuJoCo 2.2.2.
struct Recorded: Sendable, CustomTestStringConvertible {
  let environment: any Environment
  let file: String
  /// Seconds of a step, and steps of an episode.
  let duration: Double
  var timeLimit = 1000

  static let all = [
    Recorded(environment: Locomotion.swimmer, file: "swimmer", duration: 0.04),
    Recorded(environment: Locomotion.halfCheetah, file: "halfcheetah", duration: 0.05),
    Recorded(environment: Locomotion.hopper, file: "hopper", duration: 0.008),
    Recorded(environment: Locomotion.walker2d, file: "walker2d", duration: 0.008),
    Recorded(environment: Locomotion.ant, file: "ant", duration: 0.05),
    Recorded(environment: Locomotion.humanoid, file: "humanoid", duration: 0.015),
    Recorded(environment: HumanoidStandup(), file: "humanoidstandup", duration: 0.015),
    Recorded(environment: InvertedPendulum(), file: "inverted_pendulum", duration: 0.04),
    Recorded(
      environment: InvertedDoublePendulum(), file: "inverted_double_pendulum", duration: 0.05),
    Recorded(environment: Reacher(), file: "reacher", duration: 0.02, timeLimit: 50),
    Recorded(environment: Pusher(), file: "pusher", duration: 0.05, timeLimit: 100),
  ]

  var testDescription: String { file }
  var golden: Golden { get throws { try Golden("env/\(file)") } }
  var modelGolden: Golden { get throws { try Golden("env/\(file)-model") } }

  /// Whether numbers must be equal to the last bit.
  static var isExact: Bool { MuJoCo.version == "2.2.2" }

  /// How far a number may be from the recorded one after `step` further steps.
  ///
  /// On another version of MuJoCo, whose solver ends on other last digits, trajectories part:
  /// slowly in the water, soon on the ground. Nil where comparing says nothing any more.
  func tolerance(after step: Int) -> Double? {
    if Self.isExact { return 0 }
    switch file {
    case "swimmer": return step < 600 ? 1e-9 : 1e-5
    case "inverted_pendulum": return step < 5 ? 1e-9 : nil
    default: return step < 10 ? 1e-9 : step < 40 ? 1e-5 : nil
    }
  }
}

/// Expects two rows of numbers to agree; bit for bit where the tolerance is 0. Whether they do.
@discardableResult
func expectAgreement(
  _ found: some Collection<Double>, _ recorded: some Collection<Double>, within tolerance: Double,
  _ what: String, at location: SourceLocation = #_sourceLocation
) -> Bool {
  let agree = found.elementsEqual(recorded) {
    $0.bitPattern == $1.bitPattern
      || tolerance > 0 && abs($0 - $1) <= tolerance * max(1, abs($1))
  }
  #expect(agree, "\(what): \(found) is not \(recorded)", sourceLocation: location)
  return agree
}

extension Simulator {
  func qpos(_ state: EnvironmentState) -> ArraySlice<Double> {
    state.physics[model.layout.qpos..<model.layout.qvel]
  }
  func qvel(_ state: EnvironmentState) -> ArraySlice<Double> {
    state.physics[model.layout.qvel..<model.layout.act]
  }
}

extension EnvironmentState {
  /// Positions of an environment with as many velocities, no actuator states and no quantities.
  var qpos: ArraySlice<Double> { physics[1..<1 + (physics.count - 1) / 3] }
  var qvel: ArraySlice<Double> { physics[qpos.endIndex..<qpos.endIndex + qpos.count] }
}

extension Golden {
  /// Row `index` of an array of rows.
  func row(_ name: String, _ index: Int) throws -> ArraySlice<Double> {
    let values = try doubles(name)
    let width = try values.count / shape(name)[0]
    return values[index * width..<(index + 1) * width]
  }

  /// The rows of an array, none where it is not recorded.
  func rows(_ name: String) throws -> [ArraySlice<Double>] {
    guard names.contains(name) else { return [] }
    let values = try doubles(name)
    let count = try shape(name)[0]
    let width = count == 0 ? 0 : values.count / count
    return (0..<count).map { values[$0 * width..<($0 + 1) * width] }
  }

  /// The rows of a trajectory's array by step: `name` has the first steps, `name_every20` steps 19,
  /// 39, and so on.
  func rowsByStep(_ name: String) throws -> [Int: ArraySlice<Double>] {
    var found: [Int: ArraySlice<Double>] = [:]
    for array in names where array == name || array.hasPrefix("\(name)_every") {
      let interval = Int(array.dropFirst(name.count + "_every".count)) ?? 1
      for (index, row) in try rows(array).enumerated() { found[(index + 1) * interval - 1] = row }
    }
    return found
  }
}
