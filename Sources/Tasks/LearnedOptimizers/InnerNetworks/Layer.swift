/// A layer of an inner network.
///
/// It works on batches, a row a feature and a column an image. Where weights or inputs have tangents,
/// so have outputs and adjoints, by the product rule; a network's input has none.
protocol Layer: Sendable {
  var inputRows: Int { get }
  var outputRows: Int { get }
  /// The shape of w, whose last axis is as long as b; nil for a layer without parameters.
  var weightShape: [Int]? { get }
  /// Whether it keeps the slopes of its outputs for the way back.
  var keepsSlopes: Bool { get }
  /// Numbers of scratch that it needs.
  func scratchCount(columns: Int) -> Int

  func forward<Real: KernelScalar>(_ pass: LayerPass<Real>)

  /// Goes back: adds to the parameters' adjoints and writes those of the inputs, if asked for.
  func pullBack<Real: KernelScalar>(_ pass: LayerPass<Real>, _ adjoints: LayerAdjoints<Real>)
}

extension Layer {
  var weightShape: [Int]? { nil }
  var keepsSlopes: Bool { false }
  func scratchCount(columns: Int) -> Int { 0 }
}

/// What a layer reads and writes on the way forward.
struct LayerPass<Real: KernelScalar> {
  var columns: Int
  var input: Signal<Real>
  var output: Signal<Real>
  var weights: Signal<Real>
  var biases: Signal<Real>
  /// φ′ at each output; nil where nobody goes back.
  var slopes: UnsafeMutablePointer<Real>?
  var scratch: UnsafeMutablePointer<Real>
}

/// What a layer reads and writes on the way back.
struct LayerAdjoints<Real: KernelScalar> {
  var output: Signal<Real>
  var input: Signal<Real>?
  var weights: Signal<Real>
  var biases: Signal<Real>
}
