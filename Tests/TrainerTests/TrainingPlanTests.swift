import Envs
import Estimators
import Foundation
import Optimizers
import Settings
import Tasks
import TestSupport
import Testing
import Trainer

/// Settings that cannot be: each is refused before anything is made.
struct TrainingPlanTests {
  typealias Change = @Sendable (inout RunSettings) -> Void

  static let refused: [(what: String, change: Change)] = [
    (
      "--gradient-estimator is missing: give it, for example --gradient-estimator TruncatedPESK",
      { $0["gradient-estimator"] = nil }
    ),
    (
      "--num-particles is missing: give it, for example --num-particles 30",
      { $0["num-particles"] = nil }
    ),
    ("--num-particles is 0: it must be at least 1", { $0["num-particles"] = 0 }),
    (
      "--num-particles is 2147483648: it must be at most 1000000",
      { $0["num-particles"] = 1 << 31 }
    ),
    (
      "--num-particles 4 does not divide by --num-gradient-estimators 3: choose a multiple",
      { $0["num-gradient-estimators"] = 3 }
    ),
    (
      "--num-gradient-estimators is 0: it must be at least 1", { $0["num-gradient-estimators"] = 0 }
    ),
    (
      "--trunc-length is missing: give it, for example --trunc-length 100",
      { $0["trunc-length"] = nil }
    ),
    ("--trunc-length is -1: it must be at least 1", { $0["trunc-length"] = -1 }),
    (
      "--trunc-length 41 is longer than --horizon-length 40: choose W <= T",
      { $0["trunc-length"] = 41 }
    ),
    ("--horizon-length is 0: it must be at least 1", { $0["horizon-length"] = 0 }),
    (
      "--K is missing: TruncatedPESK needs the noise period, W for PES, T for NRES",
      { $0["K"] = nil }
    ),
    ("--K is 0: it must be at least 1", { $0["K"] = 0 }),
    ("--sigma is missing: give it, for example --sigma 0.3", { $0["sigma"] = nil }),
    ("--sigma is 0.0: it must be positive", { $0["sigma"] = 0 }),
    ("--sigma is -0.3: it must be positive", { $0["sigma"] = -0.3 }),
    ("--sigma is nan: it must be positive", { $0["sigma"] = Double.nan }),
    (
      "--sigma is inf: it must be positive",
      { $0["sigma"] = Double.infinity }
    ),
    ("--sigma is 1e-50, which float32 cannot hold: choose another scale", { $0["sigma"] = 1e-50 }),
    (
      "--outer-optimizer-specs is missing: give it, for example --outer-optimizer-specs "
        + "'SGD||CONSTANT3e0'", { $0["outer-optimizer-specs"] = nil }
    ),
    (
      "--outer-iterations is missing: give it, for example --outer-iterations 200",
      { $0["outer-iterations"] = nil }
    ),
    ("--grad-clip-threshold is 0.0: it must be positive", { $0["grad-clip-threshold"] = 0 }),
    ("--init-seed is -1: it must be between 0 and 4294967295", { $0["init-seed"] = -1 }),
    (
      "--remaining-seed is 4294967296: it must be between 0 and 4294967295",
      { $0["remaining-seed"] = 1 << 32 }
    ),
    ("--eval-freq is 0: it must be at least 1", { $0["eval-freq"] = 0 }),
    ("--eval-watershed is -1: it must be at least 0", { $0["eval-watershed"] = -1 }),
    (
      "--second-eval-freq is missing: --eval-watershed needs the frequency that follows it",
      { $0["eval-watershed"] = 5 }
    ),
    (
      "--second-eval-freq is 0: it must be at least 1",
      {
        $0["eval-watershed"] = 5
        $0["second-eval-freq"] = 0
      }
    ),
    ("--theta-every is 0: it must be at least 1", { $0["theta-every"] = 0 }),
    ("--theta-every is -5: it must be at least 1", { $0["theta-every"] = -5 }),
    (
      "--run-test-after-training evaluates iteration 1 (--eval-freq 1), which --theta-every 2 does "
        + "not keep: choose a divisor of 1, or --run-test-during-training",
      {
        $0["theta-every"] = 2
        $0["run-test-after-training"] = true
      }
    ),
    (
      "--run-test-after-training evaluates iteration 3 (--second-eval-freq 3), which --theta-every "
        + "2 does not keep: choose a divisor of 3, or --run-test-during-training",
      {
        $0["outer-iterations"] = 10
        $0["theta-every"] = 2
        $0["eval-freq"] = 2
        $0["eval-watershed"] = 2
        $0["second-eval-freq"] = 3
        $0["run-test-after-training"] = true
      }
    ),
    ("--threads is 0: it must be between 1 and 1024", { $0["threads"] = 0 }),
    (
      "--loss-normalize does not work with TruncatedNRES, only with TruncatedPESK, FullES, "
        + "ShortHorizonES, FullPESK",
      {
        $0["gradient-estimator"] = "TruncatedNRES"
        $0["loss-normalize"] = true
      }
    ),
  ]

