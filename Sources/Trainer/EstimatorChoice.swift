package import Estimators
package import Settings

/// The gradient estimator and what it is told.
package struct EstimatorChoice: SettingsGroup {
  /// The estimator's name; required.
  package var estimator: String?
  /// T; by default the application's.
  package var horizon: Int?
  /// N: particles, over all microbatches; required.
  package var particles: Int?
  /// W, if the estimator needs it.
  package var windowLength: Int?
  /// K, if the estimator needs it.
  package var noisePeriod: Int?
  /// σ, if the estimator smooths.
  package var sigma: Double?
  /// Whether the gradient is multiplied by σ / the losses' standard deviation.
  package var normalizesLoss = false
  /// M: microbatches of N/M particles each, run one after the other.
  package var microbatches = 1

  package init() {}

  package static let settings: [Setting<EstimatorChoice>] = [
    Setting(
      "gradient-estimator", \.estimator,
      help: "TruncatedPESK, FullES, …, or NRES, PES, …: see `nres list`.", valueName: "name"),
    Setting(
      "horizon-length", \.horizon,
      help: "T: steps of an episode (default: "
        + ApplicationCatalogue.all.map { "\($0.horizonText) for \($0.family)" }
        .joined(separator: ", ")
        + "). In an environment it is the time limit.", valueName: "t"),
    Setting(
      "num-particles", \.particles, help: "N: particles side by side.", valueName: "n"),
    Setting(
      "trunc-length", \.windowLength, help: "W: steps of a truncation window, at most T.",
      valueName: "w"),
    Setting(
      "K", \.noisePeriod,
      help: "K: steps for which one noise is kept; W makes PES, T makes NRES. Smoothed "
        + "evaluations keep to it too, whatever the estimator.", valueName: "k"),
    Setting("sigma", \.sigma, help: "σ: standard deviation of the noise.", valueName: "σ"),
    Setting(
      "loss-normalize", \.normalizesLoss,
      help: "Multiply the gradient by σ / the losses' standard deviation."),
    Setting(
      "num-gradient-estimators", \.microbatches,
      help: "Microbatches of equal size that make up the particles (default: 1).",
      valueName: "m"),
  ]

  /// What `type` needs besides N, by the names of settings.
  package static func needs(of type: any EstimatorAlgorithm.Type) -> [String] {
    (type.smoothsObjective ? ["sigma"] : []) + (type.needsWindowLength ? ["trunc-length"] : [])
      + (type.needsNoisePeriod ? ["K"] : [])
  }

  /// T, which with N is bounded by memory: keys of a window and particles are held in it.
  func checkedHorizon() throws -> Int {
    try positive(horizon, "horizon-length", example: "1000", most: 10_000_000)
  }

  /// What a microbatch of `type` is told.
  func checked(for type: any EstimatorAlgorithm.Type, horizon: Int) throws -> EstimatorSettings {
    let particles = try positive(particles, "num-particles", example: "30", most: 1_000_000)
    let microbatches = try positive(microbatches, "num-gradient-estimators", example: "1")
    guard particles.isMultiple(of: microbatches) else {
      throw SettingsError(
        "--num-particles \(particles) does not divide by --num-gradient-estimators "
          + "\(microbatches): choose a multiple")
    }
    return EstimatorSettings(
      particleCount: particles / microbatches,
      windowLength: try windowLength(for: type, horizon: horizon),
      noisePeriod: try noisePeriod(for: type), sigma: try sigma(for: type),
      normalizesLoss: try normalizesLoss(for: type))
  }

  private func windowLength(for type: any EstimatorAlgorithm.Type, horizon: Int) throws -> Int {
    let given = type.needsWindowLength ? windowLength : windowLength ?? horizon
    let length = try positive(given, "trunc-length", example: "100")
    guard length <= horizon || !type.needsWindowLength else {
      throw SettingsError(
        "--trunc-length \(length) is longer than --horizon-length \(horizon): choose W <= T")
    }
    return length
  }

  private func noisePeriod(for type: any EstimatorAlgorithm.Type) throws -> Int {
    guard let period = noisePeriod ?? (type.needsNoisePeriod ? nil : 1) else {
      throw SettingsError(
        "--K is missing: \(type.id) needs the noise period, W for PES, T for NRES")
    }
    return try atLeast(1, period, "K")
  }

  private func sigma(for type: any EstimatorAlgorithm.Type) throws -> Double {
    guard type.smoothsObjective || sigma != nil else { return 0 }
    return try positiveFloat(required(sigma, "sigma", example: "0.3"), "sigma")
  }

  private func normalizesLoss(for type: any EstimatorAlgorithm.Type) throws -> Bool {
    guard normalizesLoss, !type.canNormalizeLoss else { return normalizesLoss }
    let able = EstimatorCatalogue.all.filter { $0.canNormalizeLoss }.map { $0.id }
    throw SettingsError(
      "--loss-normalize does not work with \(type.id), only with "
        + able.joined(separator: ", "))
  }
}
