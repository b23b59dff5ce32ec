import Envs
import Foundation
import Records
import Tasks
import TestSupport
import Testing

@testable import Trainer

/// What steps a run's environments, and what is said of it.
struct EngineTests {
  /// What steps a model that lanes cover.
  private let usual = MuJoCo.version == "2.2.2" ? "lanes" : "mujoco"

  /// A Swimmer with something that lanes do not cover.
  private func roughModel(in folder: TemporaryFolder) throws -> String {
    let text = String(decoding: Locomotion.swimmer.model, as: UTF8.self)
    return try folder.file(
      "rough.xml",
      text.replacing(#"armature="0.1""#, with: #"armature="0.1" frictionloss="0.1""#).utf8)
  }

  @Test("config.json says which engine ran; θ is the same")
  func noted() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.quick, at: folder("run"))
    let other = try FinishedRun(.quick.with { $0["physics"] = "mujoco" }, at: folder("other"))
    #expect(try run.folder.configuration().engine == usual)
    #expect(try other.folder.configuration().engine == "mujoco")
    #expect(run.thetaData == other.thetaData)
    let lorenz = try FinishedRun(.lorenz, at: folder("lorenz"))
    #expect(try lorenz.folder.configuration().engine == nil)

    // Runs from before it was noted are read as ever.
    let path = run.folder.configurationPath
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let old = text.replacing("  \"engine\" : \"\(usual)\",\n", with: "")
    #expect(old != text)
    try old.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try run.folder.configuration().engine == nil)
    #expect(throws: Never.self) { try SavedRun(path: run.folder.path) }
  }

  @Test("a saved run has its own engine, unless another is given")
  func saved() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.quick.with { $0["physics"] = "mujoco" }, at: folder("run"))
    func engine(_ changes: RunSettings = RunSettings()) throws -> String? {
      try SavedRun(path: run.folder.path, changes: changes).application.engine
    }
    #expect(try engine() == "mujoco")
    #expect(try engine(RunSettings(["physics": "auto"])) == usual)
    func rewards(_ path: String, _ physics: PhysicsEngine?, is engine: String) throws -> [[Double]]
    {
      let policies = try SavedPolicies(path: path, threads: 2, physics: physics)
      #expect(policies.task.simulator.engine.rawValue == engine)
      var rewards: [[Double]] = []
      try policies.replay([0, 3, 1], episodes: 7, seed: 4) { rewards.append($0.rewards) }
      return rewards
    }
    let expected = try rewards(run.folder.path, nil, is: "mujoco")
    #expect(try rewards(run.folder.path, .auto, is: usual) == expected)
    try FileManager.default.moveItem(
      atPath: run.folder.thetaPath, toPath: folder("theta.safetensors"))
    let alone = try rewards(folder("theta.safetensors"), nil, is: usual)
    #expect(try rewards(folder("theta.safetensors"), .mujoco, is: "mujoco") == alone)
  }

  @Test(
    "a model of one's own that cannot run in lanes is told, or refused where they are asked for")
  func fallback() throws {
    let folder = try TemporaryFolder()
    let model = try roughModel(in: folder)
    func notes(_ change: (inout RunSettings) -> Void) throws -> [String] {
      let settings = RunSettings.quick.with(change)
      return try TrainingPlan(settings).makeApplication().notes
    }
    #expect(try notes { $0["physics"] = "mujoco" }.isEmpty)
    #expect(try notes { ($0["model"], $0["physics"]) = (model, "mujoco") }.isEmpty)
    let told = try notes { $0["model"] = model }
    #expect(
      told.count == 1 && told.first?.hasPrefix("\(model): environments run on mj_step: ") == true)
    let error = #expect(throws: EnvironmentError.self) {
      try notes { ($0["model"], $0["physics"]) = (model, "lanes") }
    }
    #expect(error?.description.hasPrefix("\(model): Swimmer-v4 cannot run on lanes: ") == true)
    guard usual == "lanes" else { return }
    #expect(try notes { _ in }.isEmpty)
    let forces = try notes {
      ($0["gym-env-name"], $0["env-option"]) = ("Ant-v4", "use_contact_forces=true")
    }
    #expect(
      forces == [
        "Ant-v4 with use_contact_forces=true: environments run on mj_step: "
          + "the environment reads the contacts' forces"
      ])
    #expect(
      try notes {
        ($0["gym-env-name"], $0["env-option"]) = ("Ant-v4", "healthy_reward=0")
      }.isEmpty)
    #expect(told.first?.hasSuffix(": the model has friction loss in a joint") == true)
    let run = try FinishedRun(.quick.with { $0["model"] = model }, at: folder("run"))
    #expect(try run.folder.configuration().engine == "mujoco")
  }
}
