/// A rigid body's inertia about the point that its tree shares: a symmetric 3×3 matrix, the mass
/// times the offset of its centre, and the mass.
struct SpatialInertia<Number: DynamicsNumber> {
  var xx, yy, zz, xy, xz, yz: Number
  var moment: Vector3<Number>
  var mass: Number

  /// - Parameters:
  ///   - principal: The three principal moments.
  ///   - axes: The principal axes in world coordinates.
  ///   - offset: The centre of mass from the shared point.
  init(
    mass: Double, principal: Vector3<Number>, axes: Matrix3<Number>, offset: Vector3<Number>
  ) {
    let (a, b, c) = axes.rows
    let (p, d, m) = (principal, offset, Number(mass))
    func product(_ left: Vector3<Number>, _ right: Vector3<Number>) -> Number {
      left.x * (right.x * p.x) + left.y * (right.y * p.y) + left.z * (right.z * p.z)
    }
    xx = product(a, a) + m * (d.y * d.y + d.z * d.z)
    yy = product(b, b) + m * (d.x * d.x + d.z * d.z)
    zz = product(c, c) + m * (d.x * d.x + d.y * d.y)
    xy = product(a, b) - m * d.x * d.y
    xz = product(a, c) - m * d.x * d.z
    yz = product(b, c) - m * d.y * d.z
    moment = d * m
    self.mass = m
  }

  static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.xx = left.xx + right.xx
    sum.yy = left.yy + right.yy
    sum.zz = left.zz + right.zz
    sum.xy = left.xy + right.xy
    sum.xz = left.xz + right.xz
    sum.yz = left.yz + right.yz
    sum.moment = left.moment + right.moment
    sum.mass = left.mass + right.mass
    return sum
  }

  /// The momentum of a velocity, or the force of an acceleration.
  static func * (inertia: Self, motion: SpatialVector<Number>) -> SpatialVector<Number> {
    let (i, h, w, v) = (inertia, inertia.moment, motion.angular, motion.linear)
    return SpatialVector(
      angular: Vector3(
        i.xx * w.x + i.xy * w.y + i.xz * w.z - h.z * v.y + h.y * v.z,
        i.xy * w.x + i.yy * w.y + i.yz * w.z + h.z * v.x - h.x * v.z,
        i.xz * w.x + i.yz * w.y + i.zz * w.z - h.y * v.x + h.x * v.y),
      linear: Vector3(
        h.z * w.y - h.y * w.z + i.mass * v.x,
        h.x * w.z - h.z * w.x + i.mass * v.y,
        h.y * w.x - h.x * w.y + i.mass * v.z))
  }
}
