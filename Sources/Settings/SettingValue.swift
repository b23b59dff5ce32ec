/// What a setting's text means, in files and on the command line.
public enum SettingKind: Sendable {
  case wholeNumber, number, truth, text
  /// ``NamedValues``, which flags and lists of a file may give one by one.
  case namedValues

  /// Whether `text` is of this kind. Numbers are decimal; whole ones may be `1000` or `1e3`.
  public func accepts(_ text: String) -> Bool {
    switch self {
    case .wholeNumber: Int(whole: text) != nil
    case .number: decimal(text) != nil
    case .truth: boolean(text) != nil
    case .text: true
    case .namedValues: (try? NamedValues(text: text, of: "")) != nil
    }
  }

  /// What a value must be: `a whole number`.
  public var description: String {
    switch self {
    case .wholeNumber: "a whole number"
    case .number: "a number"
    case .truth: "true or false"
    case .text: "text"
    case .namedValues: "name=value"
    }
  }
}

/// A type that a setting can have.
public protocol SettingValue: Sendable {
  static var settingKind: SettingKind { get }
  /// The value that `text` means, of the setting called `name`.
  init(text: String, of name: String) throws(SettingsError)
  /// A text that means the value; nil for what is not given.
  var settingText: String? { get }
}

/// The Boolean that `text` is, as YAML spells them; nil for another text.
private func boolean(_ text: String) -> Bool? {
  switch text.lowercased() {
  case "true", "yes", "on": true
  case "false", "no", "off": false
  default: nil
  }
}

/// The number that `text` is; nil for another text, hexadecimal ones among them.
private func decimal(_ text: String) -> Double? {
  text.contains { "xX".contains($0) } ? nil : Double(text)
}

private func parsed<Value: SettingValue>(
  _ value: Value?, _ text: String, _ name: String
) throws(SettingsError) -> Value {
  if let value { return value }
  throw SettingsError("--\(name) is '\(text)': it must be \(Value.settingKind.description)")
}

extension Int: SettingValue {
  public static var settingKind: SettingKind { .wholeNumber }
  public init(text: String, of name: String) throws(SettingsError) {
    self = try parsed(Int(whole: text), text, name)
  }
  public var settingText: String? { description }

  /// The whole number that a decimal text is, `1000` or `1e3`; nil for another text.
  public init?(whole text: String) {
    if let number = Int(text) {
      self = number
      return
    }
    // No hexadecimal, and no more digits than a Double holds.
    guard text.contains(where: { "eE".contains($0) }),
      text.allSatisfy({ "0123456789+-.eE".contains($0) }), let number = Double(text),
      number.magnitude <= 0x1p53, let whole = Int(exactly: number)
    else { return nil }
    self = whole
  }
}

extension Double: SettingValue {
  public static var settingKind: SettingKind { .number }
  public init(text: String, of name: String) throws(SettingsError) {
    self = try parsed(decimal(text), text, name)
  }
  public var settingText: String? { description }
}

extension Bool: SettingValue {
  public static var settingKind: SettingKind { .truth }
  public init(text: String, of name: String) throws(SettingsError) {
    self = try parsed(boolean(text), text, name)
  }
  public var settingText: String? { description }
}

extension String: SettingValue {
  public static var settingKind: SettingKind { .text }
  public init(text: String, of name: String) { self = text }
  public var settingText: String? { self }
}

extension Optional: SettingValue where Wrapped: SettingValue {
  public static var settingKind: SettingKind { Wrapped.settingKind }
  public init(text: String, of name: String) throws(SettingsError) {
    self = try Wrapped(text: text, of: name)
  }
  public var settingText: String? { self?.settingText }
}

/// One of a few names, capital or small letters.
extension SettingValue where Self: RawRepresentable<String> & CaseIterable {
  public static var settingKind: SettingKind { .text }
  public init(text: String, of name: String) throws(SettingsError) {
    guard let choice = Self(rawValue: text.lowercased()) else {
      let choices = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw SettingsError("--\(name) is '\(text)': choose from \(choices)")
    }
    self = choice
  }
  public var settingText: String? { rawValue }
}
