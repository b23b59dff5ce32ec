import Foundation
import Records
import TestSupport
import Testing
import Trainer

struct HyperparameterTests {
  @Test("TensorBoard has the settings once, whether or not a run was stopped")
  func settings() throws {
    let folder = try TemporaryFolder()
    let settings = RunSettings.lorenz.with {
      $0["K"] = nil as Int?
      $0["gradient-estimator"] = "TruncatedBPTT"
    }
    _ = try FinishedRun(settings, at: folder("run"), stopAfter: 1)
    let run = try ResumeTests.resume(folder("run"))

    let read = try TensorBoard(folder: folder("run"))
    let kept = try run.folder.configuration().settings
    #expect(Set(read.row.keys) == Set(kept.texts.keys))
    #expect(read.row["sigma"] == "number_value 0.04")
    #expect(read.row["outer-iterations"] == "number_value 3.0")
    #expect(read.row["lorenz-single-init"] == "bool_value True")
    #expect(read.row["application"] == "string_value lorenz")
    // Columns are also for what other runs of the application set, and not for other applications.
    #expect(Set(read.columns.keys).isSuperset(of: read.row.keys))
    #expect(read.row["K"] == nil && read.columns["K"] == "DATA_TYPE_FLOAT64")
    #expect(read.columns["gym-env-name"] == nil)
    #expect(read.columns.values.allSatisfy { $0 != "DATA_TYPE_UNSET" })
    let headline = try TrainingPlan(settings).application.headline
    #expect(read.metrics == [headline.tag])
    #expect(read.bytes < 8192)

    let text = try #require(read.texts["settings"])
    #expect(text.count == 1)
    let (start, end) = ("0 ```json\n", "\n```")
    #expect(text[0].hasPrefix(start) && text[0].hasSuffix(end))
    let json = text[0].dropFirst(start.count).dropLast(end.count)
    #expect(try JSONDecoder().decode(RunSettings.self, from: Data(json.utf8)) == kept)
  }

  @Test("records that hold no scalar do not stand in the way of those that do")
  func scalars() throws {
    let folder = try TemporaryFolder()
    for settings in [.quick, RunSettings.learnedOptimizer(try folder.images())] {
      let family = settings["application"] ?? "rl"
      let run = try FinishedRun(settings, at: folder(family)).folder
      let read = try TensorBoard(folder: run.path)
      #expect(read.row["application"] == "string_value \(family)")
      #expect(read.bytes < 8192)
      let name = try #require(
        FileManager.default.contentsOfDirectory(atPath: run.path).first { $0.hasPrefix("events.") })
      let rows = try readScalars(run.scalarsPath)
      #expect(
        try Events.scalars(in: "\(run.path)/\(name)")
          == rows.map { Events.Scalar(step: $0.iteration, tag: $0.tag, value: Float($0.value)) })
    }
  }
}
