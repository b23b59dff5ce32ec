import Foundation

/// Lets another writer make a file that appears at `path` only when it is whole.
///
/// - Parameters:
///   - path: Where it is to be; a file that is there is replaced.
///   - body: Writes to the path it is given, in the same folder. When it throws, what it wrote is
///     removed.
/// - Throws: what `body` throws, and `RecordError` when no file can be made at `path`.
package func makeFileAtomically(_ path: String, body: (_ temporary: String) throws -> Void) throws {
  let target = try replaceableFile(at: path)
  let (_, temporary) = try OpenFile.creating(as: path) { partialName(beside: target, $0) }
  try finishing(temporary, as: target, calledFor: path, body)
}

/// Lets another writer fill a folder that appears at `path` only when it is whole.
///
/// - Parameters:
///   - path: Where it is to be: nothing yet, or an empty folder.
///   - body: Writes into the folder it is given. When it throws, that folder is removed.
/// - Throws: what `body` throws, and `RecordError` when no folder can be made at `path`.
package func makeFolderAtomically(
  _ path: String, body: (_ temporary: String) throws -> Void
) throws {
  let target = try replaceableFolder(at: path)
  var number = 0
  while mkdir(partialName(beside: target, number), 0o777) != 0 {
    guard errno == EEXIST else { throw RecordError(.cannotCreate, path, systemCause()) }
    number += 1
  }
  try finishing(partialName(beside: target, number), as: target, calledFor: path, body)
}

/// The folder that a new one replaces: where links lead, for a link.
private func replaceableFolder(at path: String) throws -> String {
  var target = withoutFinalSlashes(path)
  let name = target.split(separator: "/").last
  guard let name, name != ".", name != ".." else {
    throw RecordError(.cannotCreate, path, "is no name for a new folder")
  }
  var status = stat()
  guard lstat(target, &status) == 0 else { return target }
  guard let resolved = realpath(target, nil) else {
    throw RecordError(.cannotCreate, path, "is a link that leads nowhere")
  }
  defer { free(resolved) }
  target = String(cString: resolved)
  guard let names = try? FileManager.default.contentsOfDirectory(atPath: target) else {
    throw RecordError(.cannotCreate, path, "is not a folder that can be read")
  }
  guard names.isEmpty else {
    throw RecordError(.cannotCreate, path, "the folder is not empty: choose another")
  }
  var parent = stat()
  guard stat(target, &status) == 0, stat(target + "/..", &parent) == 0,
    status.st_dev == parent.st_dev, status.st_ino != parent.st_ino
  else {
    throw RecordError(.cannotCreate, path, "is the root of a file system: name a folder in it")
  }
  return target
}

/// Writes a file in a folder that is not yet in its place; what was there is replaced.
package func writeFile(_ bytes: [UInt8], to path: String) throws(RecordError) {
  try OpenFile.replacing(path).write(bytes.span.bytes)
}

/// `path` without slashes at its end, but for the root of all.
package func withoutFinalSlashes(_ path: String) -> String {
  var path = path
  while path.count > 1, path.hasSuffix("/") { path.removeLast() }
  return path
}

private func finishing(
  _ temporary: String, as target: String, calledFor path: String, _ body: (String) throws -> Void
) throws {
  do {
    try body(temporary)
    guard rename(temporary, target) == 0 else {
      throw RecordError(.cannotCreate, path, systemCause())
    }
  } catch {
    try? FileManager.default.removeItem(atPath: temporary)
    // Nobody has heard of the temporary name.
    guard var error = error as? RecordError, error.path.hasPrefix(temporary) else { throw error }
    error.path = path + error.path.dropFirst(temporary.count)
    throw error
  }
}

/// A name for something unfinished in the folder of `target`.
func partialName(beside target: String, _ number: Int) -> String {
  let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "./"
  return "\(folder)\(partialPrefix)\(getpid())-\(number)"
}

/// What names of unfinished files begin with.
package let partialPrefix = ".partial-"
