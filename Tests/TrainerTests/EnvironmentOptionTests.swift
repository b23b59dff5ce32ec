import Envs
import Foundation
import Parameters
import Records
import Settings
import Tasks
import TestSupport
import Testing
import Trainer

/// Parameters of environments in settings, presets and runs.
struct EnvironmentOptionTests {
  private static let hopper = RunSettings.quick.with {
    $0["gym-env-name"] = "Hopper-v4"
    $0["env-option"] = "healthy_z_range=0.5,inf; reset_noise_scale=0.01"
  }

  private func value(_ name: String, of task: ControlTask) -> String? {
    task.simulator.environment.parameters.first { $0.declaration.name == name }?.value
  }

  @Test("each name is laid over the same name, unless the environment is another")
  func layers() {
    let base = RunSettings(["gym-env-name": "Hopper-v4", "env-option": "a=1; b=2"])
    func over(_ texts: [String: String]) -> String? { RunSettings(texts).over(base)["env-option"] }
    #expect(over([:]) == "a=1; b=2")
    #expect(over(["env-option": "b=3; c=4"]) == "a=1; b=3; c=4")
    #expect(over(["gym-env-name": "hopper-V4", "env-option": "b=3"]) == "a=1; b=3")
    #expect(over(["gym-env-name": "Walker2d-v4"]) == nil)
    #expect(over(["gym-env-name": "Walker2d-v4", "env-option": "b=3"]) == "b=3")
    #expect(base.over(RunSettings(["env-option": "c=0"]))["env-option"] == "c=0; a=1; b=2")
  }

  @Test(
    "a file has them as a text or as a list",
    arguments: [
      "env-option: healthy_z_range=0.5,inf; healthy_reward=2",
      "env-option:\n- healthy_z_range=0.5,inf\n- healthy_reward=2 # twice as much",
      #"{"settings": {"env-option": ["healthy_z_range=0.5,inf", "healthy_reward=2"]}}"#,
    ])
  func files(_ text: String) throws {
    let folder = try TemporaryFolder()
    let preset = try Preset(named: folder.file("mine.yaml", text.utf8))
    let options = try preset.settings.group(ControlSettings.self).options
    #expect(options.values == ["healthy_z_range": "0.5,inf", "healthy_reward": "2"])
  }

  @Test(
    "what is no value of a name in a file is refused",
    arguments: [
      ("healthy_z_range", "is 'healthy_z_range'"), ("[a]", "is 'a'"), ("[]", "is ''"),
      ("[[a=1]]", "is a list"), ("{a: 1}", "is a mapping"), ("2", "is '2'"),
    ])
  func badFiles(_ text: String, _ cause: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("bad.yaml", "env-option: \(text)".utf8)
    let error = #expect(throws: RecordError.self) { try Preset(named: path) }
    #expect(error?.cause == "env-option \(cause): it must be name=value")
  }

  @Test("a run remembers them, and so do its evaluations, its replays and its θ file alone")
  func remembered() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(Self.hopper, at: folder("run"))
    let configuration = try run.folder.configuration()
    #expect(configuration.settings["env-option"] == Self.hopper["env-option"])
    let usual = try FinishedRun(Self.hopper.with { $0["env-option"] = nil }, at: folder("usual"))
    #expect(try run.trajectory()[3] != usual.trajectory()[3])

    let repeated = try Preset(named: run.folder.configurationPath)
    #expect(repeated.settings["env-option"] == Self.hopper["env-option"])
    let again = try FinishedRun(repeated.settings, at: folder("again"))
    #expect(try again.trajectory() == run.trajectory())

