import Estimators
import Settings
import Testing
import Trainer

/// Names of papers in the place of an estimator's own.
struct EstimatorAliasTests {
  /// What a name stands for in the quick run, whose T is 40 and W is 10.
  static let meanings: [(name: String, estimator: String, period: Int?)] = [
    ("NRES", "TruncatedPESK", 40), ("nres", "TruncatedPESK", 40), ("PES", "TruncatedPESK", 10),
    ("TES", "TruncatedESBiased", nil), ("TBPTT", "TruncatedBPTT", nil),
    ("BPTT", "FullGradient", nil), ("DODGE", "TruncatedForwardModeK", 40),
  ]

  @Test("the estimator and its K are those of the name", arguments: meanings)
  func meaning(name: String, estimator: String, period: Int?) throws {
    let plan = try TrainingPlan(
      RunSettings.quick.with {
        $0["gradient-estimator"] = name
        $0["K"] = nil
      })
    #expect(plan.estimator.id == estimator && plan.givenNoisePeriod == period)
    // Any program reads such a run.
    #expect(plan.settings["gradient-estimator"] == estimator)
    #expect(plan.settings["K"] == period.map { "\($0)" })
  }

  @Test("a K of another estimator contradicts, one that means the same does not")
  func contradictions() throws {
    func plan(_ name: String, _ period: Int?) throws -> TrainingPlan {
      try TrainingPlan(
        RunSettings.quick.with {
          $0["gradient-estimator"] = name
          $0["K"] = period
        })
    }
    for (name, period) in [("NRES", 40), ("NRES", 41), ("PES", 10), ("GPES", 20), ("TES", 3)] {
      #expect(try plan(name, period).givenNoisePeriod == period)
    }
    for (name, period, cause) in [
      ("NRES", 39, "--K is 39, but NRES is TruncatedPESK with K = T = 40"),
      ("PES", 40, "--K is 40, but PES is TruncatedPESK with K = W = 10"),
    ] {
      let error = #expect(throws: SettingsError.self) { try plan(name, period) }
      #expect(
        error?.description
          == cause + ": leave it out, or name the estimator TruncatedPESK")
    }
    let missing = #expect(throws: SettingsError.self) { try plan("GPES", nil) }
    #expect(missing?.description.hasPrefix("--K is missing: TruncatedPESK needs") == true)
  }

  @Test("what it cannot do is said by the name that was given")
  func refused() throws {
    for (name, known) in [("bptt", "BPTT"), ("FullGradient", "FullGradient")] {
      let settings = RunSettings.quick.with { $0["gradient-estimator"] = name }
      let error = #expect(throws: EstimatorError.self) {
        try TrainingPlan(settings).makeApplication()
      }
      #expect(error?.description.hasPrefix("\(known) differentiates, and Swimmer-v4 ") == true)
    }
  }

  @Test("a name that decides K is laid over the K of a preset")
  func presets() throws {
    let preset = try Preset(named: "swimmer-pes").settings
    let flags = RunSettings(["gradient-estimator": "NRES"])
    #expect(try TrainingPlan(flags.over(preset)).estimatorSettings.noisePeriod == 1000)
    let both = RunSettings(["gradient-estimator": "NRES", "K": "7"])
    #expect(throws: SettingsError.self) { try TrainingPlan(both.over(preset)) }
    #expect(RunSettings(["gradient-estimator": "GPES"]).over(preset)["K"] == "100")
    // Those of the paper are what their names say.
    for (name, alias) in [
      ("swimmer-nres", "NRES"), ("lorenz-dodge", "DODGE"), ("lorenz-pes", "PES"),
    ] {
      let preset = try Preset(named: name).settings
      var named = preset
      named["gradient-estimator"] = alias
      #expect(try TrainingPlan(named).settings == TrainingPlan(preset).settings)
    }
  }
}
