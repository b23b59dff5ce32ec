import Envs
import Foundation
import Parameters
import Records
import Settings
import Tasks
import TestSupport
import Testing
import Trainer

/// `--env-option` and `--environment`, and what `nres list` says of an environment.
struct EnvironmentOptionTests {
  private static let training = [
    "--gradient-estimator", "NRES", "--sigma", "0.1", "--outer-optimizer-specs",
    "SGD||CONSTANT1e-2",
    "--num-particles", "2", "--trunc-length", "10", "--horizon-length", "20", "--threads", "1",
    "--outer-iterations", "1",
    "--run-test-during-training",
  ]

  private func options(of run: String, in folder: TemporaryFolder) throws -> String? {
    try RunFolder.open(folder(run)).configuration().settings["env-option"]
  }

  @Test("flags are repeated, go into the run, and are laid over it by name")
  func flags() throws {
    let folder = try TemporaryFolder()
    func train(_ words: String...) throws {
      let outcome = try Command.run(["train"] + words, in: folder)
      #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    }
    let given = ["--env-option", "healthy_angle_range=-1,1", "--env-option=healthy_reward=2"]
    let outcome = try Command.run(
      ["train", "rl", "--environment", "Hopper-v4", "--run-dir", "run"] + Self.training + given,
      in: folder)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(try options(of: "run", in: folder) == "healthy_angle_range=-1,1; healthy_reward=2")
    try train("run/config.json", "--run-dir", "again")
    try train("run/config.json", "--run-dir", "other", "--env-option", "healthy_reward=3")
    try train("run/config.json", "--run-dir", "walker", "--environment", "Walker2d-v4")
    #expect(try options(of: "again", in: folder) == options(of: "run", in: folder))
    #expect(try options(of: "other", in: folder) == "healthy_angle_range=-1,1; healthy_reward=3")
    #expect(try options(of: "walker", in: folder) == nil)

    // What a run was trained with its rollouts have too, name by name.
    struct Sum: Decodable, Equatable {
      var steps: Int
      var healthy: Double
      enum CodingKeys: String, CodingKey {
        case steps
        case healthy = "healthy_reward"
      }
    }
    func rollout(_ words: String...) throws -> Sum {
      let outcome = try Command.run(
        ["rollout", "hopper-v4", "--sum", "--json", "--horizon-length", "500"] + words, in: folder)
      #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
      return try JSONDecoder().decode(Sum.self, from: Data(outcome.output.utf8))
    }
    let trained = try rollout("--theta", "run", "--iteration", "0")
    let usual = try rollout()
    let wide = try rollout("--env-option", "healthy_angle_range=-1,1")
    #expect(trained.steps == wide.steps && wide.steps > usual.steps)
    #expect(trained.healthy == 2 * Double(trained.steps) && wide.healthy == Double(wide.steps))
    let changed = try rollout(
      "--theta", "run", "--iteration", "0", "--env-option", "healthy_reward=7")
    #expect(changed.steps == trained.steps && changed.healthy == 7 * Double(trained.steps))
    let best = try rollout("--theta", "run", "--iteration", "best")
    let number = try #require(RunSummary(path: folder("run")).status?.best).iteration
    #expect(try best == rollout("--theta", "run", "--iteration", "\(number)"))
    let neither = try Command.run(
      "rollout", "hopper-v4", "--theta", "run", "--iteration", "better", in: folder)
    #expect(
      neither.status == 64
        && neither.error == "nres: --iteration is 'better': give 0 to 1, last or best\n")
    let elsewhere = try Command.run(
      "rollout", "hopper-v4", "--theta", "walker", "--sum", in: folder)
    #expect(elsewhere.status == 64 && elsewhere.error.contains("no policy for Hopper-v4"))
  }

