import CMuJoCo
import Glibc
import Workers

/// What MuJoCo compiled, read only from here on.
///
/// Unchecked because the pointer is to C memory: it is written while the model is compiled and
/// freed with the last reference; in between MuJoCo and this package only read it.
final class ModelMemory: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Takes a model over.
  init(_ pointer: OpaquePointer) { self.pointer = pointer }

  /// Compiles the file at `path`.
  ///
  /// - Parameter cancellation: Where it asks for the end, compiling fails.
  convenience init(path: String, cancellation: Cancellation = .never) throws(EnvironmentError) {
    guard isReadableFile(path) else { throw .missingModel(file: path) }
    let model = withUnsafePointer(to: cancellation) { context in
      mujoco_load_file(
        path,
        { context in
          let cancellation = context.assumingMemoryBound(to: Cancellation.self).pointee
          do { try cancellation.check() } catch { return true }
          return false
        }, context)
    }
    guard let model else { throw .invalidModel(file: path, message: MuJoCo.lastError) }
    self.init(model)
  }

  deinit { mujoco_free(pointer) }
}

/// Whether there is a file at `path`, not a folder or a pipe, that can be read.
func isReadableFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, R_OK) == 0
}
