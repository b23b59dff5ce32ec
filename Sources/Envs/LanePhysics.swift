import CMuJoCo
import Physics
import Synchronization

/// The lanes of a model, or why there are none.
enum LanePhysics: Sendable {
  case covered(RecordedLanes)
  case uncovered(reason: String)

  /// - Parameters:
  ///   - quantities: What the environment reads beside positions and velocities.
  ///   - text: The MJCF, where it is the environment's own: simulators of it share what is recorded.
  init(_ model: OpaquePointer, quantities: [ModelQuantity], text: [UInt8]?) {
    guard MuJoCo.version == "2.2.2" else {
      self = .uncovered(
        reason: "MuJoCo is version \(MuJoCo.version), lanes have the numbers of 2.2.2")
      return
    }
    #if !arch(x86_64)
      // Compilers for other processors fuse MuJoCo's products and sums.
      self = .uncovered(reason: "lanes have the numbers of x86-64")
      return
    #endif
    guard CLibrary.isReproduced else {
      self = .uncovered(reason: "the C library's sine has other bits than lanes")
      return
    }
    guard quantities.isEmpty else {
      self = .uncovered(reason: "the environment reads more than positions and velocities")
      return
    }
    do throws(UncoveredFeature) {
      self = .covered(try RecordedLanes.shared(for: model, text: text))
    } catch {
      self = .uncovered(reason: "the model has \(error)")
    }
  }
}

/// A model's program, which is recorded when it is first asked for.
final class RecordedLanes: Sendable {
  private let model: TreeModel
  private let recorded = Mutex<LaneProgram?>(nil)
  private let exceptions = Atomic<Int>(0)

  private init(_ model: TreeModel) { self.model = model }

  private static let all = Mutex<[[UInt8]: RecordedLanes]>([:])

  /// The lanes of a compiled model, those that there are for the same text.
  static func shared(
    for model: OpaquePointer, text: [UInt8]?
  ) throws(UncoveredFeature) -> RecordedLanes {
    if let text, let lanes = all.withLock({ $0[text] }) { return lanes }
    let lanes = RecordedLanes(try TreeModel(ModelFields(pointer: model)))
    if let text { all.withLock { $0[text] = lanes } }
    return lanes
  }

  var program: LaneProgram {
    recorded.withLock { recorded in
      if let recorded { return recorded }
      let program = LaneProgram(model)
      recorded = program
      return program
    }
  }

  /// How many steps MuJoCo has taken for a lane, on all threads.
  var exceptionCount: Int { exceptions.load(ordering: .relaxed) }

  func countException() { exceptions.add(1, ordering: .relaxed) }
}

/// A compiled model's arrays by name.
private struct ModelFields: CompiledFields {
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