    let application = try SavedRun(path: run.folder.path).application as? ControlApplication
    let task = try #require(application?.task)
    #expect(value("healthy_z_range", of: task) == "0.5,inf")
    try FileManager.default.copyItem(
      atPath: run.folder.thetaPath, toPath: folder("alone.safetensors"))
    for path in ["run", "alone.safetensors"] {
      for name in [nil, "hopper-v4"] {
        let saved = try SavedPolicies(path: folder(path), environment: name).task
        #expect(saved.name == "Hopper-v4" && value("healthy_z_range", of: saved) == "0.5,inf")
        #expect(value("reset_noise_scale", of: saved) == "0.01")
      }
    }
  }

  @Test("an observation of another length makes another θ, which is found by what its file says")
  func observation() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(
      Self.hopper.with { $0["env-option"] = "exclude_current_positions_from_observation=false" },
      at: folder("run"))
    let saved = try SavedTheta(path: run.folder.path)
    #expect(saved.layout.count == 12 * 3)
    _ = try saved.write(iteration: 2, as: .safetensors, to: folder("best.safetensors"))
    let policies = try SavedPolicies(path: folder("best.safetensors"))
    #expect(policies.environment == "Hopper-v4" && policies.task.layout == saved.layout)
    #expect(try policies.theta(at: 0) == run.trajectory()[2])
    _ = try saved.write(iteration: 2, as: .npz, to: folder("best.npz"))
    #expect(throws: RecordError.self) { try SavedPolicies(path: folder("best.npz")) }
  }

  @Test(
    "a file that says what cannot be is read as one that says nothing",
    arguments: [
      ["gym-env-name": "Tetris-v4"], ["gym-env-name": "Ant-v4"],
      ["gym-env-name": "Swimmer-v4", "env-option": "nothing"],
      ["gym-env-name": "Swimmer-v4", "env-option": "mass=2"], ["env-option": "mass=2"],
    ])
  func nonsense(_ labels: [String: String]) throws {
    let folder = try TemporaryFolder()
    let path = folder("theta.safetensors")
    let layout = Policy(.linear, observationCount: 8, actionCount: 2).layout
    let writer = try ThetaTrajectoryWriter(
      path: path, layout: layout, keeping: .all(1), metadata: labels)
    try writer.append([Float](repeating: 0, count: layout.count))
    try writer.close()
    #expect(try SavedPolicies(path: path).environment == "Swimmer-v4")
  }

  @Test(
    "what the environment does not have, or cannot be, is refused with the flag",
    arguments: [
      (
        "Hopper-v4", "healthy_z_range=0.7",
        "--env-option of Hopper-v4: healthy_z_range is '0.7': it must be two numbers, as in 0.7,inf"
      ),
      (
        "Swimmer-v4", "reset_noise_scal=1",
        "--env-option of Swimmer-v4: unknown parameter 'reset_noise_scal', did you mean "
          + "'reset_noise_scale'? choose from: forward_reward_weight, ctrl_cost_weight, "
          + "reset_noise_scale, exclude_current_positions_from_observation"
      ),
      (
        "InvertedPendulum-v4", "length=2",
        "--env-option of InvertedPendulum-v4: it has no parameter 'length', nor any other that can "
          + "be set"
      ),
      (
        "Swimmer-v4", "reset_noise_scale",
        "--env-option is 'reset_noise_scale': it must be name=value"
      ),
    ])
  func refused(_ environment: String, _ option: String, _ cause: String) {
    let error = #expect(throws: SettingsError.self) {
      try ControlApplication(
        TrainingPlan(
          RunSettings.quick.with {
            $0["gym-env-name"] = environment
            $0["env-option"] = option
          }))
    }
    #expect(error?.description == cause)
  }

  @Test(
    "an episode is as long as the environment's time limit, unless it is said",
    arguments: [("Reacher-v4", 50), ("Pusher-v4", 100), ("Hopper-v4", 1000)])
  func horizon(_ environment: String, _ limit: Int) throws {
    let settings = RunSettings.quick.with {
      $0["gym-env-name"] = environment.lowercased()
      $0["gradient-estimator"] = "NRES"
      $0["horizon-length"] = nil
      $0["K"] = nil
    }
    let plan = try TrainingPlan(settings)
    #expect(plan.horizon == limit && plan.settings["K"] == limit)
    #expect(plan.settings["horizon-length"] == limit)
    #expect(try ControlApplication(plan).task.horizon == limit)
    let longer = try TrainingPlan(settings.with { $0["horizon-length"] = 1500 })
    #expect(try longer.horizon == 1500 && ControlApplication(longer).task.horizon == 1500)
  }
}
