import CKernels

/// A precision that the kernels are compiled for.
protocol Precision: BinaryFloatingPoint, Sendable where RawSignificand: FixedWidthInteger {
  static var kernels: Kernels<Self> { get }
}

extension Float: Precision {
  static var kernels: Kernels<Float> {
    Kernels(
      dense: ckernels_dense_f32, outerProducts: ckernels_outer_products_f32,
      rowSums: ckernels_row_sums_f32, relu: ckernels_relu_f32, gelu: ckernels_gelu_f32,
      geluCurvature: ckernels_gelu_curvature_f32, multiply: ckernels_multiply_f32,
      exponentials: ckernels_exponentials_f32, tangents: ckernels_hyperbolic_tangents_f32,
      logarithms: ckernels_logarithms_f32, convolve: ckernels_convolve_f32,
      convolvePullBack: ckernels_convolve_pull_back_f32,
      convolveWeights: ckernels_convolve_weights_f32,
      pool: ckernels_pool_f32, poolPullBack: ckernels_pool_pull_back_f32,
      transposeRows: ckernels_transpose_rows_f32, crossEntropy: ckernels_cross_entropy_f32,
      crossEntropyTangent: ckernels_cross_entropy_tangent_f32,
      update: ckernels_mlp_optimizer_update_f32,
      pushForward: ckernels_mlp_optimizer_push_forward_f32,
      chains: ckernels_multiply_add_chains_f32,
      pullBack: ckernels_mlp_optimizer_pull_back_f32)
  }
}

extension Double: Precision {
  static var kernels: Kernels<Double> {
    Kernels(
      dense: ckernels_dense_f64, outerProducts: ckernels_outer_products_f64,
      rowSums: ckernels_row_sums_f64, relu: ckernels_relu_f64, gelu: ckernels_gelu_f64,
      geluCurvature: ckernels_gelu_curvature_f64, multiply: ckernels_multiply_f64,
      exponentials: ckernels_exponentials_f64, tangents: ckernels_hyperbolic_tangents_f64,
      logarithms: ckernels_logarithms_f64, convolve: ckernels_convolve_f64,
      convolvePullBack: ckernels_convolve_pull_back_f64,
      convolveWeights: ckernels_convolve_weights_f64,
      pool: ckernels_pool_f64, poolPullBack: ckernels_pool_pull_back_f64,
      transposeRows: ckernels_transpose_rows_f64, crossEntropy: ckernels_cross_entropy_f64,
      crossEntropyTangent: ckernels_cross_entropy_tangent_f64,
      update: ckernels_mlp_optimizer_update_f64,
      pushForward: ckernels_mlp_optimizer_push_forward_f64,
      chains: ckernels_multiply_add_chains_f64,
      pullBack: ckernels_mlp_optimizer_pull_back_f64)
  }
}

/// The functions of kernels.def in one precision.
struct Kernels<Real> {
  typealias Input = UnsafePointer<Real>?
  typealias Output = UnsafeMutablePointer<Real>?
  typealias Labels = UnsafePointer<Int32>?

  let dense: (Int, Int, Int, Input, Int, Int, Input, Int32, Input, Output) -> Void
  let outerProducts: (Int, Int, Int, Input, Input, Output) -> Void
  let rowSums: (Int, Int, Input, Output) -> Void
  let relu: (Int, Input, Output, Output) -> Void
  let gelu: (Int, Input, Output, Output) -> Void
  let geluCurvature: (Int, Input, Input, Input, Output) -> Void
  let multiply: (Int, Input, Input, Output) -> Void
  let exponentials: (Int, Output) -> Void
  let tangents: (Int, Output) -> Void
  let logarithms: (Int, Output) -> Void
  let convolve: (Int, Int, Int, Int, Int, Input, Input, Int32, Input, Output, Output) -> Void
  let convolvePullBack: (Int, Int, Int, Int, Int, Input, Int32, Input, Output, Output) -> Void
  let convolveWeights: (Int, Int, Int, Int, Int, Input, Input, Output, Output) -> Void
  let pool: (Int, Int, Int, Int, Input, Output) -> Void
  let poolPullBack: (Int, Int, Int, Int, Input, Output) -> Void
  let transposeRows: (Int, Int, Int, Input, Output) -> Void
  let crossEntropy: (Int, Int, Int, Input, Labels, Real, Real, Output, Output, Output) -> Void
  let crossEntropyTangent:
    (Int, Int, Int, Input, Labels, Real, Real, Input, Input, Output, Output) -> Void
  let update: (Int, Int, Int, Input, Input, Output, Output, Int, Input, Output) -> Void
  let pushForward:
    (
      Int, Int, Int, Input, Input, Input, Input, Output, Output, Int, Input, Output, Output, Input,
      Output
    ) -> Void
  let chains: (Int, Real, Real, Output) -> Void
  let pullBack:
    (
      Int, Int, Int, Input, Input, Input, Input, Int, Input, Output, Output, Output, Output,
      Output, Output
    ) -> Void
}
