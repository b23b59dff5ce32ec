import CKernels
public import Differentiation

/// Numbers that the kernels of learned optimizers compute with: `Float` to train with, `Double` to
/// check derivatives with. Each kernel is described in `kernels.def`.
public protocol KernelScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable, DifferentiableNumber
where Scalar == Self {
  typealias Input = UnsafePointer<Self>?
  typealias Output = UnsafeMutablePointer<Self>?
  typealias Classes = UnsafePointer<Int32>?
  typealias Convolution = (Int, Int, Int, Int, Int, Input, Input, Int32, Input, Output, Output) ->
    Void
  typealias ConvolutionPullBack = (
    Int, Int, Int, Int, Int, Input, Int32, Input, Output, Output
  ) -> Void
  typealias ConvolutionWeights = (Int, Int, Int, Int, Int, Input, Input, Output, Output) -> Void
  typealias CrossEntropy = (Int, Int, Int, Input, Classes, Self, Self, Output, Output, Output) ->
    Void
  typealias CrossEntropyTangent = (
    Int, Int, Int, Input, Classes, Self, Self, Input, Input, Output, Output
  ) -> Void
  typealias MLPUpdate = (Int, Int, Int, Input, Input, Output, Output, Int, Input, Output) -> Void
  typealias MLPPushForward = (
    Int, Int, Int, Input, Input, Input, Input, Output, Output, Int, Input, Output, Output, Input,
    Output
  ) -> Void
  typealias MLPPullBack = (
    Int, Int, Int, Input, Input, Input, Input, Int, Input, Output, Output, Output, Output, Output,
    Output
  ) -> Void

  /// An optimizer's functions of this precision.
  static func update(_ step: OptimizerStep<Self>, with optimizer: any LearnedOptimizer)
  static func pushForward(_ step: OptimizerStep<Self>, with optimizer: any LearnedOptimizer)
  static func pullBack(
    _ step: OptimizerStep<Self>, _ adjoints: OptimizerAdjoints<Self>,
    with optimizer: any LearnedOptimizer)

  static var dense: (Int, Int, Int, Input, Int, Int, Input, Int32, Input, Output) -> Void { get }
  static var outerProducts: (Int, Int, Int, Input, Input, Output) -> Void { get }
  static var rowSums: (Int, Int, Input, Output) -> Void { get }
  static var relu: (Int, Input, Output, Output) -> Void { get }
  static var gelu: (Int, Input, Output, Output) -> Void { get }
  static var geluCurvature: (Int, Input, Input, Input, Output) -> Void { get }
  static var multiply: (Int, Input, Input, Output) -> Void { get }
  static var convolve: Convolution { get }
  static var convolvePullBack: ConvolutionPullBack { get }
  static var convolveWeights: ConvolutionWeights { get }
  static var pool: (Int, Int, Int, Int, Input, Output) -> Void { get }
  static var poolPullBack: (Int, Int, Int, Int, Input, Output) -> Void { get }
  static var transposeRows: (Int, Int, Int, Input, Output) -> Void { get }
  static var crossEntropy: CrossEntropy { get }
  static var crossEntropyTangent: CrossEntropyTangent { get }
  static var mlpOptimizerUpdate: MLPUpdate { get }
  static var mlpOptimizerPushForward: MLPPushForward { get }
  static var mlpOptimizerPullBack: MLPPullBack { get }
}

extension Float: KernelScalar {
  public static func update(_ step: OptimizerStep<Float>, with optimizer: any LearnedOptimizer) {
    optimizer.update(step)
  }

  public static func pushForward(
    _ step: OptimizerStep<Float>, with optimizer: any LearnedOptimizer
  ) {
    optimizer.pushForward(step)
  }

  public static func pullBack(
    _ step: OptimizerStep<Float>, _ adjoints: OptimizerAdjoints<Float>,
    with optimizer: any LearnedOptimizer
  ) {
    optimizer.pullBack(step, adjoints)
  }