  @Test("a setting that cannot be is refused with flag, value and remedy", arguments: refused)
  func refuses(what: String, change: Change) throws {
    #expect(throws: Never.self) { try TrainingPlan(.quick) }
    let error = #expect(throws: SettingsError.self) {
      try TrainingPlan(RunSettings.quick.with(change))
    }
    #expect(error?.description == what)
  }

  static let refusedForControl: [(what: String, change: Change)] = [
    (
      "--gym-env-name is missing: give it, for example --gym-env-name Swimmer-v4",
      { $0["gym-env-name"] = nil }
    ),
    (
      "--rl-policy-architecture is 'mpl': choose from linear, mlp",
      { $0["rl-policy-architecture"] = "mpl" }
    ),
    ("--rl-init-type is 'uniform': choose from zero, normal", { $0["rl-init-type"] = "uniform" }),
    ("--rl-init-scale is 0.0: it must be positive", { $0["rl-init-scale"] = 0 }),
    ("--on-divergence is 'stop': choose from fail, reset", { $0["on-divergence"] = "stop" }),
    (
      "--rl-model-path is missing: --rl-model-iteration needs a saved run",
      { $0["rl-model-iteration"] = 1 }
    ),
    (
      "--rl-model-iteration is missing: say which iteration of --rl-model-path to take",
      { $0["rl-model-path"] = "x" }
    ),
  ]

  @Test("so is one of the task", arguments: refusedForControl)
  func refusesForControl(what: String, change: Change) throws {
    let error = #expect(throws: SettingsError.self) {
      try ControlApplication(TrainingPlan(RunSettings.quick.with(change)))
    }
    #expect(error?.description == what)
  }

  static let refusedForLorenz: [(what: String, change: Change)] = [
    ("--lorenz-dt is 0.0: it must be positive", { $0["lorenz-dt"] = 0 }),
    ("--lorenz-dt is -0.005: it must be positive", { $0["lorenz-dt"] = -0.005 }),
    ("--lorenz-dt is nan: it must be positive", { $0["lorenz-dt"] = Double.nan }),
    (
      "--lorenz-init-loga is 81.0: it must be between -80 and 80, where float32 holds its "
        + "exponential", { $0["lorenz-init-loga"] = 81 }
    ),
    (
      "--lorenz-init-logr is nan: it must be between -80 and 80, where float32 holds its "
        + "exponential", { $0["lorenz-init-logr"] = Double.nan }
    ),
    (
      "--trunc-length 41 is longer than --horizon-length 40: choose W <= T",
      { $0["trunc-length"] = 41 }
    ),
    (
      "--gym-env-name is a setting of rl, not of lorenz: leave it out",
      { $0["gym-env-name"] = "Swimmer-v4" }
    ),
    ("--model is a setting of rl, not of lorenz: leave it out", { $0["model"] = "x.xml" }),
  ]

  @Test("and one of the Lorenz system", arguments: refusedForLorenz)
  func refusesForLorenz(what: String, change: Change) throws {
    _ = try SystemApplication<Lorenz>(TrainingPlan(.lorenz))
    let error = #expect(throws: SettingsError.self) {
      try SystemApplication<Lorenz>(TrainingPlan(RunSettings.lorenz.with(change)))
    }
    #expect(error?.description == what)
  }

  @Test("each application has settings of its own, which the others refuse")
  func ownership() throws {
    let names = RunSettings.names
    #expect(Set(names).count == names.count)
    for application in ApplicationCatalogue.all {
      let own = application.ownGroup.declarations.map(\.name)
      #expect(Set(own).isSuperset(of: names.filter { $0.hasPrefix(application.family + "-") }))
    }
    let error = #expect(throws: SettingsError.self) {
      try TrainingPlan(RunSettings.quick.with { $0["lorenz-single-init"] = false })
    }
    #expect(
      error?.description == "--lorenz-single-init is a setting of lorenz, not of rl: leave it out")
  }

  @Test("defaults are those of the application")
  func defaults() throws {
    let control = try TrainingPlan(RunSettings.quick.with { $0["horizon-length"] = nil }).settings
    #expect(control["application"] == "rl" && control["horizon-length"] == 1000)
    #expect(control["rl-init-scale"] == 0.03 && control["lorenz-dt"] == nil)
    let lorenz = try TrainingPlan(
      RunSettings.lorenz.with {
        $0["horizon-length"] = nil
        $0["lorenz-single-init"] = nil
      }
    ).settings
    #expect(lorenz["application"] == "lorenz" && lorenz["horizon-length"] == 2000)
    #expect(lorenz["lorenz-dt"] == 0.005 && lorenz["lorenz-single-init"] == false)
    #expect(lorenz["lorenz-init-loga"] == 3.116 && lorenz["lorenz-init-logr"] == 3.7)
    #expect(lorenz["rl-init-scale"] == nil && lorenz["on-divergence"] == nil)
  }

  @Test("unknown names are answered with the nearest and the list")
  func names() throws {
    func refusal(_ change: Change) throws -> UnknownName? {
      #expect(throws: UnknownName.self) {
        try ControlApplication(TrainingPlan(RunSettings.quick.with(change)))
      }
    }
    let estimator = try refusal { $0["gradient-estimator"] = "TruncatedPES" }
    #expect(estimator?.nearest == "TruncatedPESK" && estimator?.kind == "gradient estimator")
    let environment = try refusal { $0["gym-env-name"] = "Swimer-v4" }
    #expect(environment?.nearest == "Swimmer-v4" && environment?.kind == "environment")
    let application = try refusal { $0["application"] = "lorentz" }
    #expect(application?.nearest == "lorenz" && application?.kind == "application")
    #expect(application?.choices == ApplicationCatalogue.all.map { $0.family })
    #expect(application?.choices.first == "rl" && application?.choices.last == "lopt")
  }

  @Test("an optimizer that is not understood is refused")
  func optimizer() {
    #expect(throws: OptimizerSpecificationError.self) {
      try TrainingPlan(RunSettings.quick.with { $0["outer-optimizer-specs"] = "SGD|CONSTANT1" })
    }
  }

  @Test("what an estimator does not use may be missing")
  func unused() throws {
    let plan = try TrainingPlan(
      RunSettings.quick.with {
        $0["gradient-estimator"] = "fulles"
        $0["trunc-length"] = nil
        $0["K"] = nil
      })
    #expect(plan.estimator.id == "FullES" && plan.horizon == 40)
  }

  @Test("microbatches share the particles")
  func microbatches() throws {
    let plan = try TrainingPlan(RunSettings.quick.with { $0["num-gradient-estimators"] = 2 })
    #expect(plan.microbatches == 2 && plan.estimatorSettings.particleCount == 2)
  }
}
