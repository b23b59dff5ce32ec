import Foundation
import Records

extension RunFolder {
  /// Makes a folder for a new run, or takes an empty one. Of all that want it one process gets it, and
  /// holds it until the run ends.
  ///
  /// - Throws: `RecordError` where there is a non-empty folder or anything else of that name; then
  ///   nothing new is left.
  package static func create(at path: String) throws -> RunFolder {
    var tries = 0
    while true {
      do {
        if let folder = try take(path) { return folder }
      } catch {
        tries += 1
        // Another process may have made a part of the way, and taken it back.
        var status = stat()
        guard tries < 100, stat(path, &status) != 0, errno == ENOENT else { throw error }
      }
    }
  }

  /// One try; nil where the folder has gone in the meantime.
  private static func take(_ path: String) throws -> RunFolder? {
    let made = try isEmptyFolder(at: path) ? [] : makeFolders(to: path)
    do {
      guard let lock = try FolderLock.take(path) else {
        throw RecordError(
          .cannotCreate, path, "another run is using the folder: choose another --run-dir")
      }
      do {
        // It may have been another run's until a moment ago.
        guard try isEmptyFolder(at: path) else { return nil }
      } catch {
        lock.giveBack()
        throw error
      }
      removePartialFiles(in: path)
      return RunFolder(path: path, lock: lock, made: made)
    } catch {
      for folder in made.reversed() { rmdir(folder) }
      throw error
    }
  }

  /// Makes the folders on the way to `path`, itself included, that do not exist.
  ///
  /// - Returns: Those that were made, the outermost first.
  private static func makeFolders(to path: String) throws -> [String] {
    var made: [String] = []
    let folders = missingFolders(to: path)
    for folder in folders {
      // Making it tells whose it is: another run may be making the same folder.
      if mkdir(folder, 0o777) == 0 {
        made.append(folder)
      } else if errno != EEXIST {
        let cause = String(cString: strerror(errno)).lowercased()
        for folder in made.reversed() { rmdir(folder) }
        throw RecordError(
          .cannotCreate, path,
          "cannot make the run folder (\(cause)): check the path and its permissions")
      }
    }
    return made
  }

  /// Makes the folder `<root>/<family>/<name>-<time>`, with a number where that one is taken.
  package static func create(
    family: String, name: String, in root: String = "runs"
  ) throws -> RunFolder {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    let base = "\(root)/\(family)/\(name)-\(formatter.string(from: Date()))"
    for number in 2...1000 {
      if let folder = try? create(at: number == 2 ? base : "\(base)-\(number - 1)") {
        return folder
      }
    }
    return try create(at: base)
  }

  /// Whether there is an empty folder at `path` for a new run; false if nothing is there yet.
  ///
  /// - Throws: `RecordError` where there is a non-empty folder or anything else of that name.
  @discardableResult
  package static func isEmptyFolder(at path: String) throws -> Bool {
    guard !path.isEmpty else {
      throw RecordError(.cannotCreate, "--run-dir", "is empty: name a folder")
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return false
    }
    guard isFolder.boolValue else {
      throw RecordError(
        .cannotCreate, path, "is a file, not a folder: choose another --run-dir")
    }
    let names = try? FileManager.default.contentsOfDirectory(atPath: path)
    // What a run leaves that was killed before it began is nothing to lose.
    func isLeft(_ name: String) -> Bool {
      name == FolderLock.name || name.hasPrefix(partialPrefix)
        || name == modelName && names?.contains(FolderLock.name) == true
    }
    guard names?.allSatisfy(isLeft) == true else {
      throw RecordError(
        .cannotCreate, path,
        names?.contains(configurationName) == true
          ? "there is a run already: `nres resume` goes on with it; for a new one choose another --run-dir"
          : "the run folder is not empty: choose another --run-dir or remove it")
    }
    return true
  }

  /// The folders on the way to `path`, itself included, that do not exist; the outermost first.
  private static func missingFolders(to path: String) -> [String] {
    let parts = path.split(separator: "/")
    let root = path.hasPrefix("/") ? "/" : ""
    return parts.indices.map { root + parts[...$0].joined(separator: "/") }
      .filter { !FileManager.default.fileExists(atPath: $0) }
  }
}
