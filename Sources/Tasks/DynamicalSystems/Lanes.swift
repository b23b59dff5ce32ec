public import Tensors

/// Plain numbers of one particle or of a block of particles, a lane each.
public protocol Lanes: Tensor, BitwiseCopyable where Scalar == Float {
  static var laneCount: Int { get }
  subscript(lane lane: Int) -> Float { get set }
}

extension Float: Lanes {
  public static var laneCount: Int { 1 }

  public subscript(lane lane: Int) -> Float {
    get { self }
    set { self = newValue }
  }
}

extension SIMD16: Lanes where Scalar == Float {
  public static var laneCount: Int { 16 }

  public subscript(lane lane: Int) -> Float {
    get { self[lane] }
    set { self[lane] = newValue }
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
