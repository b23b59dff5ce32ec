import ArgumentParser
import Settings
import Testing
import Trainer

@testable import nres

struct SettingsFlagsTests {
  /// Values of which every setting takes one that is not its default.
  private static let samples: [SettingKind: [String]] = [
    .wholeNumber: ["7"], .number: ["0.125"], .truth: ["true", "false"],
    .namedValues: ["a=1"],
    .text: ["3,4", "mlp", "normal", "reset", "gelu", "cnn", "stop", "mujoco", "90s"],
  ]

  /// What `nres train rl` with the given flags was told.
  private func given(_ flags: [String]) throws -> [String: String] {
    let command = try NRES.parseAsRoot(["train", "rl"] + flags)
    return try #require(command as? Train).flags.given.texts
  }

  @Test("every flag arrives in the struct that declares it", arguments: RunSettings.groups.indices)
  func arrives(index: Int) throws {
    func check<Group: SettingsGroup>(_: Group.Type) throws {
      let defaults = Group().texts
      for declaration in Group.declarations {
        let name = declaration.name
        let values = try #require(Self.samples[declaration.kind]).filter { value in
          guard value != defaults[name] else { return false }
          return (try? Group(reading: [name: value])) != nil
        }
        let value = try #require(values.first, "\(name)")
        let flags =
          switch declaration.kind {
          case .truth: [value == "true" ? "--\(name)" : "--no-\(name)"]
          default: ["--\(name)", value]
          }
        #expect(try given(flags) == [name: value])
        var expected = defaults
        expected[name] = value
        #expect(try Group(reading: given(flags)).texts == expected, "--\(name)")
      }
    }
    try check(RunSettings.groups[index].group)
  }

  @Test("flags of several groups arrive together, and what is not given does not")
  func together() throws {
    let flags = ["--K", "-3", "--lorenz-dt=0.5", "--no-use-val", "--threads", "2"]
    let texts = ["K": "-3", "lorenz-dt": "0.5", "use-val": "false", "threads": "2"]
    #expect(try given(flags) == texts)
    #expect(try given([]) == [:])
  }

  @Test("named values are given one by one or together, and the last of a name counts")
  func namedValues() throws {
    let flags = ["--env-option", "a=1", "--env-option=b=-2,inf; c=3", "--env-option", "a=4"]
    #expect(try given(flags) == ["env-option": "b=-2,inf; c=3; a=4"])
  }

  @Test("a flag's other name is the same flag")
  func alias() throws {
    for flag in ["--gym-env-name", "--environment"] {
      #expect(try given([flag, "Ant-v4"]) == ["gym-env-name": "Ant-v4"])
    }
  }
}
