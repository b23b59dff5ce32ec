/// Where everything is: positions and orientations, and the motions that joints allow.
struct Kinematics<Number: DynamicsNumber> {
  typealias Vector = Vector3<Number>

  struct Frame {
    var position: Vector
    var axes: Matrix3<Number>
  }

  /// Of each body, of its principal axes at its centre of mass, of each geom.
  private(set) var bodies: [Frame] = []
  private(set) var inertial: [Frame] = []
  private(set) var geoms: [Frame] = []
  private(set) var sites: [Vector] = []
  /// The motion of each dof and the inertia of each body, both about the centre of mass of their tree.
  private(set) var motions: [SpatialVector<Number>] = []
  private(set) var inertias: [SpatialInertia<Number>?] = []
  /// The centre of mass of each body with all that hangs on it.
  private(set) var centers: [Vector] = []
  /// The lengths of the quaternions among the positions, which are normalized before anything else; 0
  /// where MuJoCo takes one for an error. None is to be near 0.
  private(set) var lengths: [Number] = []

  private var orientations: [Quaternion<Number>] = []
  private var anchors: [Vector] = []
  private var axes: [Vector] = []

  init(_ model: TreeModel, positions: [Number]) {
    placeBodies(model, positions)
    placeGeoms(model)
    sites = model.sites.map {
      frame(of: $0.frame, in: $0.body, position: $0.position, orientation: [1, 0, 0, 0]).position
    }
    findCenters(model)
    for (index, body) in model.bodies.enumerated() {
      inertias.append(
        index == 0
          ? nil
          : SpatialInertia(
            mass: body.mass, principal: Vector(body.inertia), axes: inertial[index].axes,
            offset: inertial[index].position - centers[body.root]))
    }
    for (joint, values) in model.joints.enumerated() {
      let body = model.dofs[values.velocity].body
      let offset = centers[model.bodies[body].root] - anchors[joint]
      func rotation(_ axis: Vector) -> SpatialVector<Number> {
        SpatialVector(angular: axis, linear: axis.cross(offset))
      }
      func translation(_ axis: Vector) -> SpatialVector<Number> {
        SpatialVector(angular: .zero, linear: axis)
      }
      let columns = (0..<3).map(bodies[body].axes.column)
      switch values.kind {
      case .slide: motions.append(translation(axes[joint]))
      case .hinge: motions.append(rotation(axes[joint]))
      case .ball: motions += columns.map(rotation)
      case .free:
        motions += (0..<3).map(Matrix3.identity.column).map(translation) + columns.map(rotation)
      }
    }
  }

  /// From the root outwards: each body sits in its parent's frame, then its joints move it in turn.
  private mutating func placeBodies(_ model: TreeModel, _ positions: [Number]) {
    func given(_ place: Int) -> Quaternion<Number> {
      let orientation = Quaternion(of: positions, at: place)
      let length = orientation.length
      lengths.append(.select(length, lessThan: Number(largest), length, Number(0)))
      return orientation.normalized()
    }
    bodies = [Frame(position: .zero, axes: .identity)]
    orientations = [.identity]
    inertial = bodies
    for body in model.bodies.dropFirst() {
      let parent = bodies[body.parent]
      var position = parent.position + parent.axes * Vector(body.position)
      var orientation = orientations[body.parent] * Quaternion(body.orientation, at: 0)
      for joint in model.joints[body.joints] {
        let localAnchor = Vector(joint.anchor)
        let axis = orientation.rotate(Vector(joint.axis))
        let anchor = orientation.rotate(localAnchor) + position
        let displacement = positions[joint.position] - Number(joint.reference)
        func turn(by rotation: Quaternion<Number>) {
          orientation = orientation * rotation
          position = position + ((anchor - position) - orientation.rotate(localAnchor))
        }
        switch joint.kind {
        case .slide: position = position + axis * displacement
        case .hinge: turn(by: Quaternion(angle: displacement, axis: Vector(joint.axis)))
        case .ball: turn(by: given(joint.position))
        case .free:
          position = Vector(of: positions, at: joint.position)
          orientation = given(joint.position + 3)
        }
        anchors.append(joint.kind == .free ? position : anchor)
        axes.append(axis)
      }
      orientation = orientation.normalized()
      orientations.append(orientation)
      bodies.append(Frame(position: position, axes: orientation.matrix))
      inertial.append(
        frame(
          of: body.inertialFrame, in: bodies.count - 1, position: body.inertialPosition,
          orientation: body.inertialOrientation))
    }
  }

  private mutating func placeGeoms(_ model: TreeModel) {
    geoms = model.geoms.map {
      frame(of: $0.frame, in: $0.body, position: $0.position, orientation: $0.orientation)
    }
  }

  /// A frame that is fixed in a body's.
  private func frame(
    of shared: TreeModel.SharedFrame, in body: Int, position: [Double], orientation: [Double]
  ) -> Frame {
    switch shared {
    case .body: bodies[body]
    case .inertial: inertial[body]
    case .none:
      Frame(
        position: bodies[body].axes * Vector(position) + bodies[body].position,
        axes: (orientations[body] * Quaternion(orientation, at: 0)).matrix)
    }
  }

  /// From the leaves inwards.
  private mutating func findCenters(_ model: TreeModel) {
    centers = model.bodies.map { _ in .zero }
    var masses = model.bodies.map { _ in 0.0 }
    for (index, body) in model.bodies.enumerated().reversed() where index > 0 {
      centers[index] = centers[index] + inertial[index].position * Number(body.mass)
      masses[index] += body.mass
      centers[body.parent] = centers[body.parent] + centers[index]
      masses[body.parent] += masses[index]
      centers[index] =
        masses[index] < smallest
        ? inertial[index].position : centers[index] * Number(1 / masses[index])
    }
  }

  /// How a point of a body moves with each dof: ∂velocity/∂q̇, nil where it does not.
  func jacobian(_ model: TreeModel, of point: Vector, on body: Int) -> [Vector?] {
    var result = [Vector?](repeating: nil, count: model.dofs.count)
    guard let last = model.lastDof(moving: body) else { return result }
    let offset = point - centers[model.bodies[body].root]
    for dof in model.chain(from: last) {
      result[dof] = motions[dof].linear + motions[dof].angular.cross(offset)
    }
    return result
  }
}
