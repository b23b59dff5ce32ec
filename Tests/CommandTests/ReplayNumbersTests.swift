import Foundation
import TestSupport
import Testing

/// `nres replay --numbers` beside `nres evaluate`.
struct ReplayNumbersTests {
  struct Line: Decodable, Equatable {
    var iteration: Int
    var reward: Double
    var halfWidth: Double
    var environment: String
    var seeds: [UInt32]
    var rewards: [Double]

    enum CodingKeys: String, CodingKey {
      case iteration
      case reward
      case halfWidth = "reward_ci"
      case environment
      case seeds
      case rewards
    }
  }

  private func lines(_ flags: String, in folder: TemporaryFolder) throws -> [Line] {
    let words = flags.split(separator: " ").map { String($0) }
    let outcome = try Command.run(["replay", "--numbers", "--json"] + words, in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    return try outcome.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }

  @Test("rewards are evaluate's, to the last bit, whatever is chosen and on any threads")
  func evaluate() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    for (flags, which) in [
      ("", "best"), ("--iteration last", "last"), ("--iteration best", "best"),
      ("--iterations 2,last,0,best", "2,last,0,best"), ("--iterations every:2", "0,2,3"),
      ("--iterations all", "all"),
    ] {
      let evaluated = try Command.run(
        "evaluate", "run", "--iteration", which, "--json", in: folder)
      let expected = try evaluated.lines.map {
        try JSONDecoder().decode([String: Double].self, from: Data($0.utf8))
      }
      let replayed = try lines("run " + flags, in: folder)
      #expect(!replayed.isEmpty && replayed.count == expected.count)
      for (line, expected) in zip(replayed, expected) {
        #expect(Double(line.iteration) == expected["iteration"])
        #expect(line.reward == expected["test/unperturbed_test_reward"])
        #expect(line.halfWidth == expected["test/unperturbed_test_reward_ci"])
        #expect(line.environment == "Swimmer-v4")
        #expect(line.rewards.count == 20 && Set(line.rewards).count == 20)
        #expect(line.seeds == (0..<20).map { line.seeds[0] + $0 } && line.seeds[0] > 0)
      }
      for threads in [2, 7] {
        #expect(try lines("run \(flags) --threads \(threads)", in: folder) == replayed)
      }
    }
  }

