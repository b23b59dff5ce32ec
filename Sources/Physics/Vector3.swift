/// Three numbers: a position, a direction, an angular velocity.
struct Vector3<Number: DynamicsNumber> {
  var x, y, z: Number

  init(_ x: Number, _ y: Number, _ z: Number) { (self.x, self.y, self.z) = (x, y, z) }

  /// Constants: the three values of `values` from `offset` on.
  init(_ values: [Double], at offset: Int = 0) {
    self.init(Number(values[offset]), Number(values[offset + 1]), Number(values[offset + 2]))
  }

  /// Three of some numbers, from `offset` on.
  init(of numbers: [Number], at offset: Int) {
    self.init(numbers[offset], numbers[offset + 1], numbers[offset + 2])
  }

  var numbers: [Number] { [x, y, z] }

  static var zero: Self { Self(Number(0), Number(0), Number(0)) }

  static func + (left: Self, right: Self) -> Self {
    Self(left.x + right.x, left.y + right.y, left.z + right.z)
  }

  static func - (left: Self, right: Self) -> Self {
    Self(left.x - right.x, left.y - right.y, left.z - right.z)
  }

  static func * (left: Self, right: Number) -> Self {
    Self(left.x * right, left.y * right, left.z * right)
  }

  func dot(_ other: Self) -> Number { x * other.x + y * other.y + z * other.z }

  func cross(_ other: Self) -> Self {
    Self(
      y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  /// `first` where left < right, `second` elsewhere.
  static func select(
    _ left: Number, lessThan right: Number, _ first: Self, _ second: Self
  ) -> Self {
    Self(
      .select(left, lessThan: right, first.x, second.x),
      .select(left, lessThan: right, first.y, second.y),
      .select(left, lessThan: right, first.z, second.z))
  }

  var length: Number { dot(self).squareRoot() }

  static var firstAxis: Self { Self(Number(1), Number(0), Number(0)) }

  /// This direction with length 1, another where it is too short to be one.
  func normalized(else other: Self) -> Self {
    let (length, least) = (self.length, Number(smallest))
    let divisor: Number = .select(length, lessThan: least, Number(1), length)
    return .select(length, lessThan: least, other, self * (Number(1) / divisor))
  }

  /// This direction with length 1, and the length it had, which is not to be near 0.
  func normalized() -> (direction: Self, length: Number) {
    let length = self.length
    return (self * (Number(1) / length), length)
  }
}
