import Foundation
import Presets
import Records
import Settings
import Yams

/// A named set of settings: one of the paper's experiments, or a user's own YAML file.
package struct Preset: Sendable {
  package let name: String
  package let settings: RunSettings
  /// Where it was read from, as it was named.
  let source: String
  /// What the run read whose settings these are; nothing of others.
  let inputs: [String: RunInput]
  /// The run whose `config.json` it is.
  private let run: RunFolder?

  /// Presets inside the program, in the order of listings.
  package static let all = EmbeddedPresets.listed

  /// The preset called `name`, or the file at that path if it ends in `.yaml`, `.yml` or `.json`.
  ///
  /// A run's `config.json` is such a file: it repeats the run.
  package init(named name: String) throws {
    source = name
    if let preset = Preset.all.first(where: { $0.name == name.lowercased() }) {
      self.name = preset.name
      settings = try Preset.parse(String(decoding: preset.content, as: UTF8.self), from: name)
      inputs = [:]
      run = nil
      return
    }
    guard Self.isFile(name) else {
      throw UnknownName(kind: "preset", name: name, choices: Preset.all.map { $0.name })
    }
    guard let data = FileManager.default.contents(atPath: name) else {
      throw RecordError(.noInput, name, "cannot be read: give a preset's name or a YAML file")
    }
    let file = URL(filePath: name)
    let stem = file.deletingPathExtension().lastPathComponent
    self.name = stem == "config" ? file.deletingLastPathComponent().lastPathComponent : stem
    settings = try Preset.parse(String(decoding: data, as: UTF8.self), from: name)
    // Also of a copy that lies elsewhere, under another name.
    inputs = (try? JSONDecoder().decode(RunFolder.Configuration.self, from: data))?.inputs ?? [:]
    let isRun = file.lastPathComponent == RunFolder.configurationName
    run = isRun ? RunFolder.containing(file.deletingLastPathComponent().path) : nil
  }

  /// Whether a preset inside the program is called so. A file or folder of that name does not hide it:
  /// `./name` means that one.
  package static func isPreset(_ name: String) -> Bool {
    all.contains { $0.name == name.lowercased() }
  }

  /// Whether `name` is that of a settings file.
  static func isFile(_ name: String) -> Bool {
    [".yaml", ".yml", ".json"].contains { name.lowercased().hasSuffix($0) }
  }

  /// The settings under `changes`; a run has its own copies of what it read.
  package func settings(under changes: RunSettings) throws -> RunSettings {
    let settings = changes.over(settings)
    return try run?.repeating(settings, but: changes) ?? settings
  }

  private static func parse(_ text: String, from source: String) throws -> RunSettings {
    func invalid(_ cause: String) -> RecordError { RecordError(.dataError, source, cause) }
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      throw invalid(
        "is not YAML: " + "\(error)".split(separator: "\n").prefix(2).joined(separator: " "))
    }
    // Nodes, not values: a value whose keys are not text ends the program inside the library.
    // Those of a run's `config.json` are one of its entries.
    let nested = node?.mapping?["settings"]?.mapping
    guard let mapping = nested ?? node?.mapping, mapping.keys.allSatisfy({ $0.string != nil })
    else {
      throw invalid("must be a mapping of settings, such as `sigma: 0.3`")
    }
    var settings = RunSettings()
    for (key, value) in mapping.compactMap({ key, value in key.string.map { ($0, value) } }) {
      guard RunSettings.names.contains(key) else {
        throw invalid(
          UnknownName(kind: "setting", name: key, choices: RunSettings.names).description)
      }
      if value.null != nil { continue }
      let kind = RunSettings.kind(of: key)
      guard let text = settingText(of: value, kind) else {
        let what = value.sequence == nil ? "a mapping" : "a list"
        throw invalid("\(key) is \(what): it must be \(kind.description)")
      }
      guard kind.accepts(text) else {
        throw invalid("\(key) is \(quoted(text)): it must be \(kind.description)")
      }
      settings[key] = text
    }
    return settings
  }

  /// A scalar's text; of named values also a list's.
  private static func settingText(of value: Node, _ kind: SettingKind) -> String? {
    guard kind == .namedValues, let list = value.sequence else { return value.scalar?.string }
    let texts = list.compactMap { $0.scalar?.string }
    return texts.count == list.count ? NamedValues.joined(texts) : nil
  }
}
