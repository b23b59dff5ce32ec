import CMuJoCo

/// What a compiled model has by name, and where its numbers stand.
struct RobotModel {
  struct Joint {
    /// As MJCF numbers them.
    enum Kind: Int { case free, ball, slide, hinge }

    var name: String
    var kind: Kind
    var positions, velocities: Range<Int>
  }

  let joints: [Joint]
  let bodies, sites, sensors, keyframes: [String]
  let positionCount, velocityCount, controlCount: Int
  /// Seconds of one simulation step.
  let timestep: Double
  private let model: OpaquePointer
  private let fields: ModelFields

  /// Reads a model, which has to outlive this.
  init(_ model: OpaquePointer) {
    func names(_ kind: MuJoCoKind) -> [String] {
      (0..<Int(mujoco_count(model, kind))).map {
        String(cString: mujoco_name(model, kind, Int32($0)))
      }
    }
    self.model = model
    fields = ModelFields(pointer: model)
    let sizes = mujoco_sizes(model)
    (positionCount, velocityCount) = (Int(sizes.nq), Int(sizes.nv))
    (controlCount, timestep) = (Int(sizes.nu), sizes.timestep)
    (bodies, sites) = (names(.body), names(.site))
    (sensors, keyframes) = (names(.sensor), names(.keyframe))
    let kinds = fields.values("jnt_type").map { Joint.Kind(rawValue: Int($0)) ?? .hinge }
    let (positions, velocities) = (fields.values("jnt_qposadr"), fields.values("jnt_dofadr"))
    joints = names(.joint).enumerated().map { index, name in
      let (q, v) = (Int(positions[index]), Int(velocities[index]))
      let (nq, nv) =
        switch kinds[index] {
        case .free: (7, 6)
        case .ball: (4, 3)
        case .slide, .hinge: (1, 1)
        }
      return Joint(name: name, kind: kinds[index], positions: q..<q + nq, velocities: v..<v + nv)
    }
  }

  /// How many numbers a quantity has.
  func count(of quantity: ModelQuantity) -> Int { quantity.count(in: model) }

  /// The positions and velocities of a keyframe.
  func keyframe(_ index: Int) -> (positions: [Double], velocities: [Double]) {
    func row(_ name: String, _ count: Int) -> [Double] {
      Array(fields.values(name).dropFirst(index * count).prefix(count))
    }
    return (row("key_qpos", positionCount), row("key_qvel", velocityCount))
  }
}
