/// The settings of one concern: a struct whose properties hold defaults until they are read.
public protocol SettingsGroup: SettingsDeclaring, Sendable {
  /// The defaults; nil for what is not given.
  init()
  /// A declaration for every property, in the order of listings.
  static var settings: [Setting<Self>] { get }
}

/// What declares settings.
public protocol SettingsDeclaring: SendableMetatype {
  static var declarations: [SettingDeclaration] { get }
}

/// A setting as users see it.
public struct SettingDeclaration: Hashable, Sendable {
  /// What else is known of a setting.
  public enum Role: Hashable, Sendable {
    /// What listings call the experiment: a dataset.
    case subject
    /// The same, and runs are named after it: an environment.
    case runName
    /// A path of something that the run needs whenever it is taken up.
    case place
    /// Where θ₀ comes from, which nothing needs any more once the run has begun.
    case origin
    /// A path to such an origin.
    case originPlace
  }

  /// In presets, `config.json` and, after two dashes, on the command line.
  public let name: String
  /// Another name of the flag.
  public let alias: String?
  public let kind: SettingKind
  public let help: String
  /// What help calls its value.
  public let valueName: String
  public let role: Role?

  public init(
    name: String, alias: String? = nil, kind: SettingKind, help: String, valueName: String = "",
    role: Role? = nil
  ) {
    (self.name, self.alias, self.kind, self.help) = (name, alias, kind, help)
    (self.valueName, self.role) = (valueName, role)
  }

  public var isPath: Bool { role == .place || role == .originPlace }
  public var isOrigin: Bool { role == .origin || role == .originPlace }
}

/// A setting as a property of its group.
public struct Setting<Group>: Sendable {
  public let declaration: SettingDeclaration
  /// The property.
  public let path: any PartialKeyPath<Group> & Sendable
  package let read: @Sendable (String, inout Group) throws(SettingsError) -> Void
  package let text: @Sendable (Group) -> String?

  public var name: String { declaration.name }

  /// - Parameters:
  ///   - name: The setting's name.
  ///   - alias: Another name of its flag.
  ///   - path: The property, whose type says how texts are read.
  ///   - help: A sentence that ends with the default, where that needs saying.
  ///   - valueName: What help calls a value; flags that are on or off have none.
  public init<Value: SettingValue>(
    _ name: String, alias: String? = nil, _ path: any WritableKeyPath<Group, Value> & Sendable,
    help: String, valueName: String = "", role: SettingDeclaration.Role? = nil
  ) {
    declaration = SettingDeclaration(
      name: name, alias: alias, kind: Value.settingKind, help: help, valueName: valueName,
      role: role)
    self.path = path
    read = { text, group throws(SettingsError) in
      group[keyPath: path] = try Value(text: text, of: name)
    }
    text = { $0[keyPath: path].settingText }
  }

  /// A setting that a part of the group declares, kept as text until the part is chosen.
  public init(
    _ declaration: SettingDeclaration,
    in path: any WritableKeyPath<Group, [String: String]> & Sendable
  ) {
    let name = declaration.name
    self.declaration = declaration
    self.path = path
    read = { text, group throws(SettingsError) in group[keyPath: path][name] = text }
    text = { $0[keyPath: path][name] }
  }
}

extension SettingsGroup {
  public static var declarations: [SettingDeclaration] { settings.map(\.declaration) }

  /// The defaults, and what `texts` says otherwise; other groups' settings are passed over.
  public init(reading texts: [String: String]) throws(SettingsError) {
    self.init()
    for setting in Self.settings {
      if let text = texts[setting.name] { try setting.read(text, &self) }
    }
  }

  /// The settings that have a value, by name.
  public var texts: [String: String] {
    let pairs = Self.settings.compactMap { setting in
      setting.text(self).map { (setting.name, $0) }
    }
    return Dictionary(pairs) { $1 }
  }
}

/// Of what has no settings of its own.
public struct NoSettings: SettingsGroup, Codable, Hashable {
  public init() {}
  public static let settings: [Setting<NoSettings>] = []
}
