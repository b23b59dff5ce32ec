public import Differentiation
public import Parameters

/// A learned optimizer that treats every inner parameter alike, written once for any
/// `DifferentiableNumber`.
public protocol ElementwiseOptimizer: LearnedOptimizer {
  /// Numbers that ``prepare(_:updates:into:)`` makes of θ.
  var coefficientCount: Int { get }

  /// Computes what a step needs of θ, once for all parameters.
  ///
  /// - Parameter updates: Those done before.
  func prepare<T: DifferentiableNumber>(
    _ theta: Span<T>, updates: Int, into coefficients: inout MutableSpan<T>)

  /// Takes a step of one parameter, `numbers[0]`, and its slots.
  func advance<T: DifferentiableNumber>(
    _ numbers: inout MutableSpan<T>, gradient: T, coefficients: Span<T>)
}

extension ElementwiseOptimizer {
  public func scratchCount(for tensors: ParameterLayout) -> Int { 0 }

  public func update<Real: KernelScalar>(_ step: OptimizerStep<Real>) {
    let theta = (0..<layout.count).map { step.theta.values[$0] }
    let coefficients = coefficients(of: theta, updates: step.updates)
    forEachParameter(step) { index, count, numbers in
      for row in 0...slotCount { numbers[row] = step.state.values[row * count + index] }
      var span = numbers.mutableSpan
      advance(&span, gradient: step.gradient.values[index], coefficients: coefficients.span)
      for row in 0...slotCount { step.state.values[row * count + index] = numbers[row] }
    }
  }

  public func pushForward<Real: KernelScalar>(_ step: OptimizerStep<Real>) {
    guard let tangents = step.state.tangents, let gradientTangents = step.gradient.tangents else {
      return
    }
    let theta = (0..<layout.count).map {
      Dual(step.theta.values[$0], tangent: step.theta.tangents?[$0] ?? 0)
    }
    let coefficients = coefficients(of: theta, updates: step.updates)
    forEachParameter(step) { (index, count, numbers: inout [Dual<Real>]) in
      for row in 0...slotCount {
        let place = row * count + index
        numbers[row] = Dual(step.state.values[place], tangent: tangents[place])
      }
      var span = numbers.mutableSpan
      advance(
        &span, gradient: Dual(step.gradient.values[index], tangent: gradientTangents[index]),
        coefficients: coefficients.span)
      for row in 0...slotCount {
        step.state.values[row * count + index] = numbers[row].value
        tangents[row * count + index] = numbers[row].tangent
      }
    }
  }

  public func pullBack<Real: KernelScalar>(
    _ step: OptimizerStep<Real>, _ adjoints: OptimizerAdjoints<Real>
  ) {
    let outer = Tape<Real>()
    let theta = (0..<layout.count).map { outer.variable(step.theta.values[$0]) }
    let coefficients = coefficients(of: theta, updates: step.updates)
    var coefficientAdjoints = [Real](repeating: 0, count: coefficientCount)
    let tape = Tape<Real>()
    var given = coefficients
    var before = [Reverse<Real>](repeating: Reverse(0), count: 1 + slotCount)
    forEachParameter(step) { (index, count, numbers: inout [Reverse<Real>]) in
      tape.clear()
      for place in given.indices { given[place] = tape.variable(coefficients[place].value) }
      let gradient = tape.variable(step.gradient.values[index])
      for row in 0...slotCount {
        before[row] = tape.variable(step.state.values[row * count + index])
        numbers[row] = before[row]
      }
      var span = numbers.mutableSpan
      advance(&span, gradient: gradient, coefficients: given.span)
      for row in 0...slotCount {
        tape.seed(numbers[row], with: adjoints.state[row * count + index])
      }
      tape.sweep()
      for place in given.indices { coefficientAdjoints[place] += tape.adjoint(of: given[place]) }
      guard adjoints.reachesState else { return }
      adjoints.gradient[index] = tape.adjoint(of: gradient)
      for row in 0...slotCount {
        adjoints.state[row * count + index] = tape.adjoint(of: before[row])
      }
    }
    for place in coefficients.indices {
      outer.seed(coefficients[place], with: coefficientAdjoints[place])
    }
    outer.sweep()
    for index in theta.indices { adjoints.theta[index] += outer.adjoint(of: theta[index]) }
  }

  private func coefficients<T: DifferentiableNumber>(of theta: [T], updates: Int) -> [T] {
    var coefficients = [T](repeating: T(0), count: coefficientCount)
    var span = coefficients.mutableSpan
    prepare(theta.span, updates: updates, into: &span)
    return coefficients
  }

  /// Calls `body` for each inner parameter with its index, how many there are, and room for it and its
  /// slots.
  private func forEachParameter<Real: KernelScalar, T: DifferentiableNumber>(
    _ step: OptimizerStep<Real>, _ body: (_ index: Int, _ count: Int, _ numbers: inout [T]) -> Void
  ) {
    var numbers = [T](repeating: T(0), count: 1 + slotCount)
    for index in 0..<step.tensors.count { body(index, step.tensors.count, &numbers) }
  }
}
