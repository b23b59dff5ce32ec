/// Two numbers, the first not above the second: `0.7,inf` in texts.
public struct Bounds: SettingValue, Hashable, Codable {
  public var lower, upper: Double

  public init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  public static var settingKind: SettingKind { .text }

  public init(text: String, of name: String) throws(SettingsError) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      part.contains { "xX".contains($0) } ? nil : Double(part.filter { $0 != " " })
    }
    guard parts.count == 2, numbers.count == 2, numbers.allSatisfy({ !$0.isNaN }) else {
      throw SettingsError("--\(name) is '\(text)': it must be two numbers, as in 0.7,inf")
    }
    guard numbers[0] <= numbers[1] else {
      throw SettingsError("--\(name) is '\(text)': the first number must not be above the second")
    }
    self.init(numbers[0], numbers[1])
  }

  public var settingText: String? { "\(Self.text(lower)),\(Self.text(upper))" }

  /// `2` instead of `2.0`.
  private static func text(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }
}
