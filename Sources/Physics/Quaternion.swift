/// An orientation as a unit quaternion.
struct Quaternion<Number: DynamicsNumber> {
  var w: Number
  var vector: Vector3<Number>

  init(_ w: Number, _ vector: Vector3<Number>) { (self.w, self.vector) = (w, vector) }

  /// Constants: the four values of `values` from `offset` on, w first.
  init(_ values: [Double], at offset: Int) {
    self.init(Number(values[offset]), Vector3(values, at: offset + 1))
  }

  /// Four numbers from `offset` on, w first.
  init(of numbers: [Number], at offset: Int) {
    self.init(
      numbers[offset], Vector3(numbers[offset + 1], numbers[offset + 2], numbers[offset + 3]))
  }

  var numbers: [Number] { [w, vector.x, vector.y, vector.z] }

  static var identity: Self { Self(Number(1), .zero) }

  /// The rotation about a unit axis.
  init(angle: Number, axis: Vector3<Number>) {
    let (sine, cosine) = (angle * Number(0.5)).sineAndCosine()
    self.init(cosine, axis * sine)
  }

  static func * (left: Self, right: Self) -> Self {
    let (a, b) = (left.vector, right.vector)
    return Self(
      left.w * right.w - a.x * b.x - a.y * b.y - a.z * b.z,
      Vector3(
        left.w * b.x + a.x * right.w + a.y * b.z - a.z * b.y,
        left.w * b.y - a.x * b.z + a.y * right.w + a.z * b.x,
        left.w * b.z + a.x * b.y - a.y * b.x + a.z * right.w))
  }

  /// v + 2 q × (w v + q × v) for the vector part q.
  func rotate(_ v: Vector3<Number>) -> Vector3<Number> {
    let q = vector
    let t = Vector3(
      w * v.x + q.y * v.z - q.z * v.y,
      w * v.y + q.z * v.x - q.x * v.z,
      w * v.z + q.x * v.y - q.y * v.x)
    return v + q.cross(t) * Number(2)
  }

  var length: Number {
    (w * w + vector.x * vector.x + vector.y * vector.y + vector.z * vector.z).squareRoot()
  }

  /// With length 1; the length is not to be near 0.
  func normalized() -> Self {
    let scale = Number(1) / length
    return Self(w * scale, vector * scale)
  }

  /// Turned for a time with an angular velocity in the frame that turns.
  func turned(_ velocity: Vector3<Number>, for duration: Number) -> Self {
    let turn = Self(
      angle: duration * velocity.length, axis: velocity.normalized(else: .firstAxis))
    return (self * turn).normalized()
  }

  var matrix: Matrix3<Number> {
    let (x, y, z, two) = (vector.x, vector.y, vector.z, Number(2))
    let (ww, xx, yy, zz) = (w * w, x * x, y * y, z * z)
    return Matrix3(
      rows: (
        Vector3(ww + xx - yy - zz, two * (x * y - w * z), two * (x * z + w * y)),
        Vector3(two * (x * y + w * z), ww - xx + yy - zz, two * (y * z - w * x)),
        Vector3(two * (x * z - w * y), two * (y * z + w * x), ww - xx - yy + zz)
      ))
  }
}
