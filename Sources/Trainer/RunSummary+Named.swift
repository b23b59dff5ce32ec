import Foundation
import Records
import Settings

extension RunSummary {
  /// The runs at `paths` and in the folders there, each once, in the order in which they are named.
  ///
  /// - Throws: `RecordError` for a path that is none, or a folder that has no run.
  package static func named(_ paths: [String]) throws -> [RunSummary] {
    var runs: [RunSummary] = []
    var seen: Set<String> = []
    for path in paths {
      let found =
        try RunFolder.containing(path).map { [RunSummary(path: $0.path)] }
        ?? RunFinder(in: path).found.map { RunSummary(path: $0.path) }
      guard !found.isEmpty else {
        throw RecordError(.noInput, path, "there are no runs in it: `nres train` makes one")
      }
      for run in found
      where seen.insert(URL(filePath: run.folder.path).resolvingSymlinksInPath().path).inserted {
        runs.append(run)
      }
    }
    return runs
  }
}

extension [RunSummary] {
  /// What all of the runs are judged by.
  ///
  /// - Throws: `SettingsError` where they are of several tasks, `RecordError` where one is not understood.
  package func commonHeadline() throws -> Headline {
    for run in self {
      // Says what is wrong with it.
      _ = try run.folder.configuration()
      guard run.application?.family == self[0].application?.family, run.subject == self[0].subject
      else {
        throw SettingsError(
          "\(run.folder.path) is of \(run.subject ?? "?"), and \(self[0].folder.path) of "
            + "\(self[0].subject ?? "?"): runs of one task share an axis")
      }
    }
    guard let first, let headline = first.headline else {
      throw RecordError(
        .dataError, self.first?.folder.configurationPath ?? "",
        "names no application that is known")
    }
    return headline
  }
}
