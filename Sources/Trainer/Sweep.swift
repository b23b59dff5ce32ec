import Foundation
import Records
import Settings

/// Combinations of values of some settings, all that there are or some drawn at random, each with every seed.
package struct Sweep: Codable, Sendable {
  /// How combinations are drawn.
  package struct Draw: Codable, Hashable, Sendable {
    package var count: Int
    package var seed: Int

    package init(count: Int, seed: Int) { (self.count, self.seed) = (count, seed) }
  }

  /// One run of the sweep.
  package struct Point: Hashable, Sendable {
    /// Its folder in the sweep's: `sigma=0.1,K=100/seed-23`.
    package var place: String
    /// Which of the combinations it has.
    package var combination: Int
    /// What its run is told besides the experiment.
    package var settings: RunSettings
  }

  private static let name = "sweep.json"

  /// A preset's name or a file.
  package var experiment: String
  /// What all runs are told.
  package var settings: RunSettings
  package var axes: [SweepAxis]
  /// The values of the axes in each combination.
  package var combinations: [[String]]
  /// None for that of the experiment.
  package var seeds: [String]
  /// Nil where every combination runs.
  package var draw: Draw?
  /// Whether the worse half of the combinations is given up again and again.
  package var isHalving: Bool

  /// - Parameter given: Flags; of those that are lists or ranges each is an axis.
  /// - Throws: `SettingsError` where none is.
  package init(
    _ experiment: String, given: RunSettings, seeds: [String], draw: Draw? = nil,
    isHalving: Bool = false
  ) throws {
    (self.experiment, self.seeds) = (experiment, seeds)
    (self.draw, self.isHalving) = (draw, isHalving)
    settings = RunSettings()
    axes = []
    for declaration in RunSettings.declarations {
      guard let text = given[declaration.name] else { continue }
      let axis = try SweepAxis(declaration, text)
      let hasRange = try axis.values.contains { try SweepRange($0, of: declaration) != nil }
      if hasRange, draw == nil || axis.values.count > 1 {
        throw SettingsError(
          "--\(declaration.name) is '\(text)': "
            + (draw == nil ? "a range needs --random, a number of runs" : "give a range or a list"))
      }
      if hasRange || axis.values.count > 1 {
        if declaration.role == .subject || declaration.role == .runName {
          throw SettingsError(
            "--\(declaration.name) is '\(text)': runs of several tasks cannot be compared, give one"
          )
        }
        axes.append(axis)
      } else {
        settings[declaration.name] = text
      }
    }
    if !seeds.isEmpty, axes.contains(where: { $0.name == "remaining-seed" }) {
      throw SettingsError("--remaining-seed and --seed-list exclude each other: give one of them")
    }
    guard !axes.isEmpty || !seeds.isEmpty && draw == nil && !isHalving else {
      throw SettingsError("no flag has several values: give one a list, --sigma 0.03,0.1,0.3")
    }
    if let draw {
      combinations = try axes.drawn(draw.count, seed: UInt32(clamping: draw.seed))
    } else {
      combinations = axes.grid
    }
  }

  /// All runs: the last axis changes first, and seeds before it.
  package var points: [Point] {
    combinations.enumerated().flatMap { index, values in
      var settings = settings
      for (axis, value) in zip(axes, values) { settings[axis.name] = value }
      let name = zip(axes, values).map { "\($0.name)=\(Self.fileName($1))" }.joined(separator: ",")
      if seeds.isEmpty { return [Point(place: name, combination: index, settings: settings)] }
      return seeds.map { seed in
        settings["remaining-seed"] = seed
        let place = name.isEmpty ? "seed-\(seed)" : "\(name)/seed-\(seed)"
        return Point(place: place, combination: index, settings: settings)
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
      // A file's name has at most 255 bytes, and a log's has the whole place in it.
      guard point.place.utf8.count <= 255 else {
        throw SettingsError(
          "the values of the sweep are too long for a folder's name: \(point.place.prefix(80))…")
      }
      _ = try TrainingPlan(preset.settings(under: point.settings))
    }
    _ = try rungs()
  }

  /// The sweep in the folder `path`.
  package init(in path: String) throws {
    let file = "\(path)/\(Self.name)"
    guard let data = FileManager.default.contents(atPath: file) else {
      throw RecordError(.noInput, path, "holds no sweep: `nres sweep … --run-dir` makes one")
    }
    let read = try? JSONDecoder().decode(Sweep.self, from: data)
    guard let read, read.isWhole else {
      throw RecordError(.dataError, file, "is not what `nres sweep` writes")
    }
    self = read
  }

  /// Whether there are combinations, each with a value for each axis, and axes are settings.
  private var isWhole: Bool {
    !combinations.isEmpty && combinations.allSatisfy { $0.count == axes.count }
      && axes.allSatisfy { $0.declaration != nil }
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
    // A folder may be called as the preset is: its own may.
    if Preset.isFile(experiment) {
      sweep.experiment = URL(filePath: experiment).path
    }
    try writeAtomically(json(sweep) + Data("\n".utf8), to: "\(path)/\(Self.name)")
  }
}
