import Foundation
public import Settings

/// The settings of the Lorenz system; by default the paper's.
public struct LorenzSettings: SettingsGroup {
  /// Seconds of a step.
  public var timestep = Lorenz.paperTimestep
  /// log a at iteration 0.
  public var logA = Lorenz.paperTheta.logA
  /// log r at iteration 0.
  public var logR = Lorenz.paperTheta.logR
  /// Whether episodes of training start at one place; else at one of 100.
  public var startsAtOnePlace = false

  public init() {}

  public static let settings: [Setting<LorenzSettings>] = [
    Setting(
      "lorenz-dt", \.timestep, help: "Seconds of a step (default: 0.005).", valueName: "s"),
    Setting(
      "lorenz-init-loga", \.logA,
      help: "log a at iteration 0 (default: 3.116; the truth is log 10 = 2.303).",
      valueName: "x"),
    Setting(
      "lorenz-init-logr", \.logR,
      help: "log r at iteration 0 (default: 3.7; the truth is log 28 = 3.332).", valueName: "x"),
    Setting(
      "lorenz-single-init", \.startsAtOnePlace,
      help: "Start every episode at (1.2, 1.3, 1.6), not at one of 100 places around it."),
  ]
}

extension Lorenz: ListedSystem {
  public static let id = "lorenz"
  public static let usualHorizon = paperHorizon

  public init(_ settings: LorenzSettings, horizon: Int) throws(SettingsError) {
    self.init(
      horizon: horizon, timestep: try positiveFloat(settings.timestep, "lorenz-dt"),
      logA: try logarithm(settings.logA, "lorenz-init-loga"),
      logR: try logarithm(settings.logR, "lorenz-init-logr"),
      start: settings.startsAtOnePlace ? .fixed : .finiteGaussian)
  }

  /// Its episodes start anywhere.
  public var testSystem: Lorenz { with(start: .gaussian) }

  public var parameterNames: [String] { ["log(a)", "log(r)"] }

  public static let lossMap: LossMap? = LossMap(
    names: ["log_a", "log_r"], ranges: [1.9...3.5, 2.9...3.9], limits: logarithms,
    start: [paperTheta.logA, paperTheta.logR], truth: [log(10), log(28)],
    settings: ["lorenz-dt"], fixed: ["lorenz-single-init": "true"])
}

/// Of numbers that float32 holds.
private let logarithms = -80.0...80

/// The logarithm of a parameter that float32 can hold.
private func logarithm(_ value: Double, _ flag: String) throws(SettingsError) -> Double {
  guard logarithms.contains(value) else {
    throw SettingsError(
      "--\(flag) is \(value): it must be between -80 and 80, where float32 holds its exponential")
  }
  return value
}
