import CKernels
public import Differentiation
import Unrolls

// ``advance(_:coefficients:)`` and ``loss(_:)`` of many steps in one call.
extension Lorenz {
  public func advance<Block: Lanes>(
    _ values: inout MutableSpan<Block>, coefficients: Span<Block>, steps: Int,
    history: inout MutableSpan<Block>, losses: inout MutableSpan<Float>
  ) {
    precondition(history.isEmpty || history.count >= (steps + 1) * valueCount, "a short history")
    precondition(losses.count >= steps * Self.blockSize, "a row of losses for each step")
    values.withUnsafeMutableBytes { values in
      coefficients.withUnsafeBytes { coefficients in
        history.withUnsafeMutableBytes { history in
          losses.withUnsafeMutableBufferPointer { losses in
            ckernels_lorenz_unroll(
              values.baseAddress, coefficients.baseAddress, Float(timestep), Block.laneCount,
              steps, history.isEmpty ? nil : history.baseAddress, losses.baseAddress)
          }
        }
      }
    }
  }

  public func advance(
    _ values: inout MutableSpan<Dual<SIMD16<Float>>>, coefficients: Span<Dual<SIMD16<Float>>>,
    steps: Int, losses: inout MutableSpan<Float>, lossTangents: inout MutableSpan<Float>
  ) {
    precondition(
      min(losses.count, lossTangents.count) >= steps * Self.blockSize, "a row for each step")
    values.withUnsafeMutableBytes { values in
      coefficients.withUnsafeBytes { coefficients in
        losses.withUnsafeMutableBufferPointer { losses in
          lossTangents.withUnsafeMutableBufferPointer { lossTangents in
            ckernels_lorenz_push_forward(
              values.baseAddress, coefficients.baseAddress, Float(timestep), steps,
              losses.baseAddress, lossTangents.baseAddress)
          }
        }
      }
    }
  }

  public func addLosses(
    _ values: inout [SIMD16<Float>], coefficients: [SIMD16<Float>], steps: Int,
    to sums: inout [SIMD16<Float>]
  ) {
    precondition(values.count >= sums.count * valueCount, "values for each block")
    precondition(coefficients.count >= sums.count * coefficientCount, "coefficients for each block")
    ckernels_lorenz_add_losses(
      &values, coefficients, Float(timestep), sums.count, steps, &sums)
  }
}
