import CMuJoCo
import Glibc
import Workers

/// MuJoCo's compiled model, read only from here on.
///
/// Unchecked because the pointer is to C memory: it is written while the model is compiled and
/// freed with the last reference; in between MuJoCo and this package only read it.
final class CompiledModel: @unchecked Sendable {
  let pointer: OpaquePointer
  let sizes: MuJoCoSizes
  /// What the environment reads beside positions and velocities.
  let quantities: [ModelQuantity]
  let layout: PhysicsLayout
  let readsContactForces: Bool

  /// Compiles an environment's own model.
  convenience init(of environment: any Environment) throws(EnvironmentError) {
    let text = environment.model
    let model = text.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        characters.baseAddress.flatMap { mujoco_load($0, characters.count) }
      }
    }
    try self.init(model, of: environment, file: "model of \(environment.spec.id)")
  }

  /// Compiles the file at `path` in place of an environment's own model.
  ///
  /// - Parameter cancellation: Where it asks for the end, compiling fails.
  convenience init(
    path: String, for environment: any Environment, cancellation: Cancellation
  ) throws(EnvironmentError) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      access(path, R_OK) == 0
    else { throw .missingModel(file: path) }
    let model = withUnsafePointer(to: cancellation) { context in
      mujoco_load_file(
        path,
        { context in
          let cancellation = context.assumingMemoryBound(to: Cancellation.self).pointee
          do { try cancellation.check() } catch { return true }
          return false
        }, context)
    }
    try self.init(model, of: environment, file: path)
    let own = try CompiledModel(of: environment)
    var (found, expected) = (sizes.described, own.sizes.described)
    if found == expected, layout.computedCount != own.layout.computedCount {
      (found, expected) = ("nbody \(sizes.nbody)", "nbody \(own.sizes.nbody)")
    }
    guard found == expected else {
      throw .mismatchedModel(
        file: path, environment: environment.spec.id, found: found, expected: expected)
    }
  }

  /// Takes a model over; nil where compiling it failed.
  private init(
    _ model: OpaquePointer?, of environment: any Environment, file: String
  ) throws(EnvironmentError) {
    guard let model else { throw .invalidModel(file: file, message: MuJoCo.lastError) }
    pointer = model
    let sizes = mujoco_sizes(model)
    self.sizes = sizes
    let spec = environment.spec
    quantities = spec.quantities
    readsContactForces = quantities.contains(.contactForces)
    layout = PhysicsLayout(
      nq: Int(sizes.nq), nv: Int(sizes.nv), na: Int(sizes.na),
      computedCount: quantities.reduce(0) { $0 + $1.count(in: sizes) })
    for quantity in quantities {
      guard let name = quantity.nameMissing(in: model) else { continue }
      throw .invalidModel(file: file, message: "\(spec.id) reads the \(name), which is not there")
    }
  }

  deinit { mujoco_free(pointer) }
}

extension MuJoCoSizes {
  fileprivate var described: String { "nq \(nq), nv \(nv), nu \(nu)" }
}
