import Settings

/// The gradient estimators there are.
public enum EstimatorCatalogue {
  /// All of them, in the order of listings.
  public static let all: [any EstimatorAlgorithm.Type] = [
    TruncatedPESK.self,
    TruncatedNRES.self,
    TruncatedNRESHistory.self,
    TruncatedESBiased.self,
    FullES.self,
    ShortHorizonES.self,
    FullPESK.self,
    FullESTrajectory.self,
    FullGradient.self,
    ShortHorizonGradient.self,
    TruncatedBPTT.self,
    TruncatedForwardModeK.self,
    TruncatedForwardModeSharedNoise.self,
    FullDirectionalGradient.self,
    FullDirectionalGradientK.self,
    UORO.self,
    FullUORO.self,
  ]

  /// The estimator called `name`, capital or small letters.
  ///
  /// - Throws: `UnknownName` with the nearest name and the list.
  public static func named(_ name: String) throws -> any EstimatorAlgorithm.Type {
    try all.named(name, kind: "gradient estimator") { $0.id }
  }
}
