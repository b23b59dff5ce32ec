import CMuJoCo
import Physics
import Testing

/// One environment simulated by MuJoCo, the oracle.
final class World {
  let model: OpaquePointer
  let scratch: UnsafeMutablePointer<MuJoCoScratch>
  let sizes: MuJoCoSizes

  init(_ xml: String) throws {
    let model = xml.withCString { mujoco_load($0, xml.utf8.count) }
    let message = String(cString: mujoco_last_error())
    self.model = try #require(model, "\(message)")
    scratch = try #require(mujoco_make_scratch(self.model))
    sizes = mujoco_sizes(self.model)
    mujoco_reset(scratch)
  }

  deinit {
    mujoco_free_scratch(scratch)
    mujoco_free(model)
  }

  var positions: [Double] {
    get { (0..<Int(sizes.nq)).map { scratch.pointee.qpos[$0] } }
    set { for (index, value) in newValue.enumerated() { scratch.pointee.qpos[index] = value } }
  }

  var velocities: [Double] {
    get { (0..<Int(sizes.nv)).map { scratch.pointee.qvel[$0] } }
    set { for (index, value) in newValue.enumerated() { scratch.pointee.qvel[index] = value } }
  }

  var warmStart: [Double] { (0..<Int(sizes.nv)).map { scratch.pointee.qacc_warmstart[$0] } }

  var constraintForces: [Double] {
    (0..<Int(sizes.nv)).map { scratch.pointee.qfrc_constraint[$0] }
  }

  var controls: [Double] {
    get { (0..<Int(sizes.nu)).map { scratch.pointee.ctrl[$0] } }
    set { for (index, value) in newValue.enumerated() { scratch.pointee.ctrl[index] = value } }
  }

  var state: PlainPhysics.State {
    PlainPhysics.State(positions: positions, velocities: velocities, warmStart: warmStart)
  }

  func reset() { mujoco_reset(scratch) }

  func step(_ count: Int = 1) { mujoco_step(scratch, Int32(count), false) }
}

extension World: CompiledFields {
  func values(_ name: String) -> [Double] {
    var field = MuJoCoField()
    guard mujoco_field(model, name, &field), let values = field.values, let type = field.type
    else { return [] }
    func read<Value>(_ type: Value.Type, _ number: (Value) -> Double) -> [Double] {
      UnsafeBufferPointer(start: values.assumingMemoryBound(to: type), count: field.count)
        .map(number)
    }
    switch String(cString: type) {
    case "mjtNum": return read(Double.self) { $0 }
    case "int": return read(Int32.self) { Double($0) }
    case "mjtByte": return read(UInt8.self) { Double($0) }
    default: return []
    }
  }
}
