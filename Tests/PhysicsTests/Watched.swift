import Physics

/// A double that remembers whether something on the way to it was not finite: of such numbers nothing
/// is promised.
struct Watched: DynamicsNumber {
  let value: Double
  let isFinite: Bool

  init(_ value: Double) { self.init(value, of: []) }

  private init(_ value: Double, of operands: [Watched]) {
    self.value = value
    isFinite = value.isFinite && operands.allSatisfy(\.isFinite)
  }

  static func + (left: Self, right: Self) -> Self {
    Self(left.value + right.value, of: [left, right])
  }

  static func - (left: Self, right: Self) -> Self {
    Self(left.value - right.value, of: [left, right])
  }

  static func * (left: Self, right: Self) -> Self {
    Self(left.value * right.value, of: [left, right])
  }

  static func / (left: Self, right: Self) -> Self {
    Self(left.value / right.value, of: [left, right])
  }

  static prefix func - (number: Self) -> Self { Self(-number.value, of: [number]) }

  func squareRoot() -> Self { Self(value.squareRoot(), of: [self]) }

  var magnitude: Self { Self(value.magnitude, of: [self]) }

  func sineAndCosine() -> (sine: Self, cosine: Self) {
    let (sine, cosine) = value.sineAndCosine()
    return (Self(sine, of: [self]), Self(cosine, of: [self]))
  }

  func power(_ exponent: Double) -> Self { Self(value.power(exponent), of: [self]) }

  static func select(
    _ left: Self, lessThan right: Self, _ first: Self, _ second: Self
  ) -> Self {
    Self(left.value < right.value ? first.value : second.value, of: [left, right, first, second])
  }
}
