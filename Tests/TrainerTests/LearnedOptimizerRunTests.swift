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
    settings.application = "lopt"
    settings.gymEnvName = nil
    settings.loptDatasetName = "fashion_mnist"
    settings.imageLength = 4
    settings.dataDir = images
    settings.loptBatchSize = 5
    settings.loptInnerModel = "mlp"
    settings.loptHiddenDims = "6,5"
    settings.loptSingleSequenceSeed = 88
    settings.horizonLength = 20
    settings.noisePeriod = 21
    settings.sigma = 0.01
    settings.outerOptimizerSpecs = "ADAM||CONSTANT1e-1"
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
      settings.with { $0.runTestDuringTraining = true }, at: folder("run"))
    let name =
      "fashion_mnist4x4_usevalTrue_useaccFalse_tb5_vb5_MLP6-5_relu_dropout0.0_singleseq88_T20_"
      + "LearnableSGDM"
    let named = ["mean_loss", "grad_norm", "grad_mean_abs", "time"].map { "\(name)/\($0)" }
    let update = Set(
      named + ["mean_loss", "best_of_mean_loss", "theta_grad_norm", "theta_grad_abs_mean"])
    let theta = LearnableSGDM().layout.leaves.map { "\(name)/\($0.name)" }
    let always = Set(theta + ["total_env_steps", Self.test, Self.test + "_ci"])
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

  @Test("many weights are not logged one by one")
  func weights() throws {
    let settings = settings.with { $0.loptArchitecture = "MLPLOpt" }
    let run = try FinishedRun(settings, at: folder("run"))
    #expect(try run.tags(at: 0) == ["total_env_steps"])
    #expect(try run.trajectory()[0].count == 1762)
  }

  @Test("without a single sequence 100 episodes are evaluated")
  func evaluation() throws {
    let run = try FinishedRun(
      settings.with {
        $0.loptSingleSequenceSeed = nil
        $0.runTestAfterTraining = true
        $0.outerIterations = 1
      }, at: folder("run"))
    #expect(try run.scalars(Self.test + "_ci").values.allSatisfy { $0 > 0 })
    let saved = try SavedRun(path: run.folder.path, threads: 1)
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
        $0.loptArchitecture = architecture
        $0.gradientEstimator = estimator
        $0.outerIterations = 1
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
      try task { $0.useThresholdOuterCrossEntropyLoss = true }.problem.outerLoss
        == .thresholdedCrossEntropy)
    let accuracy = try task {
      $0.useAccuracy = true
      $0.useThresholdOuterCrossEntropyLoss = true
      $0.useVal = false
    }
    #expect(accuracy.problem.outerLoss == .accuracy && !accuracy.problem.usesValidation)
    #expect(
      accuracy.name
        == "fashion_mnist4x4_usevalFalse_useaccTrue_tb5_vb5_MLP6-5_relu_dropout0.0_singleseq88_T20_"
        + "LearnableSGDM")
    let convolutional = try task {
      $0.loptInnerModel = "CNN"
      $0.loptHiddenChannels = " 3, 2"
      $0.loptActivation = "GELU"
      $0.loptArchitecture = "mlplopt"
      $0.loptMlploptHiddenSize = 4
      $0.loptMlploptNumHiddenLayers = 1
      $0.loptSingleSequenceSeed = nil
    }
    #expect(
      convolutional.name
        == "fashion_mnist4x4_usevalTrue_useaccFalse_tb5_vb5_FullConvNet3-2_gelu_T20_"
        + "MLPLOpt-hiddensize4-hiddenlayers1")
  }

  @Test("config.json repeats the run, and threads change nothing but the clock")
  func repeats() throws {
    let settings = settings.with {
      $0.runTestDuringTraining = true
      $0.loptArchitecture = "MLPLOpt"
    }
    let first = try FinishedRun(settings, at: folder("first"), threads: 1)
    let preset = try Preset(named: first.folder.configurationPath)
    #expect(preset.settings.loptHiddenDims == "6,5" && preset.settings.useVal == true)
    #expect(preset.settings.loptHiddenChannels == nil && preset.settings.rlInitType == nil)
    let second = try FinishedRun(preset.settings, at: folder("second"), threads: 3)
    #expect(second.thetaData == first.thetaData)
    #expect(try second.scalars(Self.test) == first.scalars(Self.test))
  }

  @Test("images that have moved are found in the folder that is named")
  func moved() throws {
    let run = try FinishedRun(
      settings.with { $0.runTestDuringTraining = true }, at: folder("run"))
    try FileManager.default.moveItem(atPath: folder("images"), toPath: folder("elsewhere"))
    #expect(throws: DatasetError.self) { try SavedRun(path: run.folder.path) }
    let saved = try SavedRun(path: run.folder.path, dataDirectory: folder("elsewhere"))
    let keys = saved.keys(at: [3])[0]
    #expect(try saved.evaluate(3, keys: keys)[0].value == run.scalars(Self.test)[3])
  }

  @Test("defaults are the reference's")
  func defaults() throws {
    let plan = try TrainingPlan(
      settings.with {
        $0.horizonLength = nil
        $0.loptBatchSize = nil
        $0.loptHiddenDims = nil
      })
    #expect(plan.horizon == 1000 && plan.settings.loptBatchSize == 128)
    #expect(plan.settings.useVal == true && plan.settings.useAccuracy == false)
    #expect(plan.settings.useThresholdOuterCrossEntropyLoss == false)
    #expect(plan.settings.loptActivation == "relu" && plan.settings.loptHiddenDims == "32")
    #expect(plan.settings.loptArchitecture == "LearnableSGDM")
    #expect(plan.settings.lorenzDt == nil && plan.settings.rlInitScale == nil)
    #expect(plan.settings.loptMlploptHiddenSize == nil)
    #expect(plan.settings.loptMlploptNumHiddenLayers == nil)
    let sized = try TrainingPlan(
      settings.with {
        $0.loptArchitecture = "mlplopt"
        $0.loptMlploptHiddenSize = 16
      }
    ).settings
    #expect(sized.loptMlploptHiddenSize == 16 && sized.loptMlploptNumHiddenLayers == 2)
  }

  @Test(
    "MLPLOpt is recognised by its leaves", arguments: [(32, 2), (16, 2), (5, 1), (7, 9), (32, 0)])
  func sizes(hiddenSize: Int, hiddenLayers: Int) throws {
    let optimizer = MLPOptimizer(hiddenSize: hiddenSize, hiddenLayers: hiddenLayers)
    let found = try #require(MLPOptimizer(layout: optimizer.layout))
    #expect((found.hiddenSize, found.hiddenLayers) == (hiddenSize, hiddenLayers))
    #expect(MLPOptimizer(layout: ParameterLayout(optimizer.layout.leaves.dropLast())) == nil)
    #expect(MLPOptimizer(layout: LearnableAdam().layout) == nil)
    #expect(MLPOptimizer(layout: ParameterLayout([])) == nil)
  }
}
