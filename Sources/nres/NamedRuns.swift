import Foundation
import Records
import Trainer

/// The runs that are named, and those in folders that are, each once.
///
/// - Throws: `RecordError` for a folder without a run, and for one that is not there.
func namedRuns(_ paths: [String]) throws -> [RunSummary] {
  var runs: [RunSummary] = []
  var seen: Set<String> = []
  for path in paths {
    let found =
      RunFolder.containing(path) == nil
      ? try RunFinder(in: path).found.map { RunSummary(path: $0.path) }
      : [try existingRun(path)]
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
