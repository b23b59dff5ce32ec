import Foundation
import Records

/// The folders of runs below a folder.
package struct RunFinder {
  /// A run's folder.
  package struct Found {
    package var path: String
    /// Its place below the folder that was searched.
    package var name: String
  }

  package private(set) var found: [Found] = []
  private var seen: Set<Place> = []

  /// A folder, whatever it is called: links may lead in circles.
  private struct Place: Hashable {
    var device: dev_t
    var number: ino_t
  }

  /// Searches `folder` with all below it, in the order of names.
  ///
  /// - Throws: `RecordError` where there is none.
  package init(in folder: String) throws {
    var status = stat()
    guard stat(folder, &status) == 0 else {
      throw RecordError(.noInput, folder, "no such folder: name one that holds runs")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw RecordError(.noInput, folder, "is a file: name a run's folder, or one that holds runs")
    }
    search(withoutFinalSlashes(folder), name: "")
  }

  private mutating func search(_ path: String, name: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
      seen.insert(Place(device: status.st_dev, number: status.st_ino)).inserted
    else { return }
    if FileManager.default.fileExists(atPath: "\(path)/\(RunFolder.configurationName)") {
      found.append(Found(path: path, name: name.isEmpty ? path : name))
    }
    for entry in ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() {
      search(
        path == "/" ? "/\(entry)" : "\(path)/\(entry)",
        name: name.isEmpty ? entry : "\(name)/\(entry)")
    }
  }
}

/// Bytes that `path` takes on the disk with all below it; links count for themselves.
package func diskBytes(_ path: String) -> Int {
  var status = stat()
  guard lstat(path, &status) == 0 else { return 0 }
  let own = Int(status.st_blocks) * 512
  guard status.st_mode & S_IFMT == S_IFDIR else { return own }
  let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  return names.reduce(own) { $0 + diskBytes("\(path)/\($1)") }
}
