import Foundation
import Records

/// Runs that differ in their seed alone, side by side in a folder: what `seeds.json` in it says.
package struct RunFamily: Codable, Sendable {
  private static let name = "seeds.json"

  /// What the runs are called.
  package var name: String
  /// The settings of each, but for the seed.
  package var settings: RunSettings
  /// In the order in which they run.
  package var seeds: [Int]
  /// Those whose run has begun; nil in what older programs wrote.
  private var begun: [Int]?

  /// Runs of a name with settings, one for each seed.
  package init(name: String, settings: RunSettings, seeds: [Int]) {
    (self.name, self.settings, self.seeds) = (name, settings, seeds)
  }

  /// The family in the folder `path`; nil where there is none.
  package static func containing(_ path: String) throws -> RunFamily? {
    let file = "\(path)/\(name)"
    guard let data = FileManager.default.contents(atPath: file) else { return nil }
    do {
      return try JSONDecoder().decode(RunFamily.self, from: data)
    } catch {
      throw RecordError(.dataError, file, "is not what `nres train --seed-list` writes")
    }
  }

  /// Notes that a seed's run has begun, so that it is missed where it is no longer there.
  ///
  /// What cannot be written is left: the runs go on without.
  package static func noteBegun(_ seed: Int, in folder: String) {
    guard var family = try? containing(folder), family.begun?.contains(seed) != true else { return }
    family.begun = (family.begun ?? []) + [seed]
    _ = try? family.write(in: folder)
  }

  /// The first seed whose run has begun and is no longer in `folder`; nil where none is.
  package func missing(in folder: String) -> Int? {
    let there = seeds.filter { RunFolder.containing(Self.path(of: $0, in: folder)) != nil }
    // They begin one after the other.
    let before = there.last.flatMap { seeds.firstIndex(of: $0) }.map { seeds[..<$0] } ?? []
    return seeds.first { seed in
      !there.contains(seed) && (begun?.contains(seed) == true || before.contains(seed))
    }
  }

  /// The folder of a seed's run.
  package static func path(of seed: Int, in folder: String) -> String { "\(folder)/seed-\(seed)" }

  /// The settings of a seed's run.
  package func settings(of seed: Int) -> RunSettings {
    var settings = settings
    settings["remaining-seed"] = "\(seed)"
    return settings
  }

  /// Writes `seeds.json`.
  ///
  /// - Returns: Whether there was none.
  @discardableResult
  package func write(in folder: String) throws -> Bool {
    var family = self
    family.settings = settings.withAbsolutePaths
    let isNew = !FileManager.default.fileExists(atPath: "\(folder)/\(Self.name)")
    try writeAtomically(json(family) + Data("\n".utf8), to: "\(folder)/\(Self.name)")
    return isNew
  }

  /// Takes back what was written of a family whose first run could not begin.
  package static func remove(in folder: String) { unlink("\(folder)/\(name)") }

  /// Removes what is left of a family, and its folder if nothing else is in it, after its last run, which
  /// was at `path`, is gone.
  static func removeIfEmpty(around path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
    guard let family = try? containing(folder),
      family.seeds.contains(where: { self.path(of: $0, in: "") == "/\(parts.last ?? "")" }),
      !family.seeds.contains(where: {
        FileManager.default.fileExists(atPath: self.path(of: $0, in: folder))
      })
    else { return }
    unlink("\(folder)/\(name)")
    rmdir(folder)
  }
}
