import Glibc
import Physics

/// A number that an environment computes with: the `Double` of one environment, or a vector of
/// those of several side by side, a lane each. (A `Float` is only summed.)
///
/// Each operation rounds once in every lane, products are never fused with sums, and none looks
/// across lanes: an environment has the bits in a lane that it has alone. (There is no negation: a
/// vector's turns 0 into 0, a number's into −0.)
public protocol LaneNumber: Sendable {
  /// What a comparison says, in each lane.
  associatedtype Mask: LaneMask

  /// The same number in every lane.
  init(_ value: Double)

  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  static func / (left: Self, right: Self) -> Self
  func squareRoot() -> Self
  /// |x|
  var magnitude: Self { get }
  /// As the C library has them.
  var sine: Self { get }
  var cosine: Self { get }

  /// x < y; false where either is not a number.
  func isLess(than other: Self) -> Mask
  /// x ≤ y; false where either is not a number.
  func isLessThanOrEqualTo(_ other: Self) -> Mask
  /// `other` in the lanes of `mask`, this number in the others.
  func replacing(with other: Self, where mask: Mask) -> Self
}

/// True or false in each lane.
public protocol LaneMask: Sendable {
  /// The same in every lane.
  init(_ value: Bool)

  func and(_ other: Self) -> Self
  func or(_ other: Self) -> Self
  var inverted: Self { get }
}

extension LaneNumber {
  /// The nearest number in −limit … limit, as `numpy.clip` finds it.
  @inlinable
  public func clamped(to limit: Double) -> Self { clamped(from: -limit, to: limit) }

  /// The nearest number in lower … upper, as `numpy.clip` finds it.
  @inlinable
  public func clamped(from lower: Double, to upper: Double) -> Self {
    let (least, most) = (Self(lower), Self(upper))
    return replacing(with: least, where: isLess(than: least))
      .replacing(with: most, where: most.isLess(than: self))
  }
}

extension Double: LaneNumber {
  public var sine: Double { Glibc.sin(self) }
  public var cosine: Double { Glibc.cos(self) }

  @inlinable
  public func replacing(with other: Double, where mask: Bool) -> Double { mask ? other : self }
}

extension Float: LaneNumber {
  public var sine: Float { Glibc.sinf(self) }
  public var cosine: Float { Glibc.cosf(self) }

  @inlinable
  public func replacing(with other: Float, where mask: Bool) -> Float { mask ? other : self }
}

extension Bool: LaneMask {
  @inlinable
  public func and(_ other: Bool) -> Bool { self && other }
  @inlinable
  public func or(_ other: Bool) -> Bool { self || other }
  @inlinable
  public var inverted: Bool { !self }
}

extension SIMD8: LaneNumber where Scalar == Double {
  @inlinable
  public init(_ value: Double) { self.init(repeating: value) }

  @inlinable
  public var magnitude: Self {
    unsafeBitCast(
      unsafeBitCast(self, to: SIMD8<UInt64>.self) & SIMD8<UInt64>(repeating: ~(1 << 63)),
      to: Self.self)
  }

  public var sine: Self { CLibrary.sinesAndCosines(of: self).sines }
  public var cosine: Self { CLibrary.sinesAndCosines(of: self).cosines }

  @inlinable
  public func isLess(than other: Self) -> SIMDMask<SIMD8<Int64>> { self .< other }
  @inlinable
  public func isLessThanOrEqualTo(_ other: Self) -> SIMDMask<SIMD8<Int64>> { self .<= other }
}

extension SIMDMask: LaneMask where Storage == SIMD8<Int64> {
  @inlinable
  public init(_ value: Bool) { self.init(repeating: value) }
  @inlinable
  public func and(_ other: Self) -> Self { self .& other }
  @inlinable
  public func or(_ other: Self) -> Self { self .| other }
  @inlinable
  public var inverted: Self { .!self }
}
