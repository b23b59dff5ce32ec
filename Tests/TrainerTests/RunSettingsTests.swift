import Foundation
import Optimizers
import Settings
import Tasks
import TestSupport
import Testing
import Trainer

struct RunSettingsTests {
  @Test("what is given wins, what is not comes from below")
  func over() {
    let base = RunSettings(["sigma": "0.5", "num-particles": "3", "gym-env-name": "a"])
    let top = RunSettings(["sigma": "0.1", "K": "7"])
    let both = ["sigma": "0.1", "num-particles": "3", "gym-env-name": "a", "K": "7"]
    #expect(top.over(base).texts == both)
    #expect(RunSettings().over(base) == base && base.over(RunSettings()) == base)
  }

  @Test(
    "doubles come through files exactly",
    arguments: [
      0.1, 0.3, 3e-5, 0.004, 1.0 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1 + 0.2,
      123456.789e-30,
    ])
  func doubles(value: Double) throws {
    let data = try JSONEncoder().encode(RunSettings(["sigma": "\(value)"]))
    let read = try JSONDecoder().decode(RunSettings.self, from: data)
    #expect(read["sigma"] == value)
    let folder = try TemporaryFolder()
    let preset = try Preset(named: folder.file("x.json", data))
    #expect(preset.settings == read)
  }

  @Test("files have numbers, truths and texts")
  func encoding() throws {
    let settings = RunSettings([
      "sigma": "3e-1", "num-particles": "3", "loss-normalize": "false", "gym-env-name": "5",
    ])
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = #"{"gym-env-name":"5","loss-normalize":false,"num-particles":3,"sigma":0.3}"#
    #expect(try String(decoding: encoder.encode(settings), as: UTF8.self) == text)
    let read = try JSONDecoder().decode(RunSettings.self, from: Data(text.utf8))
    #expect(try encoder.encode(read) == Data(text.utf8))
  }

  @Test("a number of an old file that is a text is read as one")
  func texts() throws {
    let read = try JSONDecoder().decode(
      RunSettings.self, from: Data(#"{"rl-model-iteration": 12}"#.utf8))
    #expect(read.texts == ["rl-model-iteration": "12"])
  }

  /// Every group of settings there is.
  static let groups: [any SettingsGroup.Type] =
    RunSettings.groups.map(\.group)
    + LearnedOptimizerCatalogue.all.map { $0.ownGroup } + OptimizerCatalogue.all.map { $0.ownGroup }

  @Test("every property of a group is declared, once", arguments: groups.indices)
  func declared(index: Int) throws {
    func check<Group: SettingsGroup>(_: Group.Type) throws {
      let group = Group()
      let names = Group.declarations.map(\.name)
      #expect(Set(names).count == names.count)
      let properties = Mirror(reflecting: group).children.count
      #expect(Set(Group.settings.map { $0.path as PartialKeyPath<Group> }).count == properties)
      #expect(try Group(reading: group.texts).texts == group.texts)
    }
    try check(Self.groups[index])
  }

  @Test("a text of another kind is refused with the flag")
  func kinds() {
    for (name, text, cause) in [
      ("sigma", "much", "it must be a number"), ("K", "2.5", "it must be a whole number"),
      ("K", "0x10", "it must be a whole number"), ("sigma", "0x10", "it must be a number"),
      ("loss-normalize", "maybe", "it must be true or false"),
    ] {
      let error = #expect(throws: SettingsError.self) {
        try RunSettings([name: text]).group(EstimatorChoice.self)
      }
      #expect(error?.description == "--\(name) is '\(text)': \(cause)")
    }
  }

  @Test("names differ, and are those of the reference")
  func names() {
    #expect(Set(RunSettings.names).count == RunSettings.names.count)
    #expect(RunSettings.names.contains("K") && RunSettings.names.contains("gym-env-name"))
  }
}
