public import Envs
public import Parameters

extension Policy {
  /// The policy whose parameters have the given layout, for an environment; nil if there is none.
  public init?(layout: ParameterLayout, for spec: EnvironmentSpec) {
    let isNormalizing = Self.statistics(in: layout) != nil
    let policies = Architecture.allCases.map {
      Policy(
        $0, observationCount: spec.observationCount, actionCount: spec.actionCount,
        normalizesObservations: isNormalizing)
    }
    guard let match = policies.first(where: { $0.layout == layout }) else { return nil }
    self = match
  }
}
