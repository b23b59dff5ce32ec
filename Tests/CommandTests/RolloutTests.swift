import Envs
import Foundation
import TestSupport
import Testing

struct RolloutTests {
  struct Step: Decodable {
    var step: Int
    var reward: Double
    var terminated: Bool
    var truncated: Bool
    var info: [String: Double]
    var action: [Double]
    var observation: [Double]
    var nextObservation: [Double]

    enum CodingKeys: String, CodingKey {
      case step
      case reward
      case terminated
      case truncated
      case info
      case action
      case observation
      case nextObservation = "next_observation"
    }
  }

  struct Sum: Decodable {
    var steps: Int
    var reward: Double
    var forwardReward: Double
    var controlReward: Double
    var terminated: Bool
    var truncated: Bool

    enum CodingKeys: String, CodingKey {
      case steps
      case reward
      case terminated
      case truncated
      case forwardReward = "forward_reward"
      case controlReward = "control_reward"
    }
  }

  private func steps(_ arguments: String..., in folder: TemporaryFolder) throws -> [Step] {
    let outcome = try Command.run(["rollout"] + arguments + ["--json"], in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    return try outcome.lines.map { try JSONDecoder().decode(Step.self, from: Data($0.utf8)) }
  }

  @Test("whole numbers may be written with an exponent")
  func exponents() throws {
    let folder = try TemporaryFolder()
    for flags in [["1e1", "2e0"], ["10", "2"]] {
      let outcome = try Command.run(
        ["rollout", "Swimmer-v4", "--sum", "--horizon-length", flags[0], "--seed", flags[1]],
        in: folder)
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      try #require(outcome.lines.first?.contains("10") == true)
    }
    let outcome = try Command.train("--seed-list", "1e1, 2", in: folder)
    #expect(outcome.status == 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder("run")).sorted()
        == ["seed-10", "seed-2", "seeds.json"])
    let half = try Command.run("rollout", "Swimmer-v4", "--horizon-length", "15e-1", in: folder)
    #expect(half.status == 64 && half.error.contains("it must be a whole number"))
  }

  @Test("given actions lead to Gymnasium's rewards", arguments: ["swimmer", "halfcheetah"])
  func actions(name: String) throws {
    let folder = try TemporaryFolder()
    let golden = try Golden("env/\(name)")
    let width = name == "swimmer" ? 2 : 6
    let actions = try golden.doubles("actions")
    let rows = (0..<30).map { actions[$0 * width..<($0 + 1) * width].map { "\($0)" } }
    _ = try folder.file(
      "actions.csv", rows.map { $0.joined(separator: ",") }.joined(separator: "\n").utf8)
    let rewards = try Array(golden.doubles("traj0_reward").prefix(30))

    let outcome = try Command.run("rollout", "\(name)-v4", "--actions", "actions.csv", in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let environment = name == "swimmer" ? Locomotion.swimmer : .halfCheetah
    let names =
      ["step", "reward", "terminated", "truncated"] + environment.spec.infoNames
      + (0..<width).map { "action_\($0)" }
    #expect(outcome.lines.first == names.joined(separator: ",")[...])
    let table = outcome.lines.dropFirst().map { $0.split(separator: ",") }
    #expect(table.map { $0[0] } == (0..<30).map { "\($0)"[...] })
    #expect(table.map { $0.suffix(width).map { String($0) } } == rows)
    let isExact = MuJoCo.version == "2.2.2"
    for (row, reward) in zip(table, rewards) {
      let found = try #require(Double(row[1]))
      #expect(isExact ? found == reward : abs(found - reward) < 1e-5)
    }

    let json = try steps("\(name)-v4", "--actions", "actions.csv", in: folder)
    #expect(json.map(\.step) == Array(0..<30))
    #expect(json.map { $0.reward } == table.compactMap { Double($0[1]) })
    #expect(zip(json, json.dropFirst()).allSatisfy { $0.nextObservation == $1.observation })
    if isExact {
      // Observations are the positions but for the first ones, then the velocities.
      let (qpos, qvel) = try (golden.doubles("traj0_qpos"), golden.doubles("traj0_qvel"))
      let (count, hidden) = name == "swimmer" ? (5, 2) : (9, 1)
      for (index, step) in json.enumerated() {
        let row = index * count..<(index + 1) * count
        #expect(step.nextObservation == Array(qpos[row].dropFirst(hidden) + qvel[row]))
      }
    }
    #expect(json[0].info.keys.sorted() == names.dropFirst(4).dropLast(width).sorted())

    let text = try Command.run(
      "rollout", "\(name)-v4", "--actions", "actions.csv", "--sum", "--json", in: folder)
    let sum = try JSONDecoder().decode(Sum.self, from: Data(text.output.utf8))
    #expect(sum.steps == 30 && !sum.terminated && !sum.truncated)
    #expect(abs(sum.reward - json.reduce(0) { $0 + $1.reward }) < 1e-12)
    #expect(abs(sum.forwardReward + sum.controlReward - sum.reward) < 1e-12)
  }

  @Test("an episode ends with the time limit, and its seed decides its start")
  func limit() throws {
    let folder = try TemporaryFolder()
    let first = try steps("swimmer-v4", "--horizon-length", "5", "--seed", "3", in: folder)
    let second = try steps("swimmer-v4", "--horizon-length", "5", "--seed", "4", in: folder)
    #expect(first.count == 5 && second.count == 5)
    #expect(first[0].observation != second[0].observation)
    #expect(first.allSatisfy { $0.action == [0, 0] })
    let whole = try Command.run("rollout", "swimmer-v4", "--sum", in: folder)
    #expect(
      whole.output.wholeMatch(
        of:
          /steps 1000   reward \S+   forward \S+   control \S+   terminated false   truncated true\n/
      ) != nil)
  }

