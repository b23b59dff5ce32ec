import Foundation
import TestSupport
import Testing

@testable import Envs

/// Recorded steps of an environment. An end is followed by the next episode at once where a reset
/// was recorded, else by further steps.
struct RecordedTrajectory: Sendable, CustomTestStringConvertible {
  let recorded: Recorded
  /// `traj0`, `traj1` of seeds 0 and 1; `trajS0` of small actions; `trajB` of single-precision ones;
  /// `variant` of other parameters.
  let name: String

  /// All of an environment's.
  static func all(of recorded: Recorded) -> [RecordedTrajectory] {
    let names = (try? recorded.golden.names) ?? []
    return names.compactMap { name in
      name.wholeMatch(of: /(traj[0-9A-Z]+|variant)_reward/).map {
        RecordedTrajectory(recorded: recorded, name: String($0.1))
      }
    }
  }

  var testDescription: String { "\(recorded.file) \(name)" }

  enum Actions {
    case single([Float])
    case double([Double])
  }

  func actions(_ golden: Golden) throws -> Actions {
    if golden.names.contains("\(name)_actions_f32") {
      return .single(try golden.floats("\(name)_actions_f32"))
    }
    let own = golden.names.contains("\(name)_actions")
    let actions = try golden.doubles(own ? "\(name)_actions" : "actions")
    guard name.hasPrefix("trajS") else { return .double(actions) }
    let factor = try golden.doubles("small_factor")[0]
    return .double(actions.map { factor * $0 })
  }

  func seed(_ golden: Golden) throws -> UInt32 {
    if golden.names.contains("\(name)_seed") {
      return UInt32(try golden.integers("\(name)_seed")[0])
    }
    return name.last?.wholeNumberValue.map(UInt32.init) ?? ["trajB": 7, "trajN": 3][name] ?? 0
  }

  /// The environment with the parameters that were recorded.
  func environment(_ golden: Golden) throws -> any Environment {
    guard name == "variant" else { return recorded.environment }
    let text = Data(try golden.integers("variant_options").map { UInt8($0) })
    let options = try JSONDecoder().decode([String: Option].self, from: text)
    return try recorded.environment.setting(options.mapValues(\.text))
  }

  /// A parameter as Python has it, as text.
  private struct Option: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let truth = try? container.decode(Bool.self) {
        text = "\(truth)"
      } else if let number = try? container.decode(Double.self) {
        text = "\(number)"
      } else {
        text = try container.decode([Double].self).map { "\($0)" }.joined(separator: ",")
      }
    }
  }

  /// The recorded info by name, each by step.
  func infos(_ golden: Golden) throws -> [String: [Int: ArraySlice<Double>]] {
    let prefix = "\(name)_info_"
    let names = golden.names.filter { $0.hasPrefix(prefix) }
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        try (String($0.dropFirst(prefix.count)), golden.rowsByStep($0))
      })
  }

  /// Flags by step; none where they are not recorded.
  func flags(_ flag: String, _ golden: Golden) throws -> [Int] {
    let array = "\(name)_\(flag)"
    return golden.names.contains(array) ? try golden.integers(array) : []
  }
}