  static let hoppers =
    "choose from: forward_reward_weight, ctrl_cost_weight, healthy_reward, "
    + "terminate_when_unhealthy, healthy_state_range, healthy_z_range, healthy_angle_range, "
    + "reset_noise_scale, exclude_current_positions_from_observation"
  static let refusals = [
    Refusal(
      "train swimmer-nres --env-option mass=2",
      "--env-option of Swimmer-v4: unknown parameter 'mass'; choose from: forward_reward_weight, "
        + "ctrl_cost_weight, reset_noise_scale, exclude_current_positions_from_observation"),
    Refusal(
      "train swimmer-nres --env-option reset_noise_scale",
      "--env-option is 'reset_noise_scale': it must be name=value"),
    Refusal(
      "train swimmer-nres --env-option ctrl_cost_weight=much",
      "--env-option of Swimmer-v4: ctrl_cost_weight is 'much': it must be a number"),
    Refusal(
      "rollout Reacher-v4 --env-option length=2",
      "--env-option of Reacher-v4: it has no parameter 'length', nor any other that can be set"),
    Refusal(
      "rollout Hopper-v4 --env-option healthy_z_rang=1,2",
      "--env-option of Hopper-v4: unknown parameter 'healthy_z_rang', did you mean "
        + "'healthy_z_range'? \(hoppers)"),
    Refusal(
      "train lorenz-nres --env-option mass=2",
      "--env-option is a setting of rl, not of lorenz: leave it out"),
    Refusal(
      "train rl --environment Reacher-v4 --gradient-estimator NRES --num-particles 4 --sigma 1 "
        + "--trunc-length 51 --outer-iterations 1 --outer-optimizer-specs SGD||CONSTANT1",
      "--trunc-length 51 is longer than --horizon-length 50: choose W <= T"),
    Refusal(
      "list hoper-v4",
      "unknown environment 'hoper-v4', did you mean 'Hopper-v4'? \(BadInputTests.environments)"),
  ]

  @Test("what cannot be is refused in one line and makes nothing", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let folder = try TemporaryFolder()
    let outcome = try refusal.run(in: folder)
    #expect(outcome.status == refusal.status && outcome.output.isEmpty)
    #expect(outcome.error == "nres: \(refusal.error)\n")
    #expect(try folder.names == [])
  }

  @Test("θ of another environment acts where it fits, and is said to be of another")
  func elsewhere() throws {
    let folder = try TemporaryFolder()
    let layout = Policy(.linear, observationCount: 17, actionCount: 6).layout
    let writer = try ThetaTrajectoryWriter(
      path: folder("theta.safetensors"), layout: layout, keeping: .all(1),
      metadata: ["gym-env-name": "HalfCheetah-v4"])
    try writer.append([Float](repeating: 0, count: layout.count))
    try writer.close()
    for (name, note) in [
      ("Walker2d-v4", "nres: --theta theta.safetensors was trained in HalfCheetah-v4\n"),
      ("halfcheetah-v4", ""),
    ] {
      let outcome = try Command.run(
        "rollout", name, "--theta", "theta.safetensors", "--sum", "--horizon-length", "2",
        in: folder)
      #expect(outcome.status == 0 && outcome.error == note)
    }
  }

  @Test("an environment is shown with its parameters")
  func shown() throws {
    let outcome = try Command.run("list", "hopper-v4", in: TemporaryFolder())
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let file = Golden.folder.appending(path: "help/list-Hopper-v4.txt")
    let engine = try Simulator(Locomotion.hopper).engineSummary
    #expect(
      try outcome.output
        == String(contentsOf: file, encoding: .utf8).replacing(" lanes\n", with: " \(engine)\n"))
  }

  @Test("every environment can be shown", arguments: EnvironmentCatalogue.all.indices)
  func each(_ index: Int) throws {
    let environment = EnvironmentCatalogue.all[index]
    let outcome = try Command.run("list", environment.spec.id, in: TemporaryFolder())
    #expect(outcome.status == 0 && outcome.lines.first == environment.spec.id[...])
    #expect(outcome.output.contains(" \(environment.spec.timeLimit) steps\n"))
    for parameter in environment.parameters {
      let row = "  \(parameter.declaration.name)=\(parameter.value) "
      #expect(outcome.output.contains(row), "\(row)")
    }
    #expect(outcome.output.contains("parameters    none\n") == environment.parameters.isEmpty)
  }
}
