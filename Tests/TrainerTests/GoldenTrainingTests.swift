import Envs
import Estimators
import Foundation
import Parameters
import Randomness
import TestSupport
import Testing
import Trainer

/// Whole runs of three iterations against the reference's θ.
struct GoldenTrainingTests {
  /// Runs whose θ equals the reference's to the last bit, three chaotic windows of full-length
  /// episodes included.
  static let equal = [
    "rl_TruncatedNRES_unjitted", "rl_TruncatedPESK_K100", "rl_TruncatedPESK_K1000",
    "rl_short_cheetahT20_FullES", "rl_short_cheetahT20_NRESclass",
    "rl_short_cheetahT20_PESK_K10", "rl_short_cheetahT20_PESK_K20_lossnorm",
    "rl_short_cheetahT20_PESK_K21", "rl_short_cheetah_SHES_W10",
    "rl_short_swimmerT40_NRESclass", "rl_short_swimmerT40_PESK_K10",
    "rl_short_swimmerT40_PESK_K40", "rl_short_swimmerT40_PESK_K41",
    "rl_short_swimmerT40_ShortHorizonES", "rl_short_swimmer_SHES_W20",
  ]

  /// After each iteration, the distance that rounding may make. TES advances its state with a
  /// product that the reference rounds otherwise; the others take means over many steps, summed in
  /// another order. Chaos turns 1e-7 into up to 0.1 within an episode of 1000 steps, so there only
  /// the first iterations say something.
  static let close: [(name: String, bounds: [Double])] = [
    ("rl_short_swimmerT40_FullES", [1e-6, 1e-6, 1e-6]),
    ("rl_TruncatedESBiased", [0, 1e-6, 1e-6]),
    ("rl_ShortHorizonES", [1e-6, 1e-5]),
    ("rl_FullES", [1e-6]),
  ]

  /// Short episodes lose no digit of a loss on other versions of MuJoCo either.
  static let comparable = equal.filter {
    MuJoCo.version == "2.2.2" || $0.contains("T20_") || $0.contains("T40_")
  }

  @Test(arguments: comparable, ["auto", "mujoco"])
  func movesThetaToTheBit(_ name: String, _ engine: String) throws {
    #expect(try distances(name, engine: engine) == [0, 0, 0])
  }