  public static var dense: (Int, Int, Int, Input, Int, Int, Input, Int32, Input, Output) -> Void {
    ckernels_dense_f32
  }
  public static var outerProducts: (Int, Int, Int, Input, Input, Output) -> Void {
    ckernels_outer_products_f32
  }
  public static var rowSums: (Int, Int, Input, Output) -> Void { ckernels_row_sums_f32 }
  public static var relu: (Int, Input, Output, Output) -> Void { ckernels_relu_f32 }
  public static var gelu: (Int, Input, Output, Output) -> Void { ckernels_gelu_f32 }
  public static var geluCurvature: (Int, Input, Input, Input, Output) -> Void {
    ckernels_gelu_curvature_f32
  }
  public static var multiply: (Int, Input, Input, Output) -> Void { ckernels_multiply_f32 }
  public static var convolve: Convolution { ckernels_convolve_f32 }
  public static var convolvePullBack: ConvolutionPullBack { ckernels_convolve_pull_back_f32 }
  public static var convolveWeights: ConvolutionWeights { ckernels_convolve_weights_f32 }
  public static var pool: (Int, Int, Int, Int, Input, Output) -> Void { ckernels_pool_f32 }
  public static var poolPullBack: (Int, Int, Int, Int, Input, Output) -> Void {
    ckernels_pool_pull_back_f32
  }
  public static var transposeRows: (Int, Int, Int, Input, Output) -> Void {
    ckernels_transpose_rows_f32
  }
  public static var crossEntropy: CrossEntropy { ckernels_cross_entropy_f32 }
  public static var crossEntropyTangent: CrossEntropyTangent { ckernels_cross_entropy_tangent_f32 }
  public static var mlpOptimizerUpdate: MLPUpdate { ckernels_mlp_optimizer_update_f32 }
  public static var mlpOptimizerPushForward: MLPPushForward {
    ckernels_mlp_optimizer_push_forward_f32
  }
  public static var mlpOptimizerPullBack: MLPPullBack { ckernels_mlp_optimizer_pull_back_f32 }
}

extension Double: KernelScalar {
  public static func update(_ step: OptimizerStep<Double>, with optimizer: any LearnedOptimizer) {
    optimizer.update(step)
  }

  public static func pushForward(
    _ step: OptimizerStep<Double>, with optimizer: any LearnedOptimizer
  ) {
    optimizer.pushForward(step)
  }

  public static func pullBack(
    _ step: OptimizerStep<Double>, _ adjoints: OptimizerAdjoints<Double>,
    with optimizer: any LearnedOptimizer
  ) {
    optimizer.pullBack(step, adjoints)
  }

  public static var dense: (Int, Int, Int, Input, Int, Int, Input, Int32, Input, Output) -> Void {
    ckernels_dense_f64
  }
  public static var outerProducts: (Int, Int, Int, Input, Input, Output) -> Void {
    ckernels_outer_products_f64
  }
  public static var rowSums: (Int, Int, Input, Output) -> Void { ckernels_row_sums_f64 }
  public static var relu: (Int, Input, Output, Output) -> Void { ckernels_relu_f64 }
  public static var gelu: (Int, Input, Output, Output) -> Void { ckernels_gelu_f64 }
  public static var geluCurvature: (Int, Input, Input, Input, Output) -> Void {
    ckernels_gelu_curvature_f64
  }
  public static var multiply: (Int, Input, Input, Output) -> Void { ckernels_multiply_f64 }
  public static var convolve: Convolution { ckernels_convolve_f64 }
  public static var convolvePullBack: ConvolutionPullBack { ckernels_convolve_pull_back_f64 }
  public static var convolveWeights: ConvolutionWeights { ckernels_convolve_weights_f64 }
  public static var pool: (Int, Int, Int, Int, Input, Output) -> Void { ckernels_pool_f64 }
  public static var poolPullBack: (Int, Int, Int, Int, Input, Output) -> Void {
    ckernels_pool_pull_back_f64
  }
  public static var transposeRows: (Int, Int, Int, Input, Output) -> Void {
    ckernels_transpose_rows_f64
  }
  public static var crossEntropy: CrossEntropy { ckernels_cross_entropy_f64 }
  public static var crossEntropyTangent: CrossEntropyTangent { ckernels_cross_entropy_tangent_f64 }
  public static var mlpOptimizerUpdate: MLPUpdate { ckernels_mlp_optimizer_update_f64 }
  public static var mlpOptimizerPushForward: MLPPushForward {
    ckernels_mlp_optimizer_push_forward_f64
  }
  public static var mlpOptimizerPullBack: MLPPullBack { ckernels_mlp_optimizer_pull_back_f64 }
}
