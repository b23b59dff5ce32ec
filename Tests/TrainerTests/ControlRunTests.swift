import Estimators
import Foundation
import Parameters
import Records
import Settings
import TestSupport
import Testing
import Trainer

/// Runs on an environment, and what can be done with them afterwards.
struct ControlRunTests {
  /// The quick run with evaluations.
  static let evaluated = RunSettings.quick.with { $0["run-test-during-training"] = true }

  static let evaluationTags: Set = [
    "test/unperturbed_test_reward", "test/unperturbed_test_reward_ci",
    "test/smoothed_train_reward", "test/smoothed_train_reward_ci",
  ]
  static let updateTags: Set = [
    "Swimmer-v4/mean_loss", "Swimmer-v4/grad_norm", "Swimmer-v4/grad_mean_abs",
    "Swimmer-v4/time", "mean_loss", "best_of_mean_loss", "theta_grad_norm", "theta_grad_abs_mean",
  ]

  @Test("the reference's tags are written, and to TensorBoard the same numbers")
  func tags() throws {
    let folder = try TemporaryFolder()
    let settings = Self.evaluated.with {
      $0["outer-iterations"] = 10
      $0["loss-normalize"] = true
      $0["reference-tags"] = true
    }
    let run = try FinishedRun(settings, at: folder("run"))
    let always: Set = ["total_env_steps"]
    let deviation: Set = ["loss_std", "Swimmer-v4/loss_std"]
    #expect(try run.tags(at: 0) == always.union(Self.evaluationTags))
    let later = always.union(Self.evaluationTags).union(Self.updateTags).union(deviation)
    #expect(try run.tags(at: 1) == later)
    #expect(try run.tags(at: 10) == later.union(["average_meta_loss"]))

    let script = """
      import glob, json, sys
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      [path] = glob.glob(sys.argv[1] + '/events.out.tfevents.*')
      events = EventAccumulator(path)
      events.Reload()
      print(json.dumps([[event.step, tag, event.value] for tag in events.Tags()['scalars']
                        for event in events.Scalars(tag)]))
      """
    let events: [Event] = try Python.run(script, run.folder.path)
    let rows = try readScalars(run.folder.scalarsPath)
    #expect(
      Set(events)
        == Set(rows.map { Event(step: $0.iteration, tag: $0.tag, value: Float($0.value)) }))
    #expect(events.count == rows.count)
  }

  struct Event: Decodable, Hashable {
    var step: Int
    var tag: String
    var value: Float

    init(step: Int, tag: String, value: Float) {
      (self.step, self.tag, self.value) = (step, tag, value)
    }

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      step = try list.decode(Int.self)
      tag = try list.decode(String.self)
      value = Float(try list.decode(Double.self))
    }
  }

  @Test("safetensors' own library reads θ")
  func safetensors() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.quick, at: folder("run"))
    let script = """
      import json, sys
      from safetensors import safe_open
      with safe_open(sys.argv[1], 'numpy') as file:
          print(json.dumps({'shape': file.get_tensor('linear/w').shape,
                            'values': file.get_tensor('linear/w').ravel().tolist()}))
      """
    struct Tensor: Decodable {
      var shape: [Int]
      var values: [Double]
    }
    let tensor: Tensor = try Python.run(script, run.folder.thetaPath)
    #expect(tensor.shape == [4, 8, 2])
    #expect(try tensor.values.map { Float($0) } == run.trajectory().flatMap { $0 })
  }

  @Test("config.json repeats the run")
  func repeats() throws {
    let folder = try TemporaryFolder()
    let settings = Self.evaluated.with {
      $0["sigma"] = 0.1 + 0.2
      $0["rl-init-type"] = "normal"
      $0["rl-init-scale"] = 1.0 / 3
      $0["grad-clip-threshold"] = 0.7
    }
    let first = try FinishedRun(settings, at: folder("first"))
    let preset = try Preset(named: first.folder.configurationPath)
    #expect(preset.name == "first")
    #expect(try preset.settings == TrainingPlan(settings).settings)
    let second = try FinishedRun(preset.settings, at: folder("second"))
    #expect(second.thetaData == first.thetaData)
    let tag = ControlApplication.headline.tag
    #expect(try second.scalars(tag) == first.scalars(tag))
    #expect(try first.scalars(tag).count == 4)
  }

  @Test("evaluations after training, and those of the saved run, give the same numbers")
  func evaluation() throws {
    let folder = try TemporaryFolder()
    let during = try FinishedRun(Self.evaluated, at: folder("during"))
    let after = try FinishedRun(
      RunSettings.quick.with { $0["run-test-after-training"] = true }, at: folder("after"))
    let saved = try SavedRun(
      path: during.folder.path, changes: RunSettings(["threads": "1"]))
    for tag in Self.evaluationTags {
      let values = try during.scalars(tag)
      #expect(values.keys.sorted() == [0, 1, 2, 3] && Set(values.values).count == 4)
      #expect(try after.scalars(tag) == values)
      let iterations = try saved.iterations(matching: .several("all"))
      for (iteration, keys) in zip(iterations, saved.keys(at: iterations)) {
        let scalar = try saved.evaluate(iteration, keys: keys).first { $0.tag == tag }
        #expect(scalar?.value == values[iteration])
      }
    }
    let rewards = try during.scalars(ControlApplication.headline.tag)
    let best = try #require(rewards.max { $0.value < $1.value }).key
    #expect(try saved.iterations(matching: .one("best")) == [best])
    #expect(try saved.iterations(matching: .several("last,2,0")) == [3, 2, 0])
  }

  @Test("the number of threads changes nothing but the clock")
  func threads() throws {
    let folder = try TemporaryFolder()
    let runs = try [1, 2, 7].map {
      try FinishedRun(Self.evaluated, at: folder("\($0)"), threads: $0)
    }
    let rows = try runs.map { run in
      try readScalars(run.folder.scalarsPath).filter { !$0.tag.hasSuffix("/time") }
        .map { "\($0.iteration) \($0.tag) \($0.value)" }
    }
    #expect(rows[1] == rows[0] && rows[2] == rows[0])
    #expect(runs[1].thetaData == runs[0].thetaData && runs[2].thetaData == runs[0].thetaData)
  }

  @Test("θ₀ can be any iteration of another run")
  func continues() throws {
    let folder = try TemporaryFolder()
    let first = try FinishedRun(.quick, at: folder("first"))
    for path in [first.folder.path, first.folder.thetaPath] {
      let second = try FinishedRun(
        RunSettings.quick.with {
          $0["rl-model-path"] = path
          $0["rl-model-iteration"] = 2
          $0["rl-init-type"] = "normal"
        }, at: folder("second"))
      #expect(try second.trajectory()[0] == first.trajectory()[2])
      #expect(try second.trajectory()[1] != first.trajectory()[3])
      // Read back, the run does not need the other any more.
      #expect(try SavedRun(path: second.folder.path).theta(at: 0) == first.trajectory()[2])
      try FileManager.default.removeItem(atPath: second.folder.path)
    }
  }

  @Test("so can the last, and the best by its evaluations")
  func continuesByName() throws {
    let folder = try TemporaryFolder()
    let first = try FinishedRun(
      RunSettings.quick.with { $0["run-test-during-training"] = true }, at: folder("first"))
    let best = try #require(try first.folder.bestIteration(in: .all(4)))
    for (name, iteration) in [("last", 3), ("best", best)] {
      let second = try FinishedRun(
        RunSettings.quick.with {
          $0["rl-model-path"] = first.folder.path
          $0["rl-model-iteration"] = name
        }, at: folder(name))
      #expect(try second.trajectory()[0] == first.trajectory()[iteration])
    }
  }

  @Test("a θ file that does not fit is refused with what it holds and what is needed")
  func otherTheta() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.quick, at: folder("run"))
    func refusal(_ change: (inout RunSettings) -> Void) throws -> RecordError? {
      #expect(throws: RecordError.self) {
        try ControlApplication(
          TrainingPlan(
            RunSettings.quick.with {
              $0["rl-model-path"] = run.folder.path
              $0["rl-model-iteration"] = 1
              change(&$0)
            }))
      }
    }
    let shape = try refusal { $0["gym-env-name"] = "HalfCheetah-v4" }
    #expect(
      shape?.cause == "holds linear/w[8, 2], but this task needs linear/w[17, 6]: "
        + "use a run of the same task")
    for (text, cause) in [
      ("4", "--rl-model-iteration 4 is not in this run: choose 0 to 3"),
      ("x", "--rl-model-iteration is 'x': give 0 to 3, last or best"),
    ] {
      let error = #expect(throws: SettingsError.self) {
        try ControlApplication(
          TrainingPlan(
            RunSettings.quick.with {
              $0["rl-model-path"] = run.folder.path
              $0["rl-model-iteration"] = text
            }))
      }
      #expect(error?.description == cause)
    }
    let missing = try refusal { $0["rl-model-path"] = folder("nothing") }
    #expect(missing?.kind == .noInput)
  }

  @Test("a run that was killed is read up to where it came")
  func killed() throws {
    let folder = try TemporaryFolder()
    let whole = try FinishedRun(Self.evaluated, at: folder("whole"))
    let run = try FinishedRun(Self.evaluated, at: folder("killed"), stopAfter: 1)
    // A kill in the middle of a line.
    let text = try String(contentsOfFile: run.folder.scalarsPath, encoding: .utf8)
    try Data((text + "2,test/unperturbed_test_reward,9").utf8)
      .write(to: URL(filePath: run.folder.scalarsPath))

    let saved = try SavedRun(path: run.folder.path)
    #expect(try saved.iterations(matching: .several("all")) == [0, 1])
    #expect(try saved.iterations(matching: .one("last")) == [1])
    #expect(try saved.theta(at: 1) == whole.trajectory()[1])
    let tag = ControlApplication.headline.tag
    let keys = saved.keys(at: [1])[0]
    #expect(
      try saved.evaluate(1, keys: keys)[0] == Scalar(tag, #require(whole.scalars(tag)[1])))
    #expect(try [0, 1].contains(saved.iterations(matching: .one("best"))[0]))
    let error = #expect(throws: SettingsError.self) { try saved.iterations(matching: .one("2")) }
    #expect(error?.description == "--iteration 2 is not in this run: choose 0 to 1")
  }

  @Test("a run without evaluations has no best iteration")
  func noBest() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.quick, at: folder("run"))
    let saved = try SavedRun(path: run.folder.path)
    let error = #expect(throws: SettingsError.self) { try saved.iterations(matching: .one("best")) }
    #expect(error?.description.hasPrefix("--iteration best needs a finite evaluation ") == true)
    #expect(try saved.iterations(matching: .bestOrLast) == [3])
  }
}
