import Tensors

/// Numbers of one particle or of many, a lane each.
protocol Lanes: Tensor where Scalar == Float {
  static var laneCount: Int { get }
  subscript(lane lane: Int) -> Float { get set }
}

extension Float: Lanes {
  static var laneCount: Int { 1 }

  subscript(lane lane: Int) -> Float {
    get { self }
    set { self = newValue }
  }
}

extension SIMD16: Lanes where Scalar == Float {
  static var laneCount: Int { 16 }

  subscript(lane lane: Int) -> Float {
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
