/// Two geoms, or one end of a capsule and a plane, that may touch.
///
/// MuJoCo's contacts come in a fixed order of candidates; which of them exist is decided anew at
/// every evaluation.
struct ContactCandidate: Sendable {
  enum Shape: Sendable {
    /// A plane and a sphere, or a plane and the end of a capsule at the side of `end` of its axis.
    case planeSphere
    case planeCapsule(end: Double)
    case sphereSphere, sphereCapsule
    /// Two capsules that are not parallel, and the contacts of two that are.
    case capsuleCapsule
    case parallelCapsules(ParallelTouch)
  }

  var shape: Shape
  /// In MuJoCo's order of geom types.
  var geoms: (first: Int, second: Int)
  /// 1 without friction, 3 with friction along the surface.
  var dimensions: Int
  /// Of the two directions along the surface.
  var friction: (Double, Double)
  var softness: Softness
  /// Closer than `margin` there is a contact; closer than `reach` it pushes.
  var margin, reach: Double
  /// Whether MuJoCo prunes the pair by boxes in single precision, so that a touch within their
  /// rounding is left to it.
  var isPruned: Bool
}

/// A candidate in one state of the model.
struct ContactGeometry<Number: DynamicsNumber> {
  /// Between the surfaces, negative where they overlap; `gap` is infinite where there is no contact.
  var distance, gap: Number
  var position, normal: Vector3<Number>
  /// Along the surface, not yet at right angles; zero where any direction will do.
  var tangent: Vector3<Number>
  /// What must not come near 0 for the numbers to hold: always, and where there is a contact.
  var guards: [Number] = []
  var contactGuards: [Number] = []
  /// Where there is one and it is not less than ``smallest``, there is no contact, and nothing more needs
  /// to be known of it.
  var premise: Number?
}

extension ContactCandidate {
  func geometry<Number: DynamicsNumber>(
    _ model: TreeModel, _ kinematics: Kinematics<Number>
  ) -> ContactGeometry<Number> {
    let (a, b) = (model.geoms[geoms.first], model.geoms[geoms.second])
    let (first, second) = (kinematics.geoms[geoms.first], kinematics.geoms[geoms.second])
    let axis = second.axes.column(2)
    let spare = first.axes.column(2).cross(axis)
    var result: ContactGeometry<Number>
    switch shape {
    case .planeSphere:
      result = touch(plane: first, sphere: second.position, b.size[0], tangent: .zero)
    case .planeCapsule(let end):
      let segment = axis * Number(b.size[1])
      let center = end > 0 ? second.position + segment : second.position - segment
      result = touch(plane: first, sphere: center, b.size[0], tangent: axis)
    case .sphereSphere:
      result = touch(first.position, a.size[0], second.position, b.size[0], spare)
    case .sphereCapsule:
      let segment = axis * Number(b.size[1])
      let along =
        segment.dot(first.position - second.position) / segment.dot(segment)
      let nearest = segment * along.clampedToUnit() + second.position
      result = touch(first.position, a.size[0], nearest, b.size[0], spare)
    case .capsuleCapsule:
      let pair = CapsulePair(first, a.size[1], second, b.size[1])
      let points = pair.nearest
      result = touch(points.first, a.size[0], points.second, b.size[0], spare)
      result.gap = .select(
        pair.determinant, lessThan: Number(smallest), Number(.infinity), result.gap)
    case .parallelCapsules(let which):
      let pair = CapsulePair(first, a.size[1], second, b.size[1])
      let reach = margin + a.size[0] + b.size[0]
      let (points, excess) = pair.touching(which, within: reach)
      result = touch(points.first, a.size[0], points.second, b.size[0], spare)
      result.rule(out: excess, beyond: reach)
      result.gap = .select(
        pair.determinant, lessThan: Number(smallest), result.gap, Number(.infinity))
      result.premise = pair.determinant
    }
    if isPruned {
      // Boxes are as exact as single precision is at this distance from the origin.
      let extents = 1 + a.boundingRadius + b.boundingRadius + margin
      let size = [first.position.x, first.position.y, first.position.z].reduce(Number(extents)) {
        $0 + $1.magnitude
      }
      let (zero, one) = (Number(0), Number(1))
      result.contactGuards.append(
        .select(
          (result.distance - Number(margin)).magnitude, lessThan: size * Number(1e-6), zero, one))
    }
    if a.boundingRadius > 0, b.boundingRadius > 0 {
      let apart = (first.position - second.position).length
      result.rule(out: apart, beyond: a.boundingRadius + b.boundingRadius + margin)
    }
    if a.kind == .plane, b.boundingRadius > 0 {
      let height = (second.position - first.position).dot(first.axes.column(2))
      result.rule(out: height, beyond: margin + b.boundingRadius)
    }
    return result
  }

  private func touch<Number: DynamicsNumber>(
    plane: Kinematics<Number>.Frame, sphere center: Vector3<Number>, _ radius: Double,
    tangent: Vector3<Number>
  ) -> ContactGeometry<Number> {
    let normal = plane.axes.column(2)
    let height = (center - plane.position).dot(normal)
    let distance = height - Number(radius)
    let depth = -distance / Number(2) - Number(radius)
    var result = ContactGeometry(
      distance: distance, gap: distance, position: center + normal * depth, normal: normal,
      tangent: tangent)
    result.rule(out: height, beyond: margin + radius)
    return result
  }

  /// - Parameter spare: The direction where the centers are the same.
  private func touch<Number: DynamicsNumber>(
    _ first: Vector3<Number>, _ radius: Double, _ second: Vector3<Number>, _ other: Double,
    _ spare: Vector3<Number>
  ) -> ContactGeometry<Number> {
    let apart = (first - second).length
    let distance = apart - Number(radius) - Number(other)
    let normal = (second - first).normalized(else: spare.normalized(else: .firstAxis))
    let depth = Number(radius) + distance / Number(2)
    var result = ContactGeometry(
      distance: distance, gap: distance, position: normal * depth + first, normal: normal,
      tangent: .zero)
    result.rule(out: apart, beyond: margin + radius + other)
    return result
  }
}

extension ContactGeometry {
  /// There is no contact where `value` is greater than `limit`.
  fileprivate mutating func rule(out value: Number, beyond limit: Double) {
    gap = .select(Number(limit), lessThan: value, Number(.infinity), gap)
    premise = premise.map { .select(Number(limit), lessThan: value, Number(.infinity), $0) }
  }
}

extension DynamicsNumber {
  func clampedToUnit() -> Self {
    let (one, minusOne) = (Self(1), Self(-1))
    return .select(
      one, lessThan: self, one, .select(self, lessThan: minusOne, minusOne, self))
  }
}
