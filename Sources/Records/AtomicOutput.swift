import Foundation

/// Lets another writer make a file that appears at `path` only when it is whole.
///
/// - Parameters:
///   - path: Where it is to be; a file that is there is replaced.
///   - body: Writes to the path it is given, in the same folder. When it throws, what it wrote is
///     removed.
/// - Throws: what `body` throws, and `RecordError` when no file can be made at `path`.
public func makeFileAtomically(_ path: String, body: (_ temporary: String) throws -> Void) throws {
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
public func makeFolderAtomically(
  _ path: String, body: (_ temporary: String) throws -> Void
) throws {
  var target = path
  while target.hasSuffix("/"), target.count > 1 { target.removeLast() }
  guard !target.isEmpty else { throw RecordError(.cannotCreate, path, "is not a folder name") }
  if let names = try? FileManager.default.contentsOfDirectory(atPath: target) {
    guard names.isEmpty else {
      throw RecordError(.cannotCreate, path, "the folder is not empty: choose another")
    }
  } else if FileManager.default.fileExists(atPath: target) {
    throw RecordError(.cannotCreate, path, "is not a folder that can be read")
  }
  var number = 0
  while mkdir(partialName(beside: target, number), 0o777) != 0 {
    guard errno == EEXIST else { throw RecordError(.cannotCreate, path, systemCause()) }
    number += 1
  }
  try finishing(partialName(beside: target, number), as: target, calledFor: path, body)
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
    throw error
  }
}

/// A name for something unfinished in the folder of `target`.
func partialName(beside target: String, _ number: Int) -> String {
  let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "./"
  return "\(folder).partial-\(getpid())-\(number)"
}
