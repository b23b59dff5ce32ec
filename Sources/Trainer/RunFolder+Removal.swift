import Foundation
import Records

/// A run that nobody works on, held by this process so that nobody begins to.
package struct HeldRun {
  package let path: String
  private let lock: FolderLock

  /// Takes the run in the folder `path`.
  ///
  /// - Throws: `RecordError` where it is no run's folder or the run may be alive.
  package init(_ path: String) throws {
    let path = withoutFinalSlashes(path)
    self.path = path
    var status = stat()
    guard lstat(path, &status) == 0 else {
      throw RecordError(.noInput, path, "no such run: `nres runs` lists them")
    }
    guard status.st_mode & S_IFMT != S_IFLNK, path != ".", !path.hasSuffix("/."),
      path != "..", !path.hasSuffix("/..")
    else { throw RecordError(.cannotCreate, path, "is another name of a folder: give its own") }
    guard RunFolder.containing(path) != nil else {
      throw RecordError(.noInput, path, "is no run's folder: it has no config.json")
    }
    _ = try RunFolder.unchecked(path).configuration()
    let running = RecordError(
      .cannotCreate, path, "the run is still going on: stop it first, with Ctrl-C or SIGTERM")
    guard !RunSummary(path: path).state.mayBeAlive, let lock = try FolderLock.take(path) else {
      throw running
    }
    self.lock = lock
  }

  /// Lets go of the run, and leaves it as it was.
  package func giveBack() { lock.giveBack() }

  /// Throws where the folder has something that no run makes.
  package func checkIsOnlyRun() throws {
    if let name = try RunFolder.unchecked(path).foreignName() {
      throw RecordError(
        .cannotCreate, "\(path)/\(name)",
        "is no file that runs make: move it elsewhere, or remove the folder by other means")
    }
  }

  /// Removes the run, its `config.json` last: what is left by a kill can be removed again.
  package func remove() throws {
    try checkIsOnlyRun()
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
    let last = [RunFolder.configurationName, FolderLock.name]
    for name in names where !last.contains(name) {
      try FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
    unlink("\(path)/\(RunFolder.configurationName)")
    lock.end()
    guard rmdir(path) == 0 else { throw failure(path) }
    RunFamily.removeIfEmpty(around: path)
  }

  /// Gives the folder another path: `target`, or its own name in the folder `target`.
  ///
  /// - Returns: The new path.
  package func move(to target: String) throws -> String {
    var status = stat()
    var target = withoutFinalSlashes(target)
    if stat(target, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
      RunFolder.containing(target) == nil
    {
      target = (target == "/" ? "" : target) + "/" + (path.split(separator: "/").last ?? "run")
    }
    guard lstat(target, &status) != 0 else {
      throw RecordError(.cannotCreate, target, "is there already: choose another name")
    }
    guard rename(path, target) == 0 else {
      throw errno == EXDEV
        ? RecordError(
          .cannotCreate, target,
          "is on another file system: copy the folder, then remove the run here")
        : failure(target)
    }
    lock.end(movedTo: target)
    return target
  }

  private func failure(_ path: String) -> RecordError {
    RecordError(.cannotCreate, path, String(cString: strerror(errno)).lowercased())
  }
}

extension RunFolder {
  /// The first of the folder's names that no run makes; nil where there is none.
  fileprivate func foreignName() throws -> String? {
    let own = [
      Self.configurationName, Self.thetaName, Self.scalarsName, RunStatus.name, FolderLock.name,
      CheckpointFiles.name, CheckpointFiles.previousName,
    ]
    let models = Set(inputs.values.flatMap { $0.files ?? [] })
    let folders = Set(
      models.flatMap { file in
        let parts = file.split(separator: "/").dropLast()
        return parts.indices.map { parts[...$0].joined(separator: "/") }
      })
    let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
    return names.first { name in
      var status = stat()
      guard lstat("\(path)/\(name)", &status) == 0 else { return false }
      if status.st_mode & S_IFMT == S_IFDIR { return !folders.contains(name) }
      return !own.contains(name) && !models.contains(name)
        && (name.contains("/")
          || !["events.out.tfevents.", partialPrefix].contains { name.hasPrefix($0) })
    }
  }
}
