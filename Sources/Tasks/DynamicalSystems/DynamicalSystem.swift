public import Differentiation
import Parameters
public import Randomness
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
  func prepare<T: DifferentiableNumber>(_ theta: Span<T>, into coefficients: inout MutableSpan<T>)

  /// Takes one step: s ← f(s, θ).
  func advance<T: DifferentiableNumber>(_ values: inout MutableSpan<T>, coefficients: Span<T>)

  /// ℓ at a state that a step led to.
  func loss<T: DifferentiableNumber>(_ values: Span<T>) -> T

  /// Goes back through a step; by default with a tape. A system of few operations may do it by hand.
  ///
  /// - Parameters:
  ///   - before: The state before the step.
  ///   - after: The state after it.
  ///   - lossAdjoint: The weight of the step's loss in the result.
  ///   - adjoints: The derivative of the result by the values after the step, replaced by that by
  ///     the values before it. Those that θ never reaches may be left out.
  ///   - coefficientAdjoints: The step's part of the derivative by the coefficients is added.
  ///   - tape: To work on.
  func pullBack<T: DifferentiableNumber>(
    from before: Span<T>, to after: Span<T>, coefficients: Span<T>, lossAdjoint: T,
    adjoints: inout MutableSpan<T>, coefficientAdjoints: inout MutableSpan<T>, tape: Tape<T>)

  /// Takes many steps without derivatives; by default one after another. A system may have a kernel
  /// for it, of the same bits.
  ///
  /// - Parameters:
  ///   - history: Written, unless it is empty: the values before each step and after the last.
  ///   - losses: Written: lane j's loss of step i at i · ``blockSize`` + j.
  func advance<Block: Lanes>(
    _ values: inout MutableSpan<Block>, coefficients: Span<Block>, steps: Int,
    history: inout MutableSpan<Block>, losses: inout MutableSpan<Float>)

  /// Takes many steps with tangents; by default one after another. A system may have a kernel for
  /// it, of the same bits.
  ///
  /// - Parameters:
  ///   - losses: Written: lane j's loss of step i at i · ``blockSize`` + j; likewise `lossTangents`.
  func advance(
    _ values: inout MutableSpan<Dual<SIMD16<Float>>>, coefficients: Span<Dual<SIMD16<Float>>>,
    steps: Int, losses: inout MutableSpan<Float>, lossTangents: inout MutableSpan<Float>)

  /// Takes many steps with several blocks of particles and adds up the losses of each particle; by
  /// default block after block. A system may have a kernel for it, of the same bits.
  ///
  /// - Parameters:
  ///   - values: The values of each block, block after block; likewise `coefficients`.
  ///   - sums: A value a block, added to in the order of the steps.
  func addLosses(
    _ values: inout [SIMD16<Float>], coefficients: [SIMD16<Float>], steps: Int,
    to sums: inout [SIMD16<Float>])
}

extension DynamicalSystem {
  public var coefficientCount: Int { layout.count }

  @inlinable
  public func prepare<T: DifferentiableNumber>(
    _ theta: Span<T>, into coefficients: inout MutableSpan<T>
  ) {
    for index in theta.indices { coefficients[index] = theta[index] }
  }

  @inlinable
  public func pullBack<T: DifferentiableNumber>(
    from before: Span<T>, to after: Span<T>, coefficients: Span<T>, lossAdjoint: T,
    adjoints: inout MutableSpan<T>, coefficientAdjoints: inout MutableSpan<T>, tape: Tape<T>
  ) {
    pullBackOnTape(
      from: before, coefficients: coefficients, lossAdjoint: lossAdjoint, adjoints: &adjoints,
      coefficientAdjoints: &coefficientAdjoints, tape: tape)
  }

  /// Goes back through a step with a tape, for any system.
  @inlinable
  public func pullBackOnTape<T: DifferentiableNumber>(
    from before: Span<T>, coefficients: Span<T>, lossAdjoint: T, adjoints: inout MutableSpan<T>,
    coefficientAdjoints: inout MutableSpan<T>, tape: Tape<T>
  ) {
    tape.clear()
    let variables = before.indices.map { tape.variable(before[$0]) }
    let given = coefficients.indices.map { tape.variable(coefficients[$0]) }
    var after = variables
    var span = after.mutableSpan
    advance(&span, coefficients: given.span)
    let loss = self.loss(after.span)
    for index in after.indices { tape.seed(after[index], with: adjoints[index]) }
    tape.seed(loss, with: lossAdjoint)
    tape.sweep()
    for index in variables.indices { adjoints[index] = tape.adjoint(of: variables[index]) }
    for index in given.indices { coefficientAdjoints[index] += tape.adjoint(of: given[index]) }
  }
}
