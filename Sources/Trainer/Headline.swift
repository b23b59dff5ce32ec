/// The number that an application's runs are judged by.
public struct Headline: Hashable, Sendable {
  /// Its tag: `test/unperturbed_test_reward`.
  public let tag: String
  /// What a person calls it: `reward`.
  public let label: String
  public let isHigherBetter: Bool
  /// Digits after the point that are worth showing.
  public let decimals: Int

  public init(tag: String, label: String, isHigherBetter: Bool, decimals: Int) {
    self.tag = tag
    self.label = label
    self.isHigherBetter = isHigherBetter
    self.decimals = decimals
  }

  /// Whether `value` is better than `other`.
  public func isBetter(_ value: Double, than other: Double) -> Bool {
    isHigherBetter ? value > other : value < other
  }
}
