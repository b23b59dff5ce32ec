/// A setting that is missing or cannot be.
///
/// Its description is one line that names the flag and what would be right.
public struct SettingsError: Error, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }

  /// The same of what is no flag.
  package var withoutDashes: String {
    description.hasPrefix("--") ? String(description.dropFirst(2)) : description
  }
}

/// The value of a setting that has to be given.
///
/// - Parameters:
///   - flag: The setting's name, here and below.
///   - example: A value that would do.
public func required<Value>(
  _ value: Value?, _ flag: String, example: String
) throws(SettingsError) -> Value {
  if let value { return value }
  throw SettingsError("--\(flag) is missing: give it, for example --\(flag) \(example)")
}

/// `value`, if it is in `range`.
public func inRange<Value: Comparable>(
  _ value: Value, _ flag: String, _ range: ClosedRange<Value>
) throws(SettingsError) -> Value {
  if range.contains(value) { return value }
  throw SettingsError(
    "--\(flag) is \(value): it must be between \(range.lowerBound) and \(range.upperBound)")
}

/// `value`, if it is `least` or more.
public func atLeast(_ least: Int, _ value: Int, _ flag: String) throws(SettingsError) -> Int {
  if value >= least { return value }
  throw SettingsError("--\(flag) is \(value): it must be at least \(least)")
}

/// A count, given and positive. Others than those that say otherwise are bounded by int32, in which
/// the reference draws.
public func positive(
  _ value: Int?, _ flag: String, example: String, most: Int = Int(Int32.max)
) throws(SettingsError) -> Int {
  let value = try atLeast(1, required(value, flag, example: example), flag)
  if value <= most { return value }
  throw SettingsError("--\(flag) is \(value): it must be at most \(most)")
}

/// `value`, if it is positive as a float32 too, in which θ and its noise are held.
public func positiveFloat(_ value: Double, _ flag: String) throws(SettingsError) -> Double {
  guard value > 0, value.isFinite else {
    throw SettingsError("--\(flag) is \(value): it must be positive")
  }
  guard Float(value).isNormal else {
    throw SettingsError("--\(flag) is \(value), which float32 cannot hold: choose another scale")
  }
  return value
}

/// A seed of 32 bits.
public func seed(_ value: Int, _ flag: String) throws(SettingsError) -> UInt64 {
  UInt64(try inRange(value, flag, 0...Int(UInt32.max)))
}

/// Refuses a setting that is declared by another than the one that was chosen.
///
/// - Parameters:
///   - given: The settings that were given.
///   - others: Those that were not chosen, with the names of their settings.
///   - relation: `is a setting of`.
public func refuseSettings(
  _ given: [String: String], of others: [(owner: String, names: [String])], for chosen: String,
  relation: String
) throws(SettingsError) {
  for other in others {
    guard let name = other.names.first(where: { given[$0] != nil }) else { continue }
    throw SettingsError("--\(name) \(relation) \(other.owner), not of \(chosen): leave it out")
  }
}
