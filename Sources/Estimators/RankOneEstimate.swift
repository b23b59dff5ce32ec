/// UORO's estimate s̃ θ̃ᵀ of the derivative of each particle's state by θ.
public struct RankOneEstimate: Codable, Sendable {
  /// s̃: rows of state values.
  public internal(set) var state: [Float]
  /// θ̃: θ-rows.
  public private(set) var theta: [Float]
  private let particleCount: Int

  /// 0 for all particles.
  init(particleCount: Int, valueCount: Int, thetaCount: Int) {
    state = [Float](repeating: 0, count: particleCount * valueCount)
    theta = [Float](repeating: 0, count: particleCount * thetaCount)
    self.particleCount = particleCount
  }

  /// Makes one matrix of rank one of two: a₁ b₁ᵀ, of the state's own derivative, and a₂ b₂ᵀ, of what
  /// a step adds to it.
  ///
  /// s̃ ← ρ₁ a₁ + ρ₂ a₂ and θ̃ ← b₁/ρ₁ + b₂/ρ₂, in which the mixed products have mean 0 over ν and
  /// ρ = √(‖b‖/‖a‖), kept from 0 and from ∞, makes both factors equally large.
  ///
  /// - Parameters:
  ///   - signs: a₂ = ν, where `state` holds a₁ = (∂f/∂s) s̃.
  ///   - products: b₂ = νᵀ ∂f/∂θ, where `theta` holds b₁ = θ̃.
  mutating func combine(signs: [Float], products: [Float]) {
    let (valueCount, thetaCount) = (state.count / particleCount, theta.count / particleCount)
    for particle in 0..<particleCount {
      let values = particle * valueCount..<(particle + 1) * valueCount
      let entries = particle * thetaCount..<(particle + 1) * thetaCount
      let kept = ratio(theta.span.extracting(entries), state.span.extracting(values))
      let added = ratio(products.span.extracting(entries), signs.span.extracting(values))
      for index in values { state[index] = kept * state[index] + added * signs[index] }
      for index in entries { theta[index] = theta[index] / kept + products[index] / added }
    }
  }

  /// Back to 0 for a particle whose episode ended.
  mutating func clear(_ particle: Int) {
    let (valueCount, thetaCount) = (state.count / particleCount, theta.count / particleCount)
    for index in 0..<valueCount { state[particle * valueCount + index] = 0 }
    for index in 0..<thetaCount { theta[particle * thetaCount + index] = 0 }
  }
}

/// ρ = √(‖b‖/(‖a‖ + 10⁻⁷)) + 10⁻⁷.
private func ratio(_ b: Span<Float>, _ a: Span<Float>) -> Float {
  let small: Float = 1e-7
  return (norm(b) / (norm(a) + small)).squareRoot() + small
}

private func norm(_ vector: Span<Float>) -> Float {
  var sum: Float = 0
  for index in vector.indices { sum += vector[index] * vector[index] }
  return sum.squareRoot()
}
