/// A setting that is missing or cannot be.
///
/// Its description is one line that names the flag and what would be right.
public struct SettingsError: Error, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }

  static func missing(_ flag: String, example: String) -> SettingsError {
    SettingsError("--\(flag) is missing: give it, for example --\(flag) \(example)")
  }

  static func atLeast(_ least: Int, _ flag: String, _ value: Int) -> SettingsError {
    SettingsError("--\(flag) is \(value): it must be at least \(least)")
  }
}
