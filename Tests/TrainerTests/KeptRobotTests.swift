import Envs
import Foundation
import Records
import Settings
import Tasks
import TestSupport
import Testing

@testable import Trainer

/// Runs on a robot of one's own, whose files change afterwards.
struct KeptRobotTests {
  let folder: TemporaryFolder
  let settings: RunSettings

  private static let text = """
    model: ../bodies/my.xml
    frame-skip: 4
    reset: {positions: uniform 0.1}
    observe: [{positions: from 2}, {velocities: all}]
    reward: [{velocity: torso, along: x, name: forward}, {control-cost: 1e-4}]
    """

  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    for name in ["mine/tasks", "mine/bodies/parts"] {
      try FileManager.default.createDirectory(
        atPath: folder(name), withIntermediateDirectories: true)
    }
    _ = try folder.file("mine/bodies/parts/body.xml", Locomotion.swimmer.model)
    _ = try folder.file(
      "mine/bodies/my.xml", "<mujoco><include file=\"parts/body.xml\"/></mujoco>".utf8)
    let file = try folder.file("mine/tasks/eel.yaml", Self.text.utf8)
    settings = RunSettings.quick.with { $0["gym-env-name"] = file }
  }

  @Test("a run with a robot's files has nothing that no run makes, and is removed whole")
  func removal() throws {
    let run = try FinishedRun(settings, at: folder("run"))
    #expect(try run.folder.keptRobot() != nil)
    _ = try folder.file("run/model/mine.txt", [1])
    let held = try HeldRun(folder("run"))
    #expect(throws: RecordError.self) { try held.checkIsOnlyRun() }
    unlink(folder("run/model/mine.txt"))
    try held.remove()
    #expect(!FileManager.default.fileExists(atPath: folder("run")))
  }

  private func scores(_ path: String) throws -> [Scalar] {
    let run = try SavedRun(path: path)
    return try run.evaluate(2, keys: run.keys(at: [2])[0])
  }

  @Test("a run is evaluated, replayed and repeated with the files that it keeps")
  func kept() throws {
    let run = try FinishedRun(settings, at: folder("run"))
    let inputs = run.folder.inputs
    #expect(
      inputs["robot"]?.files
        == ["model/tasks/eel.yaml", "model/bodies/my.xml", "model/bodies/parts/body.xml"])
    #expect(settings.runName == "eel" && settings.subject == "eel")
    let configuration = try run.folder.configuration()
    #expect(configuration.settings["gym-env-name"] == folder("mine/tasks/eel.yaml"))
    let before = try scores(run.folder.path)

    _ = try folder.file("mine/tasks/eel.yaml", Self.text.replacing("1e-4", with: "1").utf8)
    #expect(try scores(run.folder.path) == before)
    #expect(try FinishedRun(settings, at: folder("changed")).thetaData != run.thetaData)
    let copy = try Preset(
      named: folder.file(
        "copy.json", Data(contentsOf: URL(filePath: run.folder.configurationPath))))
    func check(_ changes: RunSettings = RunSettings()) throws -> [String] {
      let plan = try TrainingPlan(copy.settings(under: changes))
      return try copy.checkInputs(of: plan, plan.makeApplication(), under: changes)
    }
    let error = #expect(throws: RecordError.self) { try check() }
    #expect(error?.path == folder("mine/tasks/eel.yaml"))
    #expect(error?.cause.hasSuffix("to use it, give it with --gym-env-name") == true)
    #expect(try check(RunSettings(["gym-env-name": folder("mine/tasks/eel.yaml")])).isEmpty)

    try FileManager.default.removeItem(atPath: folder("mine"))
    try FileManager.default.moveItem(atPath: run.folder.path, toPath: folder("moved"))
    #expect(try scores(folder("moved")) == before)
    let policies = try SavedPolicies(path: folder("moved"))
    #expect(policies.environment == "eel.yaml" && policies.notes.isEmpty)
    let again = try FinishedRun(
      Preset(named: folder("moved/config.json")).settings(under: RunSettings()),
      at: folder("again"))
    #expect(
      try again.thetaData == Data(contentsOf: URL(filePath: folder("moved/\(RunFolder.thetaName)")))
    )
    #expect(again.folder.inputs == inputs)
  }

  @Test("a kept file that was edited is refused")
  func edited() throws {
    let run = try FinishedRun(settings, at: folder("run"))
    let part = try folder.file("run/model/tasks/eel.yaml", Self.text.replacing("4", with: "5").utf8)
    let error = #expect(throws: RecordError.self) { try SavedRun(path: run.folder.path) }
    #expect(error?.path == part)
    #expect(
      error?.cause.hasPrefix("is not the robot that the run was trained on: its CRC-32 is ") == true
    )
  }

  @Test("weights that were set are part of the run, whatever folder its file is named from")
  func weights() throws {
    let settings = settings.with { $0["env-option"] = "forward=3" }
    let run = try FinishedRun(settings, at: folder("run"))
    let saved = try SavedRun(path: run.folder.path)
    let robot = try #require(
      (saved.application as? ControlApplication)?.task.simulator.environment as? Robot)
    #expect(robot.parameters.first?.value == "3.0")
    let other = RunSettings(["gym-env-name": folder("elsewhere/eel.yaml")])
    #expect(other.over(settings)["env-option"] == "forward=3")
    #expect(
      RunSettings(["gym-env-name": "Swimmer-v4"]).over(settings)["env-option"] == nil)
  }

  @Test("θ alone says which robot it was trained in")
  func alone() throws {
    let run = try FinishedRun(settings, at: folder("run"))
    let alone = try folder.file("theta.safetensors", #require(run.thetaData))
    let error = #expect(throws: SettingsError.self) { try SavedPolicies(path: alone) }
    #expect(
      error?.description.hasPrefix(
        "--gym-env-name is missing: \(alone) was trained in eel.yaml, ") == true)
    let policies = try SavedPolicies(path: alone, environment: folder("mine/tasks/eel.yaml"))
    #expect(policies.environment == "eel.yaml")
  }
}
