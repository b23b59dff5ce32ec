public import Settings

/// A parameter of an environment as users see it.
public struct EnvironmentParameter: Hashable, Sendable {
  /// Gymnasium's name of it, what type it has and what it does.
  public let declaration: SettingDeclaration
  /// The value in force, as text.
  public let value: String
}

extension Environment {
  /// What can be set of it, with the values in force.
  public var parameters: [EnvironmentParameter] {
    settings.map { EnvironmentParameter(declaration: $0.declaration, value: $0.text(self) ?? "") }
  }

  /// The environment with other parameters.
  ///
  /// - Parameter texts: Values by the names of ``parameters``: `healthy_z_range` is `0.7,inf`.
  /// - Throws: ``EnvironmentError/invalidParameter(environment:message:)`` for a name that is not
  ///   among them, with the nearest, and for a value that cannot be.
  public func setting(_ texts: [String: String]) throws(EnvironmentError) -> Self {
    let settings = settings
    var environment = self
    do {
      for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
        guard let setting = settings.first(where: { $0.name == name }) else {
          throw invalid("\(unknown(name, settings.map(\.name)))")
        }
        try setting.read(text, &environment)
        if setting.declaration.kind == .number, Double(text)?.isFinite == false {
          throw invalid("\(name) is '\(text)': it must be finite")
        }
      }
      try environment.check()
    } catch let error as SettingsError {
      throw invalid(error.withoutDashes)
    } catch let error as EnvironmentError {
      throw error
    } catch {
      throw invalid("\(error)")
    }
    return environment
  }

  private func unknown(_ name: String, _ choices: [String]) -> String {
    choices.isEmpty
      ? "it has no parameter '\(name)', nor any other that can be set"
      : UnknownName(kind: "parameter", name: name, choices: choices).description
  }

  private func invalid(_ message: String) -> EnvironmentError {
    .invalidParameter(environment: spec.id, message: message)
  }
}
