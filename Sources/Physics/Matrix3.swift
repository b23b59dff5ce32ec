/// A rotation matrix: its columns are a frame's axes in world coordinates.
struct Matrix3<Number: DynamicsNumber> {
  var rows: (Vector3<Number>, Vector3<Number>, Vector3<Number>)

  static var identity: Self {
    let (zero, one) = (Number(0), Number(1))
    return Self(
      rows: (Vector3(one, zero, zero), Vector3(zero, one, zero), Vector3(zero, zero, one)))
  }

  /// From the frame to the world.
  static func * (left: Self, right: Vector3<Number>) -> Vector3<Number> {
    Vector3(left.rows.0.dot(right), left.rows.1.dot(right), left.rows.2.dot(right))
  }

  var transposed: Self { Self(rows: (column(0), column(1), column(2))) }

  func column(_ index: Int) -> Vector3<Number> {
    switch index {
    case 0: Vector3(rows.0.x, rows.1.x, rows.2.x)
    case 1: Vector3(rows.0.y, rows.1.y, rows.2.y)
    default: Vector3(rows.0.z, rows.1.z, rows.2.z)
    }
  }
}
