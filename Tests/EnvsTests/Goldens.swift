import Envs
import TestSupport
import Testing

/// Gymnasium's environments as the reference saw them, on MuJoCo 2.2.2.
struct Recorded: Sendable, CustomTestStringConvertible {
  let environment: any Environment
  let file: String

  static let all = [
    Recorded(environment: Locomotion.swimmer, file: "swimmer"),
    Recorded(environment: Locomotion.halfCheetah, file: "halfcheetah"),
  ]
  static let pendulum = Recorded(environment: InvertedPendulum(), file: "inverted_pendulum")

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

/// Expects two rows of numbers to agree; bit for bit where the tolerance is 0.
func expectAgreement(
  _ found: some Collection<Double>, _ recorded: some Collection<Double>, within tolerance: Double,
  _ what: String, at location: SourceLocation = #_sourceLocation
) {
  let agree = found.elementsEqual(recorded) {
    $0.bitPattern == $1.bitPattern
      || tolerance > 0 && abs($0 - $1) <= tolerance * max(1, abs($1))
  }
  #expect(agree, "\(what): \(found) is not \(recorded)", sourceLocation: location)
}

extension EnvironmentState {
  /// Positions of an environment with as many velocities and no actuator states.
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
}
