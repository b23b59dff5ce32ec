import CMuJoCo
import Foundation

/// MuJoCo's compiled model, read only from here on.
///
/// Unchecked because the pointer is to C memory: it is written while the model is compiled and
/// freed with the last reference; in between MuJoCo and this package only read it.
final class CompiledModel: @unchecked Sendable {
  let pointer: OpaquePointer
  let sizes: MuJoCoSizes

  var layout: PhysicsLayout {
    PhysicsLayout(nq: Int(sizes.nq), nv: Int(sizes.nv), na: Int(sizes.na))
  }

  /// Compiles an environment's own model.
  init(of environment: any Environment.Type) throws(EnvironmentError) {
    let text = environment.model
    let model = text.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        characters.baseAddress.flatMap { mujoco_load($0, characters.count) }
      }
    }
    guard let model else {
      throw .invalidModel(
        file: "model of \(environment.spec.id)", message: MuJoCo.lastError)
    }
    pointer = model
    sizes = mujoco_sizes(model)
  }

  /// Compiles the file at `path` in place of an environment's own model.
  init(path: String, for environment: any Environment.Type) throws(EnvironmentError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      !isFolder.boolValue, FileManager.default.isReadableFile(atPath: path)
    else { throw .missingModel(file: path) }
    guard let model = mujoco_load_file(path) else {
      throw .invalidModel(file: path, message: MuJoCo.lastError)
    }
    pointer = model
    sizes = mujoco_sizes(model)
    let own = try CompiledModel(of: environment).sizes
    guard (sizes.nq, sizes.nv, sizes.nu) == (own.nq, own.nv, own.nu) else {
      throw .mismatchedModel(
        file: path, environment: environment.spec.id, found: "\(sizes.described)",
        expected: "\(own.described)")
    }
  }

  deinit { mujoco_free(pointer) }
}

extension MuJoCoSizes {
  fileprivate var described: String { "nq \(nq), nv \(nv), nu \(nu)" }
}
