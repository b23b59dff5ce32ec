public import Differentiation

/// Plain numbers of one particle or of a block of particles, a lane each.
public protocol Lanes: DifferentiableNumber, BitwiseCopyable where Scalar == Float {
  static var laneCount: Int { get }
  subscript(lane lane: Int) -> Float { get set }

  /// A number for each of `count` particles, at least one; lanes beyond repeat the first.
  static func filled(_ count: Int, _ number: (_ particle: Int) -> Float) -> Self
}

extension Float: Lanes {
  public static var laneCount: Int { 1 }

  public subscript(lane lane: Int) -> Float {
    get { self }
    set { self = newValue }
  }

  public static func filled(_ count: Int, _ number: (_ particle: Int) -> Float) -> Float {
    number(0)
  }
}

extension SIMD16: Lanes where Scalar == Float {
  public static var laneCount: Int { 16 }

  public subscript(lane lane: Int) -> Float {
    get { self[lane] }
    set { self[lane] = newValue }
  }

  /// By way of memory: setting lane after lane of a vector takes several times as long.
  public static func filled(_ count: Int, _ number: (_ particle: Int) -> Float) -> Self {
    withUnsafeTemporaryAllocation(of: Self.self, capacity: 1) { block in
      block.withMemoryRebound(to: Float.self) { numbers in
        for lane in 0..<laneCount { numbers[lane] = number(lane < count ? lane : 0) }
      }
      return block[0]
    }
  }
}

extension Lanes {
  /// Writes the lanes to the beginning of a row of a block's values.
  @inline(__always)
  func store(to row: Int, of values: inout MutableSpan<Float>) {
    for lane in 0..<Self.laneCount {
      values[row * SIMD16<Float>.laneCount + lane] = self[lane: lane]
    }
  }
}
