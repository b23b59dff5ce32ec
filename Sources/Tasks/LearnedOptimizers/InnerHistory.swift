import Parameters

/// What reverse mode through an episode keeps: the states and inner gradients of its steps.
final class InnerHistory<Real: KernelScalar> {
  private var rows = Buffer<Real>(count: 0)
  /// Of a state and of an inner gradient.
  private let counts: (state: Int, gradient: Int)
  let adjoints: Buffer<Real>
  let gradientAdjoints: Buffer<Real>

  init(_ problem: InnerProblem) {
    counts = (problem.valueCount, problem.network.layout.count)
    adjoints = Buffer(count: counts.state)
    gradientAdjoints = Buffer(count: counts.gradient)
  }

  func reserve(steps: Int) {
    let count = steps * (counts.state + counts.gradient)
    if rows.count < count { rows = Buffer(count: count) }
  }

  /// The state before a step.
  func state(_ step: Int) -> UnsafeMutablePointer<Real> {
    rows.start + step * (counts.state + counts.gradient)
  }

  /// The inner gradient of a step.
  func gradient(_ step: Int) -> UnsafeMutablePointer<Real> { state(step) + counts.state }
}
