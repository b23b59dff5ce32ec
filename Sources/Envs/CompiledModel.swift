import CMuJoCo
import Workers

/// A compiled model, and where an environment's state keeps what of it.
final class CompiledModel: Sendable {
  private let memory: ModelMemory
  var pointer: OpaquePointer { memory.pointer }
  let sizes: MuJoCoSizes
  /// What the environment reads beside positions and velocities.
  let quantities: [ModelQuantity]
  let layout: PhysicsLayout
  let readsContactForces: Bool

  /// Compiles an environment's own model.
  convenience init(of environment: any Environment) throws(EnvironmentError) {
    let file = "model of \(environment.spec.id)"
    try self.init(Self.own(of: environment, file), of: environment, file: file)
  }

  /// Compiles the file at `path` in place of an environment's own model.
  ///
  /// - Parameter cancellation: Where it asks for the end, compiling fails.
  convenience init(
    path: String, for environment: any Environment, cancellation: Cancellation
  ) throws(EnvironmentError) {
    if let robot = environment as? Robot {
      throw .invalidRobot(
        file: robot.file, message: "names its own model: leave --model \(path) out")
    }
    try self.init(
      ModelMemory(path: path, cancellation: cancellation), of: environment, file: path)
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

  private static func own(
    of environment: any Environment, _ file: String
  ) throws(EnvironmentError) -> ModelMemory {
    // It has compiled it to be read.
    if let robot = environment as? Robot { return robot.memory }
    let model = environment.model.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        characters.baseAddress.flatMap { mujoco_load($0, characters.count) }
      }
    }
    guard let model else { throw .invalidModel(file: file, message: MuJoCo.lastError) }
    return ModelMemory(model)
  }

  private init(
    _ memory: ModelMemory, of environment: any Environment, file: String
  ) throws(EnvironmentError) {
    self.memory = memory
    let model = memory.pointer
    let sizes = mujoco_sizes(model)
    self.sizes = sizes
    let spec = environment.spec
    quantities = spec.quantities
    readsContactForces = quantities.contains(.contactForces)
    layout = PhysicsLayout(
      nq: Int(sizes.nq), nv: Int(sizes.nv), na: Int(sizes.na),
      computedCount: quantities.reduce(0) { $0 + $1.count(in: model) })
    for quantity in quantities {
      guard let name = quantity.nameMissing(in: model) else { continue }
      throw .invalidModel(file: file, message: "\(spec.id) reads the \(name), which is not there")
    }
  }
}

extension MuJoCoSizes {
  fileprivate var described: String { "nq \(nq), nv \(nv), nu \(nu)" }
}
