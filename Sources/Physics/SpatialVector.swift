/// A motion (angular and linear velocity) or a force (torque and force) of a rigid body, about one
/// point that all bodies of a tree share (Featherstone, *Rigid Body Dynamics Algorithms*, ch. 2).
struct SpatialVector<Number: DynamicsNumber> {
  var angular, linear: Vector3<Number>

  static var zero: Self { Self(angular: .zero, linear: .zero) }

  static func + (left: Self, right: Self) -> Self {
    Self(angular: left.angular + right.angular, linear: left.linear + right.linear)
  }

  static func * (left: Self, right: Number) -> Self {
    Self(angular: left.angular * right, linear: left.linear * right)
  }

  /// The rate of change of a motion that is carried along with this velocity: v × m.
  func crossMotion(_ motion: Self) -> Self {
    Self(
      angular: angular.cross(motion.angular),
      linear: angular.cross(motion.linear) + linear.cross(motion.angular))
  }

  /// The rate of change of a force that is carried along with this velocity: v ×* f.
  func crossForce(_ force: Self) -> Self {
    Self(
      angular: angular.cross(force.angular) + linear.cross(force.linear),
      linear: angular.cross(force.linear))
  }

  /// Motion times force, summed like MuJoCo's vectors of six numbers.
  func dot(_ other: Self) -> Number {
    let (a, b) = (self, other)
    return (a.angular.x * b.angular.x + a.angular.z * b.angular.z)
      + (a.angular.y * b.angular.y + a.linear.x * b.linear.x)
      + (a.linear.y * b.linear.y + a.linear.z * b.linear.z)
  }
}
