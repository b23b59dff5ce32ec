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
    var read: [LaneQuantity] = []
    for quantity in quantities {
      guard let covered = LaneQuantity(quantity, of: model) else {
        self = .uncovered(reason: "the environment reads \(quantity.described)")
        return
      }
      read.append(covered)
    }
    do throws(UncoveredFeature) {
      self = .covered(try RecordedLanes.shared(for: model, text: text, read))
    } catch {
      self = .uncovered(reason: "the model has \(error)")
    }
  }
}

/// A model's program, which is recorded when it is first asked for.
final class RecordedLanes: Sendable {
  private let model: TreeModel
  private let quantities: [LaneQuantity]
  private let recorded = Mutex<LaneProgram?>(nil)
  private let exceptions = Atomic<Int>(0)

  private init(_ model: TreeModel, _ quantities: [LaneQuantity]) {
    self.model = model
    self.quantities = quantities
  }

  private struct Key: Hashable {
    var text: [UInt8]
    var quantities: [LaneQuantity]
  }

  private static let all = Mutex<[Key: RecordedLanes]>([:])

  /// The lanes of a compiled model, those that there are for the same text and quantities.
  static func shared(
    for model: OpaquePointer, text: [UInt8]?, _ quantities: [LaneQuantity]
  ) throws(UncoveredFeature) -> RecordedLanes {
    let key = text.map { Key(text: $0, quantities: quantities) }
    if let key, let lanes = all.withLock({ $0[key] }) { return lanes }
    let lanes = RecordedLanes(try TreeModel(ModelFields(pointer: model)), quantities)
    if let key { all.withLock { $0[key] = lanes } }
    return lanes
  }

  var program: LaneProgram {
    recorded.withLock { recorded in
      if let recorded { return recorded }
      let program = LaneProgram(model, quantities: quantities)
      recorded = program
      return program
    }
  }

  /// How many steps MuJoCo has taken for a lane, on all threads.
  var exceptionCount: Int { exceptions.load(ordering: .relaxed) }

  func countException() { exceptions.add(1, ordering: .relaxed) }
}

extension ModelQuantity {
  /// What it is in words.
  var described: String {
    switch self {
    case .bodyPosition(let name): "the place of body '\(name)'"
    case .sitePosition(let name): "the place of site '\(name)'"
    case .massCentre: "the mass centre"
    case .bodyInertias: "the bodies' inertias"
    case .bodyVelocities: "the bodies' velocities"
    case .actuatorForces: "the actuators' forces"
    case .constraintForces: "the constraints' forces"
    case .contactForces: "the contacts' forces"
    case .sensor(let name): "sensor '\(name)'"
    }
  }
}

extension LaneQuantity {
  /// Nil for what lanes do not compute.
  fileprivate init?(_ quantity: ModelQuantity, of model: OpaquePointer) {
    switch quantity {
    case .bodyPosition(let name): self = .bodyPosition(Int(mujoco_index(model, .body, name)))
    case .sitePosition(let name): self = .sitePosition(Int(mujoco_index(model, .site, name)))
    case .constraintForces: self = .constraintForces
    default: return nil
    }
  }
}
