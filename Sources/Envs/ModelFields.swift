import CMuJoCo
import Physics

/// A compiled model's arrays by name.
struct ModelFields: CompiledFields {
  let pointer: OpaquePointer

  func values(_ name: String) -> [Double] {
    var field = MuJoCoField()
    guard mujoco_field(pointer, name, &field), let values = field.values, let type = field.type
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
