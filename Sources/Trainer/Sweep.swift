import Foundation
import Records
import Settings

/// A grid of settings: every combination of some values of some settings, each with every seed.
package struct Sweep: Codable, Sendable {
  /// A setting and its values, as they are written on the command line.
  package struct Axis: Codable, Hashable, Sendable {
    package var name: String
    package var values: [String]
  }

  /// One run of the grid.
  package struct Point: Hashable, Sendable {
    /// Its folder in the sweep's: `sigma=0.1,K=100/seed-23`.
    package var place: String
    /// The values of the axes, in their order.
    package var values: [String]
    /// What its run is told besides the experiment.
    package var settings: RunSettings
  }

  private static let name = "sweep.json"

  /// A preset's name or a file.
  package var experiment: String
  /// What all runs are told.
  package var settings: RunSettings
  package var axes: [Axis]
  /// None for that of the experiment.
  package var seeds: [String]

  /// - Parameter given: Flags; of those that are lists each is an axis.
  /// - Throws: `SettingsError` where none is.
  package init(_ experiment: String, given: RunSettings, seeds: [String]) throws {
    self.experiment = experiment
    self.seeds = seeds
    settings = RunSettings()
    axes = []
    for declaration in RunSettings.declarations {
      guard let text = given[declaration.name] else { continue }
      let values = try Self.values(of: text, for: declaration)
      if values.count > 1 {
        axes.append(Axis(name: declaration.name, values: values))
      } else {
        settings[declaration.name] = text
      }
    }
    guard !axes.isEmpty || !seeds.isEmpty else {
      throw SettingsError("no flag has several values: give one a list, --sigma 0.03,0.1,0.3")
    }
  }

  /// Settings whose value is a list already.
  private static let listsThemselves = ["lopt-hidden-dims", "lopt-hidden-channels"]

  /// The values of a list: between commas outside of parentheses; where a value may have commas itself,
  /// or where there are any, between semicolons.
  ///
  /// - Throws: `SettingsError` for an empty value or one that is there twice.
  static func values(
    of text: String, for declaration: SettingDeclaration
  ) throws(SettingsError) -> [String] {
    let hasCommas =
      declaration.kind == .namedValues || listsThemselves.contains(declaration.name)
    let separator: Character = hasCommas || text.contains(";") ? ";" : ","
    var values = [""]
    var depth = 0
    for character in text {
      depth += character == "(" ? 1 : character == ")" ? -1 : 0
      if character == separator, depth == 0 {
        values.append("")
      } else {
        values[values.count - 1].append(character)
      }
    }
    values = values.map { $0.trimmingCharacters(in: .whitespaces) }
    guard !values.contains(""), Set(values).count == values.count else {
      throw SettingsError(
        "--\(declaration.name) is '\(text)': give different values between "
          + (separator == "," ? "commas" : "semicolons"))
    }
    return values
  }

  /// All runs: the last axis changes first, and seeds before it.
  package var points: [Point] {
    var combinations: [[String]] = [[]]
    for axis in axes {
      combinations = combinations.flatMap { first in axis.values.map { first + [$0] } }
    }
    return combinations.flatMap { values in
      var settings = settings
      for (axis, value) in zip(axes, values) { settings[axis.name] = value }
      let name = zip(axes, values).map { "\($0.name)=\(Self.fileName($1))" }.joined(separator: ",")
      if seeds.isEmpty { return [Point(place: name, values: values, settings: settings)] }
      return seeds.map { seed in
        settings["remaining-seed"] = seed
        let place = name.isEmpty ? "seed-\(seed)" : "\(name)/seed-\(seed)"
        return Point(place: place, values: values, settings: settings)
      }
    }
  }

  /// A value as a part of a file's name.
  private static func fileName(_ value: String) -> String {
    String(value.map { $0.isLetter || $0.isNumber || "-+._".contains($0) ? $0 : "_" })
  }

  /// Throws what is wrong with any of the runs, and where two would have one folder.
  package func check() throws {
    let preset = try Preset(named: experiment)
    var places: Set<String> = []
    for point in points {
      guard places.insert(point.place).inserted else {
        throw SettingsError("two values of the sweep have the folder \(point.place): change one")
      }
      _ = try TrainingPlan(preset.settings(under: point.settings))
    }
  }

  /// The sweep in the folder `path`.
  package init(in path: String) throws {
    let file = "\(path)/\(Self.name)"
    guard let data = FileManager.default.contents(atPath: file) else {
      throw RecordError(.noInput, path, "holds no sweep: `nres sweep … --run-dir` makes one")
    }
    do {
      self = try JSONDecoder().decode(Sweep.self, from: data)
    } catch {
      throw RecordError(.dataError, file, "is not what `nres sweep` writes")
    }
  }

  /// Makes the folder and notes the sweep in it.
  ///
  /// - Throws: `RecordError` where the folder is not empty.
  package func write(in path: String) throws {
    try RunFolder.isEmptyFolder(at: path)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw RecordError(.cannotCreate, path, "cannot be made")
    }
    var sweep = self
    sweep.settings = settings.withAbsolutePaths
    if FileManager.default.fileExists(atPath: experiment) {
      sweep.experiment = URL(filePath: experiment).path
    }
    try writeAtomically(json(sweep) + Data("\n".utf8), to: "\(path)/\(Self.name)")
  }
}
