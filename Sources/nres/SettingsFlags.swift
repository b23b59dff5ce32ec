import ArgumentParser
import Settings
import Trainer

/// Flags for all settings that `Source` declares, nothing of which is written a second time.
///
/// The parser finds a command's flags in a mirror of it, which is made of the declarations here, and
/// hands their values to a decoder by name.
struct Flags<Source: SettingsDeclaring>: ParsableArguments, CustomReflectable {
  /// The settings that were given, by name.
  private(set) var given = RunSettings()

  init() {}

  var customMirror: Mirror {
    Mirror(
      self,
      children: Source.declarations.map { (label: $0.name, value: Self.argument($0)) })
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FlagName.self)
    for declaration in Source.declarations {
      let key = FlagName(stringValue: declaration.name)
      given[declaration.name] =
        switch declaration.kind {
        case .wholeNumber:
          try container.decode(Option<Int?>.self, forKey: key).wrappedValue?.description
        case .number:
          try container.decode(Option<Double?>.self, forKey: key).wrappedValue?.description
        case .truth:
          try container.decode(Flag<Bool?>.self, forKey: key).wrappedValue?.description
        case .text: try container.decode(Option<String?>.self, forKey: key).wrappedValue
        case .namedValues: try values(container.decode(Option<[String]>.self, forKey: key))
        }
    }
  }

  private static func argument(_ declaration: SettingDeclaration) -> Any {
    let names = [declaration.name] + [declaration.alias].compactMap { $0 }
    let name = NameSpecification(names.map { .customLong($0) })
    let help = ArgumentHelp(stringLiteral: declaration.help)
    func option<Value: ExpressibleByArgument>(_: Value.Type) -> Any {
      Option<Value?>(name: name, parsing: .unconditional, help: described)
    }
    func wholeNumber() -> Any {
      Option<Int?>(
        name: name, parsing: .unconditional, help: described,
        transform: nres.wholeNumber)
    }
    var described: ArgumentHelp {
      var described = help
      described.valueName = declaration.valueName.isEmpty ? nil : declaration.valueName
      return described
    }
    return switch declaration.kind {
    case .wholeNumber: wholeNumber()
    case .number: option(Double.self)
    case .truth: Flag<Bool?>(name: name, inversion: .prefixedNo, help: help)
    case .text: option(String.self)
    case .namedValues:
      Option<[String]>(
        wrappedValue: [], name: name, parsing: .unconditionalSingleValue, help: described)
    }
  }
}

/// One text of named values that were given one by one.
private func values(_ given: Option<[String]>) -> String? {
  given.wrappedValue.isEmpty ? nil : NamedValues.joined(given.wrappedValue)
}

/// The whole number that a flag's text is, `1000` or `1e3`.
func wholeNumber(_ text: String) throws -> Int {
  if let number = Int(whole: text) { return number }
  throw ValidationError("it must be \(SettingKind.wholeNumber.description)")
}

/// The flags of every setting of a run, the groups' after another.
struct SettingsFlags: ParsableArguments, CustomReflectable {
  private(set) var given = RunSettings()

  init() {}

  var customMirror: Mirror {
    func child<Group: SettingsGroup>(_: Group.Type, _ title: String) -> Mirror.Child {
      (title, OptionGroup<Flags<Group>>(title: title))
    }
    let children: [Mirror.Child] = RunSettings.groups.map { title, group in child(group, title) }
    return Mirror(self, children: children)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FlagName.self)
    func given<Group: SettingsGroup>(_: Group.Type, _ title: String) throws -> RunSettings {
      try container.decode(
        OptionGroup<Flags<Group>>.self, forKey: FlagName(stringValue: title)
      ).wrappedValue.given
    }
    for (title, group) in RunSettings.groups {
      self.given = try given(group, title).over(self.given)
    }
  }
}

/// The name under which the parser keeps a flag.
private struct FlagName: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