  /// Both engines have the same bits there too.
  @Test(.enabled(if: MuJoCo.version == "2.2.2"), arguments: close)
  func movesThetaAsTheReference(_ run: (name: String, bounds: [Double])) throws {
    let found = try ["lanes", "mujoco"].map { try distances(run.name, engine: $0) }
    #expect(found[0] == found[1])
    for (distance, bound) in zip(found[0], run.bounds) { #expect(distance <= bound) }
  }

  /// Everything the reference ran on the Lorenz system.
  static let lorenz = GoldenRun.names(in: "estimators", "lorenz_").filter {
    !$0.contains("trajopt")
  }

  /// Everything the reference ran on learned optimizers.
  static let learnedOptimizers = GoldenRun.names(in: "estimators", "lopt_").filter {
    $0 != "lopt_tiny_dataset"
  }

  @Test(
    "there are runs of the reference's estimators on the Lorenz system and on learned optimizers",
    arguments: [lorenz, learnedOptimizers])
  func runs(_ names: [String]) throws {
    let estimators = try Set(names.map { try GoldenRun($0).flags.estimator })
    #expect(estimators.count == 15)
    #expect(estimators.isSubset(of: EstimatorCatalogue.all.map { $0.id }))
  }

  /// The reference's own numbers move by 5e-6 when θ₀ moves by 1e-8.
  @Test(arguments: lorenz)
  func findsTheLorenzSystem(_ name: String) throws {
    for distance in try distances(name) { #expect(distance <= 5e-6) }
  }

  /// θ of the estimators that differentiate is as close as their gradients, a few 1e-6.
  ///
  /// Gradients of evolution strategies are 2e-3 of their norm apart, for rounding of losses. Adam's
  /// first step is g/√(g² + 1e-8): a number below 1e-4, as one in forty is in the smallest gradients
  /// (norm 0.13 of 1762 numbers), moves 6 % further or less. That makes 7e-3 of the way.
  @Test(arguments: learnedOptimizers)
  func trainsLearnedOptimizers(_ name: String) throws {
    let flags = try GoldenRun(name).flags
    let perturbs = try EstimatorCatalogue.named(flags.estimator).smoothsObjective
    let bound = !perturbs ? 1e-5 : flags.optimizer.hasPrefix("ADAM") ? 7e-3 : 2e-3
    for distance in try distances(name) { #expect(distance <= bound) }
  }

  private func distances(_ name: String, engine: String? = nil) throws -> [Double] {
    let run = try GoldenRun(name)
    let folder = try TemporaryFolder()
    var settings = RunSettings(run.flags)
    settings["physics"] = engine
    if settings["application"] == "lopt" { settings["data-dir"] = try folder.goldenImages() }
    return try FinishedRun(settings, at: folder("run")).distances(from: run)
  }
}

extension FinishedRun {
  /// After each iteration, the distance from the reference's θ over the way from θ₀. Expects θ₀ and
  /// the counts of steps to be the reference's.
  func distances(from run: GoldenRun) throws -> [Double] {
    let steps = try run.golden.integers("total_env_steps")
    let logged = try scalars("total_env_steps")
    #expect(steps.indices.map { logged[$0] } == steps.map { Double($0) })

    let layout = try SavedTheta(path: folder.path).layout
    let trajectory = try trajectory()
    let start = try run.vector("theta", 0, layout: layout)
    #expect(trajectory.count == 4 && trajectory[0] == start)
    return try (1...3).map { iteration in
      let theta = try run.vector("theta", iteration, layout: layout)
      return relativeDistance(
        zip(trajectory[iteration], start).map { $0 - $1 }, zip(theta, start).map { $0 - $1 })
    }
  }
}

extension RunSettings {
  /// The reference's flags of a run.
  init(_ flags: GoldenRun.Flags) {
    self.init()
    self["application"] = flags.application
    self["gym-env-name"] = flags.environment
    self["horizon-length"] = flags.horizonLength
    self["gradient-estimator"] = flags.estimator
    self["num-particles"] = flags.particleCount
    self["trunc-length"] = flags.windowLength
    self["K"] = flags.noisePeriod
    self["sigma"] = flags.sigma
    self["loss-normalize"] = flags.normalizesLoss
    self["outer-optimizer-specs"] = flags.optimizer
    self["outer-iterations"] = 3
    self["init-seed"] = Int(flags.initSeed)
    self["remaining-seed"] = Int(flags.remainingSeed)
    self["rl-init-type"] = flags.initialization
    self["rl-init-scale"] = flags.initializationScale
    self["lorenz-dt"] = flags.lorenzTimestep
    self["lorenz-init-loga"] = flags.lorenzLogA
    self["lorenz-init-logr"] = flags.lorenzLogR
    self["lorenz-single-init"] = flags.lorenzStartsAtOnePlace
    if flags.application == "lopt" { setLearnedOptimizer(flags) }
  }

  private mutating func setLearnedOptimizer(_ flags: GoldenRun.Flags) {
    self["lopt-dataset-name"] = "fashion_mnist"
    self["image-length"] = 8
    self["lopt-batch-size"] = flags.innerBatchSize
    self["use-val"] = flags.usesValidation
    self["use-accuracy"] = flags.usesAccuracy
    self["use-threshold-outer-cross-entropy-loss"] = flags.thresholdsOuterLoss
    self["lopt-inner-model"] = flags.innerModel
    self["lopt-activation"] = flags.innerActivation
    if flags.innerModel == "cnn" {
      self["lopt-hidden-channels"] = flags.innerChannels
    } else {
      self["lopt-hidden-dims"] = flags.innerHiddenSizes
    }
    self["lopt-architecture"] = flags.learnedOptimizer
    self["lopt-single-sequence-seed"] = flags.singleSequenceSeed.map { Int($0) }
  }
}
