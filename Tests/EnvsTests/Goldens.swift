import Envs
import TestSupport
import Testing

/// Gymnasium's environments as the reference saw them, on MuJoCo 2.2.2.
struct Recorded: Sendable, CustomTestStringConvertible {
  let environment: any Environment.Type
  let file: String

  static let all = [
    Recorded(environment: Swimmer.self, file: "swimmer"),
    Recorded(environment: HalfCheetah.self, file: "halfcheetah"),
  ]

  var testDescription: String { file }
  var golden: Golden { get throws { try Golden("env/\(file)") } }
  var modelGolden: Golden { get throws { try Golden("env/\(file)-model") } }

  /// Whether numbers must be equal to the last bit.
  static var isExact: Bool { MuJoCo.version == "2.2.2" }

  /// Steps over which another version of MuJoCo stays within 1e-9: running is chaotic.
  var comparableSteps: Int { Self.isExact || file == "swimmer" ? .max : 40 }
}

/// Expects two rows of numbers to agree: bit for bit on MuJoCo 2.2.2, to 1e-9 on another version.
func expectAgreement(
  _ found: some Collection<Double>, _ recorded: some Collection<Double>, _ what: String,
  at location: SourceLocation = #_sourceLocation
) {
  let agree = found.elementsEqual(recorded) {
    Recorded.isExact ? $0.bitPattern == $1.bitPattern : abs($0 - $1) <= 1e-9 * max(1, abs($1))
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
