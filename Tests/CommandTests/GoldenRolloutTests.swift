import Envs
import Foundation
import TestSupport
import Testing

/// `nres rollout --actions --json` against Gymnasium's steps.
struct GoldenRolloutTests {
  /// A line of what is printed.
  struct Step: Decodable {
    var reward: Double
    var terminated: Bool
    var truncated: Bool
    var info: [String: Double]
    var nextObservation: [Double]

    enum CodingKeys: String, CodingKey {
      case reward, terminated, truncated, info
      case nextObservation = "next_observation"
    }
  }

  static let environments = [
    ("Ant-v4", "ant"), ("Hopper-v4", "hopper"), ("Humanoid-v4", "humanoid"),
    ("HumanoidStandup-v4", "humanoidstandup"),
    ("InvertedDoublePendulum-v4", "inverted_double_pendulum"),
    ("InvertedPendulum-v4", "inverted_pendulum"), ("Pusher-v4", "pusher"),
    ("Reacher-v4", "reacher"), ("Walker2d-v4", "walker2d"),
  ]

  @Test(
    "the first episodes have Gymnasium's rewards, flags and infos, to the last bit",
    .enabled(if: MuJoCo.version == "2.2.2"), arguments: environments)
  func firstEpisodes(id: String, file: String) throws {
    let golden = try Golden("env/\(file)")
    let folder = try TemporaryFolder()
    // Those of actions in double precision: of random ones, of small ones, of a controller.
    let names = golden.names.compactMap {
      $0.wholeMatch(of: /(traj[01PCN]|trajS[01])_reward/).map { String($0.1) }
    }
    #expect(names.count >= 2)
    for name in names {
      let ends = try zip(
        golden.integers("\(name)_terminated"), golden.integers("\(name)_truncated")
      ).map { $0 + $1 > 0 }
      let count = min(60, (ends.firstIndex(of: true) ?? ends.count - 1) + 1)
      let path = try folder.file("\(name).csv", actions(name, golden, count: count).utf8)
      let outcome = try Command.run(
        ["rollout", id, "--seed", "\(seed(name, golden))", "--actions", path, "--json"],
        in: folder)
      #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
      let steps = try outcome.lines.map { try JSONDecoder().decode(Step.self, from: Data($0.utf8)) }
      func expect<Value: Equatable>(_ found: [Value], _ recorded: [Value], _ what: String) {
        #expect(found == Array(recorded.prefix(count)), "\(name) \(what)")
      }
      try expect(steps.map(\.reward), golden.doubles("\(name)_reward"), "reward")
      try expect(
        steps.map { $0.terminated ? 1 : 0 }, golden.integers("\(name)_terminated"), "terminated")
      try expect(
        steps.map { $0.truncated ? 1 : 0 }, golden.integers("\(name)_truncated"), "truncated")
      for array in golden.names where array.hasPrefix("\(name)_info_") {
        let info = String(array.dropFirst("\(name)_info_".count))
        try expect(steps.map { $0.info[info] }, golden.doubles(array), info)
      }
      guard golden.names.contains("\(name)_obs") else { continue }
      let observations = steps.flatMap(\.nextObservation)
      let recorded = try golden.doubles("\(name)_obs").prefix(observations.count)
      #expect(Array(observations.prefix(recorded.count)) == Array(recorded), "\(name) observation")
    }
  }

  /// The first actions, a line a step.
  private func actions(_ name: String, _ golden: Golden, count: Int) throws -> String {
    let own = "\(name)_actions"
    let array = golden.names.contains(own) ? own : "actions"
    let width = try golden.shape(array)[1]
    let factor = name.hasPrefix("trajS") ? try golden.doubles("small_factor")[0] : 1
    let values = try golden.doubles(array).map { factor * $0 }
    return (0..<count).map { row in
      values[row * width..<(row + 1) * width].map { "\($0)" }.joined(separator: ",")
    }.joined(separator: "\n")
  }

  private func seed(_ name: String, _ golden: Golden) throws -> Int {
    if golden.names.contains("\(name)_seed") { return try golden.integers("\(name)_seed")[0] }
    return name == "trajN" ? 3 : name.last?.wholeNumberValue ?? 0
  }
}
