import Datasets
import Estimators
import Foundation
import Parameters
import Records
import Tasks
import TestSupport
import Testing
import Trainer

extension RunSettings {
  /// A learned optimizer of one image folder, for three quick iterations.
  static func learnedOptimizer(_ images: String) -> RunSettings {
    var settings = RunSettings.quick
    settings["application"] = "lopt"
    settings["gym-env-name"] = nil
    settings["lopt-dataset-name"] = "fashion_mnist"
    settings["image-length"] = 4
    settings["data-dir"] = images
    settings["lopt-batch-size"] = 5
    settings["lopt-inner-model"] = "mlp"
    settings["lopt-hidden-dims"] = "6,5"
    settings["lopt-single-sequence-seed"] = 88
    settings["horizon-length"] = 20
    settings["K"] = 21
    settings["sigma"] = 0.01
    settings["outer-optimizer-specs"] = "ADAM||CONSTANT1e-1"
    return settings
  }
}

/// Runs on learned optimizers.
struct LearnedOptimizerRunTests {
  static let test = "test/unperturbed_meta_test_loss"

  let folder: TemporaryFolder
  let settings: RunSettings

  init() throws {
    folder = try TemporaryFolder()
    settings = .learnedOptimizer(try folder.images())
  }

  @Test("the test loss is evaluated, and θ's few numbers are logged by their names")
  func tags() throws {
    let run = try FinishedRun(
      settings.with {
        $0["run-test-during-training"] = true
        $0["reference-tags"] = true
      }, at: folder("run"))
    let name =
      "fashion_mnist4x4_usevalTrue_useaccFalse_tb5_vb5_MLP6-5_relu_dropout0.0_singleseq88_T20_"
      + "LearnableSGDM"
    let named = ["mean_loss", "grad_norm", "grad_mean_abs", "time"].map { "\(name)/\($0)" }
    let update = Set(
      named + ["mean_loss", "best_of_mean_loss", "theta_grad_norm", "theta_grad_abs_mean"])
    let theta = LearnableSGDM().layout.leaves.map { "\(name)/\($0.name)" }
    let always = Set(
      theta + ["total_env_steps", Self.test, Self.test + "_ci"])
    #expect(theta.count == 2)
    #expect(try run.tags(at: 0) == always && run.tags(at: 1) == always.union(update))
    #expect(run.result.latest?.tag == Self.test)
    for (index, tag) in theta.enumerated() {
      let values = try run.scalars(tag)
      for (iteration, row) in try run.trajectory().enumerated() {
        #expect(values[iteration] == Double(row[index]))
      }
    }
    // One episode has no spread; of a new θ it has another loss.
    #expect(try run.scalars(Self.test + "_ci").values.allSatisfy { $0 == 0 })
    let losses = try run.scalars(Self.test)
    #expect(Set(losses.values).count == 4 && losses.values.allSatisfy { (0.1..<5).contains($0) })
  }

