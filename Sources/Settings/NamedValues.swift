/// Values by name. In a text they are one after another: `healthy_z_range=0.7,inf; healthy_reward=2`.
public struct NamedValues: SettingValue, Hashable {
  public var values: [String: String]

  public init(_ values: [String: String] = [:]) { self.values = values }

  public static var settingKind: SettingKind { .namedValues }

  public init(text: String, of name: String) throws(SettingsError) {
    values = [:]
    let parts = Self.parts(of: text)
    for part in parts.isEmpty ? [text] : parts {
      let value = trimmed(part.dropFirst(part.prefix { $0 != "=" }.count + 1))
      guard !Self.name(of: part).isEmpty, !value.isEmpty else {
        throw SettingsError("--\(name) is '\(part)': it must be \(Self.settingKind.description)")
      }
      values[Self.name(of: part)] = value
    }
  }

  /// Nil where there are none.
  public var settingText: String? {
    let parts = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// One text of several, unread: of values with one name the last.
  public static func joined(_ texts: [String]) -> String {
    var joined: [String] = []
    for part in texts.flatMap({ parts(of: $0) }) {
      joined.removeAll { name(of: $0) == name(of: part) }
      joined.append(part)
    }
    return joined.joined(separator: "; ")
  }

  private static func parts(of text: String) -> [String] {
    text.split(separator: ";").map { trimmed($0) }.filter { !$0.isEmpty }
  }

  private static func name(of part: String) -> String { trimmed(part.prefix { $0 != "=" }) }
}

private func trimmed(_ text: Substring) -> String {
  let start = text.drop { $0.isWhitespace }
  return String(start.reversed().drop { $0.isWhitespace }.reversed())
}
