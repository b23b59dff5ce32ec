package import Foundation
import Glibc

/// Writes `data` to `path` so that a reader, a kill or a power cut meets the old content or the
/// new, never a part: the data goes to a temporary file in the same folder, to the disk, and then
/// takes the name. A link at `path` stays a link; its target is replaced.
///
/// - Throws: `RecordError` that says why the file cannot be made or written.
package func writeAtomically(_ data: Data, to path: String) throws(RecordError) {
  _ = try replaceAtomically(path) { (file) throws(RecordError) in
    try file.write(data.bytes)
    try file.synchronize()
  }
}

/// Writes `text` to `path` as UTF-8, as `writeAtomically(_:to:)` does with data.
package func writeAtomically(_ text: String, to path: String) throws(RecordError) {
  _ = try replaceAtomically(path) { (file) throws(RecordError) in
    try file.write(text.utf8.span.bytes)
    try file.synchronize()
  }
}

/// Writes `data` to `path` as `writeAtomically(_:to:)` does, without waiting for the disk: a power cut may
/// leave a part.
package func replaceFile(_ data: Data, at path: String) throws(RecordError) {
  _ = try replaceAtomically(path) { (file) throws(RecordError) in try file.write(data.bytes) }
}

/// Writes `data` over the file `path` with one write: where the disk is full, and has no room for a new
/// file, the blocks of the old one are still its own. A longer file ends in empty lines then.
package func overwriteFile(_ data: Data, at path: String) throws(RecordError) {
  let file = try OpenFile.updating(path)
  let rest = max(0, try file.size() - data.count)
  try file.write((data + Data(repeating: UInt8(ascii: "\n"), count: rest)).bytes, at: 0)
}

/// Makes a file that takes the name `path` once `fill` has given it content; when anything
/// fails, nothing is left behind and an older file at `path` stays as it was.
func replaceAtomically(
  _ path: String, fill: (OpenFile) throws(RecordError) -> Void
) throws(RecordError) -> OpenFile {
  let target = try replaceableFile(at: path)
  let (file, temporary) = try OpenFile.creating(as: path) { partialName(beside: target, $0) }
  do throws(RecordError) {
    try fill(file)
    guard rename(temporary, target) == 0 else {
      throw RecordError(.cannotCreate, path, systemCause())
    }
  } catch {
    unlink(temporary)
    throw error
  }
  return file
}

/// Makes a new file of `bytes` at `path`, whole or not at all.
///
/// - Throws: `RecordError`, also when anything is there already, be it since a moment ago.
func createAtomically(_ bytes: [UInt8], at path: String) throws(RecordError) {
  try checkIsFree(path)
  let (file, temporary) = try OpenFile.creating(as: path) { partialName(beside: path, $0) }
  defer { unlink(temporary) }
  try file.write(bytes.span.bytes)
  try file.synchronize()
  // A link, unlike a renamed file, takes no name that has been given in the meantime.
  if link(temporary, path) == 0 { return }
  if errno == EEXIST { try checkIsFree(path) }
  // Some file systems have no links.
  guard errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS, rename(temporary, path) == 0
  else {
    throw RecordError(.cannotCreate, path, systemCause())
  }
}

/// Throws if `path` is no name for a new file.
func checkIsFree(_ path: String) throws(RecordError) {
  guard !path.isEmpty, !path.hasSuffix("/") else {
    throw RecordError(.cannotCreate, path, "is not a file name")
  }
  var status = stat()
  guard lstat(path, &status) != 0 else {
    throw RecordError(
      .cannotCreate, path, "is there already: choose another name or remove it")
  }
}

/// The file that a write to `path` replaces: where links lead, for a link.
func replaceableFile(at path: String) throws(RecordError) -> String {
  guard !path.isEmpty, !path.hasSuffix("/") else {
    throw RecordError(.cannotCreate, path, "is not a file name")
  }
  var status = stat()
  guard stat(path, &status) == 0 else { return path }
  let type = status.st_mode & S_IFMT
  guard type == S_IFREG else {
    throw RecordError(
      .cannotCreate, path, type == S_IFDIR ? "is a folder" : "is not a regular file")
  }
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}
