import Settings
import TestSupport
import Testing
import Trainer

/// Settings of learned optimizers that cannot be.
struct LearnedOptimizerRefusalTests {
  let settings: RunSettings
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    settings = .learnedOptimizer(try folder.images())
  }

  typealias Change = @Sendable (inout RunSettings) -> Void

  static let refused: [(what: String, change: Change)] =
    [
      (
        "--lopt-dataset-name is missing: give it, for example --lopt-dataset-name fashion_mnist",
        { $0["lopt-dataset-name"] = nil }
      ),
      (
        "--image-length is missing: give it, for example --image-length 8",
        { $0["image-length"] = nil }
      ),
      (
        "--lopt-inner-model is 'mpl': choose from "
          + InnerModel.allCases.map(\.rawValue).joined(separator: ", "),
        { $0["lopt-inner-model"] = "mpl" }
      ),
      ("--lopt-activation is 'gelo': choose from relu, gelu", { $0["lopt-activation"] = "gelo" }),
      ("--image-length is 0: it must be between 1 and 1024", { $0["image-length"] = 0 }),
      ("--image-length is -8: it must be between 1 and 1024", { $0["image-length"] = -8 }),
      ("--data-dir is empty: name a folder", { $0["data-dir"] = "" }),
      ("--lopt-batch-size is 0: it must be between 1 and 1000000", { $0["lopt-batch-size"] = 0 }),
      (
        "--lopt-batch-size is 11, but there are 10 validation images: choose at most 10",
        { $0["lopt-batch-size"] = 11 }
      ),
      (
        "--lopt-batch-size is 41, but there are 40 training images: choose at most 40",
        {
          $0["lopt-batch-size"] = 41
          $0["use-val"] = false
        }
      ),
      (
        "--use-threshold-outer-cross-entropy-loss is missing: --lopt-dataset-name cifar10 needs it",
        { $0["lopt-dataset-name"] = "cifar10" }
      ),
      (
        "--use-threshold-outer-cross-entropy-loss is missing: --lopt-dataset-name cifar10 needs it",
        {
          $0["lopt-dataset-name"] = "CIFAR10"
          $0["use-accuracy"] = true
        }
      ),
      (
        "--lopt-inner-model is missing: give it, for example --lopt-inner-model mlp",
        { $0["lopt-inner-model"] = nil }
      ),
      (
        "--lopt-hidden-channels is missing: give it, for example --lopt-hidden-channels 32,32",
        { $0["lopt-inner-model"] = "cnn" }
      ),
      (
        "--lopt-hidden-channels is '3,x': give positive whole numbers between commas, 32,32,32",
        { $0["lopt-hidden-channels"] = "3,x" }
      ),
      (
        "--lopt-hidden-channels has 3 layers, but images of 4x4 cannot be halved 3 times: choose "
          + "fewer, or a larger --image-length",
        {
          $0["lopt-inner-model"] = "cnn"
          $0["lopt-hidden-channels"] = "3,3,3"
        }
      ),
      (
        "--lopt-inner-model mlp of these sizes has 27000010 parameters: choose smaller ones, up to "
          + "10000000", { $0["lopt-hidden-dims"] = "1000000" }
      ),
      (
        "--lopt-mlplopt-hidden-size is of MLPLOpt, not of LearnableSGDM: leave it out",
        { $0["lopt-mlplopt-hidden-size"] = 32 }
      ),
      (
        "--lopt-mlplopt-num-hidden-layers is of MLPLOpt, not of LearnableAdam: leave it out",
        {
          $0["lopt-architecture"] = "learnableadam"
          $0["lopt-mlplopt-num-hidden-layers"] = 2
        }
      ),
      (
        "--lopt-mlplopt-hidden-size is 0: it must be between 1 and 1024",
        {
          $0["lopt-architecture"] = "MLPLOpt"
          $0["lopt-mlplopt-hidden-size"] = 0
        }
      ),
      (
        "--lopt-mlplopt-num-hidden-layers is 10: it must be between 0 and 9",
        {
          $0["lopt-architecture"] = "MLPLOpt"
          $0["lopt-mlplopt-num-hidden-layers"] = 10
        }
      ),
      (
        "--lopt-single-sequence-seed is -1: it must be between 0 and 4294967295",
        { $0["lopt-single-sequence-seed"] = -1 }
      ),
      (
        "--use-accuracy has no derivative, which UORO needs: leave it out or choose an estimator that "
          + "smooths, such as TruncatedPESK",
        {
          $0["use-accuracy"] = true
          $0["gradient-estimator"] = "UORO"
        }
      ),
      ("--lorenz-dt is a setting of lorenz, not of lopt: leave it out", { $0["lorenz-dt"] = 0.01 }),
      (
        "--rl-init-scale is a setting of rl, not of lopt: leave it out", { $0["rl-init-scale"] = 1 }
      ),
    ]

  @Test(
    "sizes of layers are positive whole numbers",
    arguments: ["", ",", "32,", "0", "-1", "3.5", "x", "32;32", "99999999999999999999"])
  func refusesSizes(text: String) throws {
    let error = #expect(throws: SettingsError.self) {
      let plan = try TrainingPlan(settings.with { $0["lopt-hidden-dims"] = text })
      _ = try plan.application.init(plan)
    }
    #expect(
      error?.description
        == "--lopt-hidden-dims is '\(text)': give positive whole numbers between commas, 32,32,32")
  }

  @Test("a setting that cannot be is refused with flag, value and remedy", arguments: refused)
  func refuses(what: String, change: Change) throws {
    let error = #expect(throws: SettingsError.self) {
      let plan = try TrainingPlan(settings.with(change))
      _ = try plan.application.init(plan)
    }
    #expect(error?.description == what)
  }

  @Test("what the memory cannot hold is refused with what it would need")
  func refusesMemory() throws {
    let error = #expect(throws: SettingsError.self) {
      let plan = try TrainingPlan(
        settings.with {
          $0["gradient-estimator"] = "FullGradient"
          $0["horizon-length"] = 10_000_000
          $0["num-particles"] = 1_000_000
        })
      _ = try plan.application.init(plan)
    }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("--horizon-length, --trunc-length, --lopt-batch-size and the inner "))
    let match = try #require(
      text.firstMatch(of: /need (\d+) GiB of memory, and there are (\d+): choose smaller ones$/),
      "\(text)")
    let needed = try #require(Int(match.1))
    let present = try #require(Int(match.2))
    #expect(needed > present && present > 0)
  }

  static let unknown: [(kind: String, nearest: String, change: Change)] = [
    ("--lopt-dataset-name", "fashion_mnist", { $0["lopt-dataset-name"] = "fashion-mnist" }),
    ("--lopt-architecture", "LearnableAdam", { $0["lopt-architecture"] = "LearnableAdm" }),
  ]

  @Test("unknown names are answered with the nearest and the list", arguments: unknown)
  func names(kind: String, nearest: String, change: Change) throws {
    let error = #expect(throws: UnknownName.self) {
      let plan = try TrainingPlan(settings.with(change))
      _ = try plan.application.init(plan)
    }
    #expect(error?.kind == kind && error?.nearest == nearest)
  }

  @Test("settings of learned optimizers are refused by the others")
  func ownership() throws {
    let error = #expect(throws: SettingsError.self) {
      try TrainingPlan(RunSettings.lorenz.with { $0["use-val"] = true })
    }
    #expect(error?.description == "--use-val is a setting of lopt, not of lorenz: leave it out")
  }
}
