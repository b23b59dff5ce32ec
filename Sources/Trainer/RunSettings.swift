import Envs
import Foundation
package import Settings

/// Settings of a run that are given, by their names.
///
/// The same names serve the command line (`--outer-iterations`), presets and `config.json`
/// (`outer-iterations`): a preset is a partial set of settings, flags are another laid over it, and
/// a run's configuration is the complete one.
package struct RunSettings: Hashable, Sendable {
  /// Each value as a text that its declaration accepts.
  package private(set) var texts: [String: String]

  package init(_ texts: [String: String] = [:]) { self.texts = texts }

  /// What `group` holds.
  package init(_ group: some SettingsGroup) { texts = group.texts }

  /// The text of the setting called `name`; nil where it is not given.
  package subscript(name: String) -> String? {
    get { texts[name] }
    set { texts[name] = newValue }
  }

  /// These settings, and where they say nothing, those of `base`: of named values, each name by itself.
  /// An estimator whose name decides K does not take that of another one, nor an environment another
  /// one's parameters.
  package func over(_ base: RunSettings) -> RunSettings {
    var base = base
    if EstimatorAlias(in: self)?.decidesPeriod == true { base["K"] = nil }
    if let environment = self["gym-env-name"], let other = base["gym-env-name"],
      EnvironmentCatalogue.id(of: environment) != EnvironmentCatalogue.id(of: other)
    {
      base["env-option"] = nil
    }
    var merged = base.texts.merging(texts) { $1 }
    for (name, text) in texts where Self.kind(of: name) == .namedValues {
      merged[name] = NamedValues.joined([base[name], text].compactMap { $0 })
    }
    return RunSettings(merged)
  }

  /// A concern's settings.
  package func group<Group: SettingsGroup>(
    _: Group.Type = Group.self
  ) throws(SettingsError) -> Group { try Group(reading: texts) }

  /// The same with absolute paths, so that a run can be repeated from any folder.
  var withAbsolutePaths: RunSettings {
    var settings = self
    for declaration in Self.declarations where declaration.isPath {
      settings[declaration.name] = self[declaration.name].map { URL(filePath: $0).path }
    }
    if let robotFile { settings["gym-env-name"] = URL(filePath: robotFile).path }
    return settings
  }

  /// What the numbers of a run that was begun depend on: neither where things are, nor what may be another
  /// at every start.
  var ofNumbers: RunSettings {
    let places = Self.declarations.filter { $0.isPath || $0.isOrigin }.map(\.name)
    let free = Set(places + Self.namesOfEnd + ["threads", "physics", "checkpoint-every"])
    var settings = RunSettings(texts.filter { !free.contains($0.key) })
    if let robotFile { settings["gym-env-name"] = URL(filePath: robotFile).lastPathComponent }
    return settings
  }

  /// The settings on which no number of a run depends, but which of them are written.
  static let numberless = [
    "threads", "physics", "checkpoint-every", "log-every", "theta-every", "reference-tags",
  ]

  /// The settings that tell runs apart which are compared: neither seeds, nor places, nor what no number
  /// depends on.
  static let compared = declarations.filter {
    !$0.isPath && !numberless.contains($0.name) && $0.name != "remaining-seed"
  }

  /// The settings that say where a run ends, which may be others when it goes on.
  static let namesOfEnd = ["outer-iterations"] + EarlyEnd.names

  /// The first setting that is another one in `other`, and how; nil where all are equal.
  func firstDifference(from other: RunSettings) -> String? {
    for name in Set(texts.keys).union(other.texts.keys).sorted() where self[name] != other[name] {
      return "--\(name) is \(self[name] ?? "not set"), and was \(other[name] ?? "not set")"
    }
    return nil
  }

  /// The same without what only θ₀ depends on.
  var withoutOrigin: RunSettings {
    let origin = Self.declarations.filter(\.isOrigin).map(\.name)
    return RunSettings(texts.filter { !origin.contains($0.key) })
  }

  /// What listings call the experiment: an environment, a dataset.
  package var subject: String? { runName ?? first(of: .subject) }

  /// What runs are named after, if it is not the application: an environment.
  package var runName: String? {
    robotFile.map { URL(filePath: $0).deletingPathExtension().lastPathComponent }
      ?? first(of: .runName)
  }

  /// The robot's file, where the environment is one.
  var robotFile: String? {
    self["gym-env-name"].flatMap { Robot.isFile($0) ? $0 : nil }
  }

  private func first(of role: SettingDeclaration.Role) -> String? {
    Self.declarations.lazy.filter { $0.role == role }.compactMap { self[$0.name] }.first
  }
}

extension RunSettings {
  /// The name of the setting that says which application it is.
  package static let application = "application"

  /// The settings of every concern with what help calls them: each application's, then those of all.
  package static let groups: [(title: String, group: any SettingsGroup.Type)] =
    ApplicationCatalogue.all.map { ("\($0.title) (\($0.family))", $0.ownGroup) } + common

  /// The settings that every application has.
  static let common: [(title: String, group: any SettingsGroup.Type)] = [
    ("Gradient estimator", EstimatorChoice.self), ("Training", LoopSettings.self),
    ("Evaluation", EvaluationSettings.self),
  ]

  /// Every setting there is.
  package static let declarations: [SettingDeclaration] =
    groups.flatMap { $0.group.declarations }

  /// The names of all settings, as presets and `config.json` spell them.
  package static let names = [application] + declarations.map(\.name)

  /// What holds for any application where neither a preset nor a flag says otherwise.
  package static var defaults: RunSettings {
    common.reduce(RunSettings([application: ControlApplication.family])) {
      $0.over(RunSettings($1.group.init()))
    }
  }

  /// The kind of the setting called `name`.
  static func kind(of name: String) -> SettingKind { kinds[name] ?? .text }

  private static let kinds = Dictionary(
    uniqueKeysWithValues: declarations.map { ($0.name, $0.kind) })
}

extension Application {
  package static var ownGroup: any SettingsGroup.Type { Settings.self }
}

/// One flat object; numbers are numbers of JSON.
extension RunSettings: Codable {
  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    self.init()
    for key in container.allKeys where Self.names.contains(key.stringValue) {
      guard try !container.decodeNil(forKey: key) else { continue }
      self[key.stringValue] =
        switch Self.kind(of: key.stringValue) {
        case .wholeNumber: try container.decode(Int.self, forKey: key).description
        case .number: try container.decode(Double.self, forKey: key).description
        case .truth: try container.decode(Bool.self, forKey: key).description
        // What is a text may have been a number when the file was written.
        case .text, .namedValues:
          try (try? container.decode(Int.self, forKey: key))?.description
            ?? container.decode(String.self, forKey: key)
        }
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for (name, text) in texts {
      let key = Name(stringValue: name)
      switch Self.kind(of: name) {
      case .wholeNumber: try container.encode(Int(text: text, of: name), forKey: key)
      case .number: try container.encode(Double(text: text, of: name), forKey: key)
      case .truth: try container.encode(Bool(text: text, of: name), forKey: key)
      case .text, .namedValues: try container.encode(text, forKey: key)
      }
    }
  }
}
