/// The number that an application's runs are judged by.
package struct Headline: Hashable, Sendable {
  /// Its tag: `test/unperturbed_test_reward`.
  package let tag: String
  /// What a person calls it: `reward`.
  package let label: String
  package let isHigherBetter: Bool
  /// Digits after the point that are worth showing.
  package let decimals: Int

  package init(tag: String, label: String, isHigherBetter: Bool, decimals: Int) {
    self.tag = tag
    self.label = label
    self.isHigherBetter = isHigherBetter
    self.decimals = decimals
  }

  /// The value for ranks, medians and means: what is no number is worse than any.
  package func ranked(_ value: Double) -> Double {
    value.isNaN ? (isHigherBetter ? -.infinity : .infinity) : value
  }

  /// Whether `value` is better than `other`.
  package func isBetter(_ value: Double, than other: Double) -> Bool {
    isHigherBetter ? value > other : value < other
  }
}