  @Test("a run that is taken up with other images says so")
  func otherImages() throws {
    let run = try FinishedRun(settings, at: folder("run"))
    let known = try #require(run.folder.inputs["images"]?.crc32)
    #expect(try SavedRun(path: run.folder.path).notes.isEmpty)
    let other = RunSettings(["data-dir": try folder.images("other", count: 60)])
    let notes = try SavedRun(path: run.folder.path, changes: other).notes
    #expect(notes.count == 1)
    #expect(
      notes.first?.hasPrefix("the images are not those that the run was trained on: ") == true)
    #expect(notes.first?.hasSuffix("that of the run's \(known)") == true)
  }

  @Test("a repetition with other images is refused, unless they were asked for")
  func repeatedWithOtherImages() throws {
    let run = try FinishedRun(settings, at: folder("run"))
    // Settings that were copied say what the run read as well.
    let copy = try folder.file(
      "copy.json", Data(contentsOf: URL(filePath: run.folder.configurationPath)))
    func notes(_ name: String, _ changes: [String: String]) throws -> [String] {
      let (preset, changes) = (try Preset(named: name), RunSettings(changes))
      let plan = try TrainingPlan(preset.settings(under: changes))
      return try preset.checkInputs(of: plan, plan.makeApplication(), under: changes)
    }
    let same = ["data-dir": try folder.images("same")]
    let other = ["data-dir": try folder.images("other", count: 60)]
    for name in [run.folder.configurationPath, copy] {
      #expect(try notes(name, [:]).isEmpty && notes(name, same).isEmpty)
      #expect(try notes(name, other).count == 1)
      // Other settings of the images mean others.
      #expect(try notes(name, other.merging(["image-length": "3"]) { $1 }).isEmpty)
    }
    try FileManager.default.removeItem(atPath: folder("images"))
    try FileManager.default.moveItem(atPath: folder("other"), toPath: folder("images"))
    for name in [run.folder.configurationPath, copy] {
      let error = #expect(throws: RecordError.self) { try notes(name, [:]) }
      #expect(
        error?.cause.hasSuffix("; to train on these, name their folder with --data-dir") == true)
      #expect(try notes(name, same).isEmpty)
    }
  }

  @Test("many weights are not logged one by one")
  func weights() throws {
    let settings = settings.with { $0["lopt-architecture"] = "MLPLOpt" }
    let run = try FinishedRun(settings, at: folder("run"))
    #expect(try run.tags(at: 0) == ["total_env_steps"])
    #expect(try run.trajectory()[0].count == 1762)
  }

  @Test("without a single sequence 100 episodes are evaluated")
  func evaluation() throws {
    let run = try FinishedRun(
      settings.with {
        $0["lopt-single-sequence-seed"] = nil
        $0["run-test-after-training"] = true
        $0["outer-iterations"] = 1
      }, at: folder("run"))
    #expect(try run.scalars(Self.test + "_ci").values.allSatisfy { $0 > 0 })
    let saved = try SavedRun(
      path: run.folder.path, changes: RunSettings(["threads": "1"]))
    for (iteration, keys) in zip([0, 1], saved.keys(at: [0, 1])) {
      let scalars = try saved.evaluate(iteration, keys: keys)
      #expect(scalars.map(\.tag) == [Self.test, Self.test + "_ci"])
      #expect(try scalars[0].value == run.scalars(Self.test)[iteration])
    }
    let application = try #require(saved.application as? LearnedOptimizerApplication)
    #expect(application.task.evaluationParticles == 100)
  }

  @Test(
    "estimators of all kinds train every learned optimizer",
    arguments: LearnedOptimizerCatalogue.all.map { $0.id },
    [
      "TruncatedPESK", "TruncatedESBiased", "FullES", "FullGradient", "TruncatedBPTT",
      "TruncatedForwardModeK", "UORO",
    ])
  func trains(architecture: String, estimator: String) throws {
    let run = try FinishedRun(
      settings.with {
        $0["lopt-architecture"] = architecture
        $0["gradient-estimator"] = estimator
        $0["outer-iterations"] = 1
      }, at: folder("run"))
    let trajectory = try run.trajectory()
    #expect(trajectory.count == 2 && trajectory[0] != trajectory[1])
    #expect(trajectory[1].allSatisfy { $0.isFinite })
  }

  @Test("the outer loss is what the settings say")
  func outerLoss() throws {
    func task(_ change: (inout RunSettings) -> Void) throws -> LearnedOptimizerTask {
      let plan = try TrainingPlan(settings.with(change))
      return try #require(plan.application.init(plan) as? LearnedOptimizerApplication).task
    }
    #expect(try task { _ in }.problem.outerLoss == .crossEntropy)
    #expect(
      try task { $0["use-threshold-outer-cross-entropy-loss"] = true }.problem.outerLoss
        == .thresholdedCrossEntropy)
    let accuracy = try task {
      $0["use-accuracy"] = true
      $0["use-threshold-outer-cross-entropy-loss"] = true
      $0["use-val"] = false
    }
    #expect(accuracy.problem.outerLoss == .accuracy && !accuracy.problem.usesValidation)
    #expect(
      accuracy.name
        == "fashion_mnist4x4_usevalFalse_useaccTrue_tb5_vb5_MLP6-5_relu_dropout0.0_singleseq88_T20_"
        + "LearnableSGDM")
    let convolutional = try task {
      $0["lopt-inner-model"] = "CNN"
      $0["lopt-hidden-channels"] = " 3, 2"
      $0["lopt-activation"] = "GELU"
      $0["lopt-architecture"] = "mlplopt"
      $0["lopt-mlplopt-hidden-size"] = 4
      $0["lopt-mlplopt-num-hidden-layers"] = 1
      $0["lopt-single-sequence-seed"] = nil
    }
    #expect(
      convolutional.name
        == "fashion_mnist4x4_usevalTrue_useaccFalse_tb5_vb5_FullConvNet3-2_gelu_T20_"
        + "MLPLOpt-hiddensize4-hiddenlayers1")
  }

  @Test("config.json repeats the run, and threads change nothing but the clock")
  func repeats() throws {
    let settings = settings.with {
      $0["run-test-during-training"] = true
      $0["lopt-architecture"] = "MLPLOpt"
    }
    let first = try FinishedRun(settings, at: folder("first"), threads: 1)
    let preset = try Preset(named: first.folder.configurationPath)
    #expect(preset.settings["lopt-hidden-dims"] == "6,5" && preset.settings["use-val"] == true)
    #expect(
      preset.settings["lopt-hidden-channels"] == nil && preset.settings["rl-init-type"] == nil)
    let second = try FinishedRun(preset.settings, at: folder("second"), threads: 3)
    #expect(second.thetaData == first.thetaData)
    #expect(try second.scalars(Self.test) == first.scalars(Self.test))
  }

  @Test("images that have moved are found in the folder that is named")
  func moved() throws {
    let run = try FinishedRun(
      settings.with { $0["run-test-during-training"] = true }, at: folder("run"))
    try FileManager.default.moveItem(atPath: folder("images"), toPath: folder("elsewhere"))
    #expect(throws: DatasetError.self) { try SavedRun(path: run.folder.path) }
    let saved = try SavedRun(
      path: run.folder.path, changes: RunSettings(["data-dir": folder("elsewhere")]))
    let keys = saved.keys(at: [3])[0]
    #expect(try saved.evaluate(3, keys: keys)[0].value == run.scalars(Self.test)[3])
  }

  @Test("defaults are the reference's")
  func defaults() throws {
    let plan = try TrainingPlan(
      settings.with {
        $0["horizon-length"] = nil
        $0["lopt-batch-size"] = nil
        $0["lopt-hidden-dims"] = nil
      })
    #expect(plan.horizon == 1000 && plan.settings["lopt-batch-size"] == 128)
    #expect(plan.settings["use-val"] == true && plan.settings["use-accuracy"] == false)
    #expect(plan.settings["use-threshold-outer-cross-entropy-loss"] == false)
    #expect(plan.settings["lopt-activation"] == "relu" && plan.settings["lopt-hidden-dims"] == "32")
    #expect(plan.settings["lopt-architecture"] == "LearnableSGDM")
    #expect(plan.settings["lorenz-dt"] == nil && plan.settings["rl-init-scale"] == nil)
    #expect(plan.settings["lopt-mlplopt-hidden-size"] == nil)
    #expect(plan.settings["lopt-mlplopt-num-hidden-layers"] == nil)
    let sized = try TrainingPlan(
      settings.with {
        $0["lopt-architecture"] = "mlplopt"
        $0["lopt-mlplopt-hidden-size"] = 16
      }
    ).settings
    #expect(sized["lopt-mlplopt-hidden-size"] == 16 && sized["lopt-mlplopt-num-hidden-layers"] == 2)
  }

  @Test(
    "MLPLOpt is recognised by its leaves", arguments: [(32, 2), (16, 2), (5, 1), (7, 9), (32, 0)])
  func sizes(hiddenSize: Int, hiddenLayers: Int) throws {
    let optimizer = MLPOptimizer(hiddenSize: hiddenSize, hiddenLayers: hiddenLayers)
    let found = try #require(MLPOptimizer.settings(for: optimizer.layout))
    #expect((found.hiddenSize, found.hiddenLayers) == (hiddenSize, hiddenLayers))
    for layout in [
      ParameterLayout(optimizer.layout.leaves.dropLast()), LearnableAdam().layout,
      ParameterLayout([]),
    ] { #expect(MLPOptimizer.settings(for: layout) == nil) }
  }
}
