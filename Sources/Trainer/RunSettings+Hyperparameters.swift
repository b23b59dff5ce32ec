import Records
import Settings

extension RunSettings {
  /// All settings that a run of `application` can have, with these values, in the order of listings.
  ///
  /// - Throws: `SettingsError` where a text is not of its setting's kind.
  func hyperparameters(of application: any Application.Type) throws -> [Hyperparameter] {
    let groups = [application.ownGroup] + Self.common.map { $0.group }
    let names = groups.flatMap { $0.declarations.map(\.name) }
    return try ([Self.application] + names).map { name in
      let text = self[name]
      let value: Hyperparameter.Value =
        switch Self.kind(of: name) {
        case .wholeNumber: .number(try text.map { try Double(Int(text: $0, of: name)) })
        case .number: .number(try text.map { try Double(text: $0, of: name) })
        case .truth: .truth(try text.map { try Bool(text: $0, of: name) })
        case .text, .namedValues: .text(text)
        }
      return Hyperparameter(name, value)
    }
  }
}
