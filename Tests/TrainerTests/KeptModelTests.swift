import Envs
import Foundation
import Records
import TestSupport
import Testing
import Workers

@testable import Trainer

/// Runs on a model of their own, which changes afterwards.
struct KeptModelTests {
  let folder: TemporaryFolder
  let settings: RunSettings

  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    try FileManager.default.createDirectory(
      atPath: folder("mine/parts"), withIntermediateDirectories: true)
    let model = String(decoding: Locomotion.swimmer.model, as: UTF8.self)
    _ = try folder.file(
      "mine/parts/body.xml", model.replacing("density=\"4000\"", with: "density=\"2000\"").utf8)
    let main = try folder.file(
      "mine/my.xml", "<mujoco><include file=\"parts/body.xml\"/></mujoco>".utf8)
    settings = RunSettings.quick.with { $0["model"] = main }
  }

  private func scores(_ path: String, _ changes: RunSettings = RunSettings()) throws -> [Scalar] {
    let run = try SavedRun(path: path, changes: changes)
    return try run.evaluate(2, keys: run.keys(at: [2])[0])
  }

  @Test("a run is evaluated and repeated with the model it was trained on, whatever became of that")
  func kept() throws {
    let run = try FinishedRun(settings, at: folder("run"))
    let plain = try FinishedRun(.quick, at: folder("plain"))
    #expect(run.thetaData != plain.thetaData)
    #expect(plain.folder.inputs.isEmpty)
    #expect(
      run.folder.inputs["model"]?.files == ["model/my.xml", "model/parts/body.xml"])
    let inputs = run.folder.inputs
    let before = try scores(run.folder.path)
    _ = try folder.file("mine/parts/body.xml", Locomotion.swimmer.model)
    #expect(try scores(run.folder.path) == before)
    let changed = try FinishedRun(settings, at: folder("changed"))
    #expect(changed.thetaData == plain.thetaData)

    // The folder can go elsewhere, and the model be lost.
    try FileManager.default.removeItem(atPath: folder("mine"))
    try FileManager.default.moveItem(atPath: run.folder.path, toPath: folder("moved"))
    #expect(try scores(folder("moved")) == before)
    let saved = try SavedRun(path: folder("moved"))
    #expect(saved.notes == saved.application.notes)
    let again = try FinishedRun(
      Preset(named: folder("moved/config.json")).settings(under: RunSettings()), at: folder("again")
    )
    #expect(
      try again.thetaData == Data(contentsOf: URL(filePath: folder("moved/\(RunFolder.thetaName)")))
    )
    #expect(again.folder.inputs == inputs)

    // Another model is used if it is asked for, and the run says so.
    let other = try folder.file("other.xml", Locomotion.swimmer.model)
    let changes = RunSettings(["model": other])
    #expect(try scores(folder("moved"), changes) != before)
    let replaced = try SavedRun(path: folder("moved"), changes: changes)
    #expect(
      replaced.notes
        == ["--model \(other) is in place of the model that the run was trained on"]
        + replaced.application.notes)
  }

  @Test("a run's copy that was edited or removed is refused")
  func edited() throws {
    let run = try FinishedRun(settings, at: folder("run"))
    let part = try folder.file("run/model/parts/body.xml", Locomotion.swimmer.model)
    var error = #expect(throws: RecordError.self) { try SavedRun(path: run.folder.path) }
    #expect(error?.path == folder("run/model/my.xml"))
    #expect(
      error?.cause.hasPrefix("is not the model that the run was trained on: its CRC-32 is ") == true
    )
    try FileManager.default.removeItem(atPath: part)
    error = #expect(throws: RecordError.self) { try SavedRun(path: run.folder.path) }
    #expect(error?.path == part)
    let own = RunSettings(["model": folder("mine/my.xml")])
    let replaced = try SavedRun(path: run.folder.path, changes: own)
    #expect(replaced.notes.count == 1 + replaced.application.notes.count)
    // Nor does a repetition ask for the copy where another is given.
    let preset = try Preset(named: run.folder.configurationPath)
    #expect(throws: RecordError.self) { try preset.settings(under: RunSettings()) }
    #expect(try preset.settings(under: own)["model"] == folder("mine/my.xml"))
  }

  @Test("settings that lie elsewhere are compared with what they name, unless another is given")
  func copiedSettings() throws {
    func check(_ preset: Preset, _ changes: RunSettings = RunSettings()) throws -> [String] {
      let plan = try TrainingPlan(preset.settings(under: changes))
      return try preset.checkInputs(of: plan, plan.makeApplication(), under: changes)
    }
    func copy(_ run: FinishedRun) throws -> Preset {
      let content = try Data(contentsOf: URL(filePath: run.folder.configurationPath))
      return try Preset(named: folder.file("copy.json", content))
    }
    let preset = try copy(FinishedRun(settings, at: folder("run")))
    #expect(try check(preset).isEmpty)
    _ = try folder.file("mine/parts/body.xml", Locomotion.swimmer.model)
    var error = #expect(throws: RecordError.self) { try check(preset) }
    #expect(error?.path == folder("mine/my.xml"))
    #expect(error?.cause.hasSuffix("to use it, give it with --model") == true)
    #expect(try check(preset, RunSettings(["model": folder("mine/my.xml")])).isEmpty)

    let first = try FinishedRun(.quick, at: folder("first"))
    let origin = RunSettings.quick.with {
      $0["rl-model-path"] = first.folder.path
      $0["rl-model-iteration"] = 3
    }
    let next = try copy(FinishedRun(origin, at: folder("next")))
    #expect(try check(next).isEmpty)
    try FileManager.default.removeItem(atPath: first.folder.path)
    _ = try FinishedRun(.quick.with { $0["sigma"] = 0.2 }, at: folder("first"))
    error = #expect(throws: RecordError.self) { try check(next) }
    #expect(error?.cause.hasSuffix("give it with --rl-model-path") == true)
    #expect(try check(next, RunSettings(["rl-model-path": folder("first")])).isEmpty)
  }

  @Test("a request to end ends the compiling of a model")
  func cancelled() throws {
    let plan = try TrainingPlan(settings, cancellation: Cancellation { true })
    #expect(throws: CancellationError.self) { try plan.makeApplication() }
    #expect(throws: Never.self) { try TrainingPlan(settings).makeApplication() }
  }

  @Test("a run that cannot begin takes its copy back")
  func discarded() throws {
    let settings = settings.with { $0["gradient-estimator"] = "FullES_trajopt" }
    #expect(throws: (any Error).self) { try FinishedRun(settings, at: folder("run")) }
    #expect(try folder.names == ["mine"])
  }

  @Test("θ₀ of another run is noted and taken from the run itself when it is repeated")
  func origin() throws {
    let first = try FinishedRun(.quick, at: folder("first"))
    let settings = RunSettings.quick.with {
      $0["rl-model-path"] = first.folder.path
      $0["rl-model-iteration"] = 3
    }
    let run = try FinishedRun(settings, at: folder("run"))
    let inputs = run.folder.inputs
    #expect(inputs["theta"]?.crc32.count == 8)
    // Another iteration is one of the origin, not of the run.
    let other = try Preset(named: run.folder.configurationPath)
      .settings(under: RunSettings(["rl-model-iteration": "1"]))
    #expect(other["rl-model-path"] == first.folder.path)
    try FileManager.default.removeItem(atPath: first.folder.path)
    let again = try FinishedRun(
      Preset(named: run.folder.configurationPath).settings(under: RunSettings()),
      at: folder("again"))
    #expect(again.thetaData == run.thetaData && again.folder.inputs == inputs)
  }
}