  @Test("an end by the environment's rule and one by the time limit are told apart")
  func ends() throws {
    let folder = try TemporaryFolder()
    let fallen = try steps("hopper-v4", in: folder)
    #expect(10 < fallen.count && fallen.count < 500)
    #expect(fallen.map(\.terminated).firstIndex(of: true) == fallen.count - 1)
    #expect(fallen.allSatisfy { !$0.truncated })
    let both = try steps("hopper-v4", "--horizon-length", "\(fallen.count)", in: folder)
    #expect(both.last?.terminated == true && both.last?.truncated == true)
    let cut = try steps("hopper-v4", "--horizon-length", "9", in: folder)
    #expect(cut.map(\.truncated) == (1...9).map { $0 == 9 })
    #expect(cut.allSatisfy { !$0.terminated })
    let table = try Command.run("rollout", "hopper-v4", in: folder).lines
    #expect(table.first?.hasPrefix("step,reward,terminated,truncated,x_position,") == true)
    #expect(table.last?.split(separator: ",")[2...3] == ["1", "0"])
    let sum = try Command.run("rollout", "hopper-v4", "--sum", in: folder)
    #expect(sum.output.hasSuffix("   terminated true   truncated false\n"))
  }

  @Test("a saved policy answers the observations that are printed")
  func policy() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    let script = """
      import json, sys
      from safetensors.numpy import load_file
      print(json.dumps(load_file(sys.argv[1])['linear/w'].reshape(-1).tolist()))
      """
    let theta: [Double] = try Python.run(script, folder("run/theta_trajectory.safetensors"))
    for (flags, iteration) in [(["--iteration", "2"], 2), ([], 3)] {
      let outcome = try Command.run(
        ["rollout", "swimmer-v4", "--theta", "run", "--horizon-length", "20", "--json"] + flags,
        in: folder)
      let steps = try outcome.lines.map { try JSONDecoder().decode(Step.self, from: Data($0.utf8)) }
      #expect(Set(steps.map(\.observation)).count == 20)
      for step in steps {
        for (index, action) in step.action.enumerated() {
          let expected = step.observation.enumerated().reduce(0) {
            $0 + $1.element * theta[iteration * 16 + $1.offset * 2 + index]
          }
          // The policy works in float32.
          #expect(abs(action - expected) < 1e-5 * max(1, abs(expected)))
        }
      }
    }
  }
}
