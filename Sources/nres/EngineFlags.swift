import Envs
import Settings
import Trainer

/// What steps environments.
enum EngineSetting: SettingsDeclaring {
  static let declarations = RunSettings.declarations.filter { $0.name == "physics" }
}

/// The same where it is a saved run's.
enum SavedEngineSetting: SettingsDeclaring {
  static let declarations = EngineSetting.declarations.map {
    SettingDeclaration(
      name: $0.name, kind: $0.kind,
      help: $0.help.replacing("default: auto", with: "default: the run's, or auto"),
      valueName: $0.valueName, role: $0.role)
  }
}

extension Flags {
  /// The engine that was asked for; nil where none was.
  var engine: PhysicsEngine? {
    get throws {
      given["physics"] == nil ? nil : try given.group(ControlSettings.self).physics
    }
  }
}
