import Glibc
package import Snapshots

/// A run's checkpoints: the last one and the one before it, a snapshot each with a text beside it.
package struct CheckpointFiles: Sendable {
  /// The last one's name.
  package static let name = "checkpoint.safetensors"
  /// The name of the one before.
  package static let previousName = "checkpoint-before.safetensors"
  private static let stateKey = "state"

  private let folder: String

  /// Those of the run in `folder`, be there any or not.
  package init(folder: String) { self.folder = folder }

  private var path: String { "\(folder)/\(Self.name)" }
  private var previousPath: String { "\(folder)/\(Self.previousName)" }

  /// Makes a checkpoint the last one, whole and on the disk; the last one until now is the one before.
  ///
  /// - Parameters:
  ///   - snapshot: The arrays.
  ///   - state: What is no array: JSON.
  /// - Throws: `RecordError`; then one of the two, or both, are as they were.
  package func write(_ snapshot: Snapshot, state: String) throws {
    try writeSnapshot(snapshot, metadata: [Self.stateKey: state], to: path) {
      () throws(RecordError) in
      guard rename(path, previousPath) == 0 || errno == ENOENT else {
        throw RecordError(.cannotCreate, previousPath, systemCause())
      }
    }
    OpenFile.synchronizeFolder(folder)
  }

  /// Whether there is any file of a checkpoint.
  package var exist: Bool {
    access(path, F_OK) == 0 || access(previousPath, F_OK) == 0
  }

  /// The last checkpoint that can be used.
  ///
  /// - Parameter use: Makes of it what is wanted, or throws where it cannot be used.
  /// - Returns: What it was made into, with what is wrong with a later one; nil where there is none.
  /// - Throws: What is wrong with the last one, where neither can be used.
  package func readLast<Value>(
    _ use: (_ snapshot: Snapshot, _ state: String) throws -> Value
  ) throws -> (value: Value, refused: (any Error)?)? {
    var refused: (any Error)?
    for path in [path, previousPath] where access(path, F_OK) == 0 {
      do {
        let (snapshot, metadata) = try readSnapshot(path)
        guard let state = metadata[Self.stateKey] else {
          throw RecordError(.dataError, path, "is no checkpoint: its metadata has no state")
        }
        return (try use(snapshot, state), refused)
      } catch {
        refused = refused ?? error
      }
    }
    if let refused { throw refused }
    return nil
  }
}

/// Removes what processes that were killed have left unfinished in `folder`, which this one holds.
package func removePartialFiles(in folder: String) {
  guard let stream = opendir(folder) else { return }
  defer { closedir(stream) }
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name.hasPrefix(partialPrefix) { unlink("\(folder)/\(name)") }
  }
}
