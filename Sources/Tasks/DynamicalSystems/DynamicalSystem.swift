import Parameters
public import Randomness
public import Tensors
public import Unrolls

/// What a new dynamical system writes: its start, its transition and its loss, once for all of
/// evaluation, forward and reverse mode. It is then a task for every estimator.
public protocol DynamicalSystem: DifferentiableTask
where State == DynamicalState, Scratch == DynamicalScratch {
  /// The name that tags and run folders use.
  var name: String { get }
  /// Numbers that ``prepare(_:into:)`` makes of θ; by default θ's own count.
  var coefficientCount: Int { get }

  /// The state at step 0, `valueCount` numbers.
  func initialValues(key: PRNGKey) -> [Float]

  /// Computes what a step needs of θ, once for many steps; by default θ itself.
  func prepare<T: Tensor>(_ theta: Span<T>, into coefficients: inout MutableSpan<T>)

  /// Takes one step: s ← f(s, θ).
  func advance<T: Tensor>(_ values: inout MutableSpan<T>, coefficients: Span<T>)

  /// ℓ at a state that a step led to.
  func loss<T: Tensor>(_ values: Span<T>) -> T

  /// Goes back through a step; by default with a tape. A system of few operations may do it by hand.
  ///
  /// - Parameters:
  ///   - values: The state before the step.
  ///   - lossAdjoint: The weight of the step's loss in the result.
  ///   - adjoints: The derivative of the result by the values after the step, replaced by that by
  ///     the values before it. Those that θ never reaches may be left out.
  ///   - coefficientAdjoints: The step's part of the derivative by the coefficients is added.
  ///   - tape: To work on.
  func pullBack<T: Tensor>(
    _ values: Span<T>, coefficients: Span<T>, lossAdjoint: T, adjoints: inout MutableSpan<T>,
    coefficientAdjoints: inout MutableSpan<T>, tape: Tape<T>)
}

extension DynamicalSystem {
  public var coefficientCount: Int { layout.count }

  @inlinable
  public func prepare<T: Tensor>(_ theta: Span<T>, into coefficients: inout MutableSpan<T>) {
    for index in theta.indices { coefficients[index] = theta[index] }
  }

  @inlinable
  public func pullBack<T: Tensor>(
    _ values: Span<T>, coefficients: Span<T>, lossAdjoint: T, adjoints: inout MutableSpan<T>,
    coefficientAdjoints: inout MutableSpan<T>, tape: Tape<T>
  ) {
    tape.clear()
    let before = values.indices.map { tape.variable(values[$0]) }
    let given = coefficients.indices.map { tape.variable(coefficients[$0]) }
    var after = before
    var span = after.mutableSpan
    advance(&span, coefficients: given.span)
    let loss = self.loss(after.span)
    for index in after.indices { tape.seed(after[index], with: adjoints[index]) }
    tape.seed(loss, with: lossAdjoint)
    tape.sweep()
    for index in before.indices { adjoints[index] = tape.adjoint(of: before[index]) }
    for index in given.indices { coefficientAdjoints[index] += tape.adjoint(of: given[index]) }
  }
}