  @Test("a line of text names iteration, reward and seeds")
  func text() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    let replayed = try lines("run --iterations 3,1", in: folder)
    let outcome = try Command.run("replay", "run", "--numbers", "--iterations", "3,1", in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty && outcome.lines.count == 2)
    for (text, line) in zip(outcome.lines, replayed) {
      let pattern =
        /iteration (\d)   reward (-?\d+\.\d\d) ± (\d+\.\d\d)   20 episodes, seeds (\d+) to (\d+)/
      let match = try #require(text.wholeMatch(of: pattern), "\(text)")
      #expect(match.1 == "\(line.iteration)")
      // Two digits are printed.
      #expect(abs(try #require(Double(match.2)) - line.reward) < 0.0051)
      #expect(abs(try #require(Double(match.3)) - line.halfWidth) < 0.0051)
      #expect(match.4 == "\(line.seeds[0])" && match.5 == "\(line.seeds[19])")
    }
    let single = try Command.run(
      "replay", "run", "--numbers", "--episodes", "1", "--seed", "7", in: folder)
    #expect(
      single.output.wholeMatch(of: /iteration \d   reward -?\d+\.\d\d   1 episode, seed 7\n/)
        != nil)
  }

  @Test("a θ file alone is replayed in the environment that it fits, as rollouts are")
  func alone() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    try FileManager.default.copyItem(
      atPath: folder("run/theta_trajectory.safetensors"), toPath: folder("alone.safetensors"))
    let replayed = try lines("alone.safetensors --episodes 2", in: folder)
    #expect(replayed.map(\.iteration) == [3] && replayed[0].environment == "Swimmer-v4")
    #expect(replayed[0].seeds == [0, 1])
    for (seed, reward) in zip(replayed[0].seeds, replayed[0].rewards) {
      let rollout = try Command.run(
        "rollout", "swimmer-v4", "--theta", "run", "--seed", "\(seed)", "--sum", "--json",
        in: folder)
      struct Sum: Decodable { var reward: Double }
      #expect(
        try JSONDecoder().decode(Sum.self, from: Data(rollout.output.utf8)).reward == reward)
    }
    // The same file where the run's settings are beside it.
    #expect(
      try lines("run/theta_trajectory.safetensors --iterations all", in: folder)
        == lines("run --iterations all", in: folder))
  }

  @Test("a run that goes on is replayed as far as it is")
  func running() throws {
    let folder = try TemporaryFolder()
    let training = try Command.Running(
      ["train", "swimmer-nres", "--run-dir", "run"] + Command.tiny
        + ["--outer-iterations", "100000"], in: folder)
    defer { training.process.terminate() }
    let deadline = ContinuousClock.now + .seconds(60)
    while training.process.isRunning, ContinuousClock.now < deadline {
      let text = try? String(contentsOfFile: folder("run/scalars.csv"), encoding: .utf8)
      if text?.contains("\n3,") == true { break }
      usleep(5000)
    }
    let running = try lines("run --iterations best,0,last,2", in: folder)
    #expect(training.process.isRunning)
    #expect(running.allSatisfy { $0.rewards.count == 20 } && running.count >= 2)
    kill(training.process.processIdentifier, SIGKILL)
    #expect(try training.finish().status == -SIGKILL)
    // Killed, it says the same.
    for line in running {
      #expect(try lines("run --iteration \(line.iteration)", in: folder) == [line])
    }
  }

  static let theta = "run/theta_trajectory.safetensors"
  static let refusals = [
    Refusal("replay run --json", "--json needs --numbers"),
    Refusal("replay run --episodes 3", "--episodes needs --numbers"),
    Refusal(
      "replay run --numbers --episodes 0", "--episodes is 0: it must be between 1 and 10000"),
    Refusal(
      "replay run --numbers --episodes 10001",
      "--episodes is 10001: it must be between 1 and 10000"),
    Refusal(
      "replay run --numbers --seed -1", "--seed is -1: it must be between 0 and 4294967295"),
    Refusal(
      "replay run --numbers --seed 4294967296",
      "--seed is 4294967296: it must be between 0 and 4294967295"),
    Refusal(
      "replay run --numbers --threads 0", "--threads is 0: it must be between 1 and 1024"),
    Refusal(
      "replay run --numbers --iteration 4", "--iteration 4 is not in this run: choose 0 to 3"),
    Refusal(
      "replay run --numbers --iteration -1", "--iteration -1 is not in this run: choose 0 to 3"),
    Refusal(
      "replay run --numbers --iteration 1,2",
      "--iteration is '1,2': give 0 to 3, last or best"),
    Refusal(
      "replay run --numbers --iterations every:0",
      "--iterations is 'every:0': give 0 to 3, last, best, every:10 or all, or several between "
        + "commas"),
    Refusal(
      "replay run --numbers --iteration 1 --iterations 2",
      "--iteration and --iterations exclude each other: give one of them"),
    Refusal(
      "replay alone --numbers --iteration best",
      "--iteration best needs a finite evaluation and none is logged: give 0 to 3, last or best"),
    Refusal(
      "replay run --numbers --gym-env-name HalfCheetah-v4",
      "--gym-env-name HalfCheetah-v4 does not fit \(theta), which holds linear/w[8, 2]: "
        + "leave it out or name the environment it was trained in"),
    Refusal(
      "replay alone --numbers --gym-env-name tetris",
      "unknown environment 'tetris'; \(BadInputTests.environments)"),
    Refusal(
      "replay run --numbers --model no.xml", status: 66,
      "no.xml: no such readable model file (MJCF)"),
    Refusal(
      "replay nothing --numbers", status: 66,
      "nothing: no such file or folder: give a run folder or a θ file"),
  ]

  @Test("what cannot be replayed is refused in one line")
  func refused() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    try FileManager.default.copyItem(atPath: folder(Self.theta), toPath: folder("alone"))
    for refusal in Self.refusals {
      let outcome = try refusal.run(in: folder)
      #expect(outcome.status == refusal.status && outcome.output.isEmpty, "\(refusal.line)")
      #expect(outcome.error == "nres: \(refusal.error)\n")
      #expect(try folder.names == ["alone", "run"])
    }
  }

  @Test("a policy that diverges ends the replay with its iteration")
  func divergence() throws {
    let folder = try TemporaryFolder()
    #expect(
      try Command.train("--outer-optimizer-specs", "SGD||CONSTANT1e30", in: folder).status != 0)
    // θ₀ is zero; what the first update gave cannot be simulated.
    let outcome = try Command.run("replay", "run", "--numbers", "--iterations", "0,1", in: folder)
    #expect(outcome.status == 3 && outcome.lines.count == 1)
    #expect(outcome.error.hasPrefix("nres: iteration 1: Swimmer-v4: the simulation with seed "))
    #expect(outcome.error.count { $0 == "\n" } == 1)
  }
}
