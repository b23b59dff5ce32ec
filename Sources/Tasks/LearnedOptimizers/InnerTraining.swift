import Datasets
import Parameters

/// One thread's training of inner networks: a step of it, its loss, and both their derivatives.
///
/// Backwards, the derivative of a step by the parameters has a product of the inner loss's Hessian. It
/// is the derivative of the gradient along a direction, so that forward mode gives it.
final class InnerTraining<Real: KernelScalar> {
  let problem: InnerProblem
  let training: Batch<Real>
  let judging: Batch<Real>
  private let network: NetworkMemory<Real>
  /// The inner gradient, then its tangents.
  private let gradient: Buffer<Real>
  private let losses: Buffer<Real>
  private let probabilities: Buffer<Real>
  /// Adjoints of logits, then their tangents.
  private let logitSlopes: Buffer<Real>
  private let scratch: Buffer<Real>

  init(_ problem: InnerProblem) {
    self.problem = problem
    let (columns, classes) = (problem.columns, problem.network.classCount)
    training = Batch(pixelCount: problem.data.shape.pixelCount, columns: columns)
    judging = Batch(pixelCount: problem.data.shape.pixelCount, columns: columns)
    network = NetworkMemory(problem.network, columns: columns)
    gradient = Buffer(count: 2 * problem.network.layout.count)
    // A row of losses and one of their tangents.
    losses = Buffer(count: 2 * columns)
    probabilities = Buffer(count: classes * columns)
    logitSlopes = Buffer(count: 2 * classes * columns)
    scratch = Buffer(count: problem.optimizer.scratchCount(for: problem.network.layout))
  }

  var parameterCount: Int { problem.network.layout.count }

  // MARK: The inner loss

  /// Computes the inner gradient on the training batch, and, where the parameters have tangents, its
  /// derivative along them.
  func innerGradient(of parameters: Signal<Real>) -> Signal<Real> {
    gradient.clear()
    let result = Signal(
      gradient.start, tangents: parameters.tangents.map { _ in gradient.start + parameterCount })
    addGradient(of: parameters, on: training, limit: Real.infinity, to: result)
    return result
  }

  /// Runs the network on a batch and adds the loss's gradient, and its tangents where the parameters
  /// have some.
  private func addGradient(
    of parameters: Signal<Real>, on batch: Batch<Real>, limit: Real, to gradient: Signal<Real>
  ) {
    let logits = network.forward(
      parameters: parameters, input: batch.images.start, keepsSlopes: true)
    let slopes = setLosses(logits, on: batch, limit: limit, withSlopes: true)
    network.pullBack(
      parameters: parameters, input: batch.images.start, logits: slopes, into: gradient)
  }

  /// Writes each image's loss, and, if asked for, the mean loss's derivatives by the logits.
  @discardableResult
  private func setLosses(
    _ logits: Signal<Real>, on batch: Batch<Real>, limit: Real, withSlopes: Bool
  ) -> Signal<Real> {
    let (columns, classes) = (problem.columns, problem.network.classCount)
    let scale = 1 / Real(problem.batchSize)
    let slopes = Signal(
      logitSlopes.start,
      tangents: logits.tangents.map { _ in logitSlopes.start + classes * columns })
    Real.crossEntropy(
      classes, columns, problem.batchSize, logits.values, batch.labels, limit, scale, losses.start,
      probabilities.start, withSlopes ? slopes.values : nil)
    if let tangents = logits.tangents {
      Real.crossEntropyTangent(
        classes, columns, problem.batchSize, tangents, batch.labels, limit, scale, losses.start,
        probabilities.start, losses.start + columns, withSlopes ? slopes.tangents : nil)
    }
    return slopes
  }

  // MARK: The outer loss

  private var limit: Real {
    Real(problem.outerLoss.limit(classCount: problem.network.classCount))
  }

  /// The outer loss on the judging batch, and its derivative along the parameters' tangents.
  func outerLoss(of parameters: Signal<Real>) -> (loss: Real, tangent: Real) {
    let logits = network.forward(
      parameters: parameters, input: judging.images.start, keepsSlopes: false)
    if problem.outerLoss == .accuracy { return (-accuracy(logits.values), 0) }
    setLosses(logits, on: judging, limit: limit, withSlopes: false)
    let tangent = logits.tangents == nil ? 0 : mean(losses.start + problem.columns)
    return (mean(losses.start), tangent)
  }

  /// The outer loss, whose gradient is added.
  func outerLoss(
    of parameters: Signal<Real>, into gradient: UnsafeMutablePointer<Real>
  ) -> Real {
    if problem.outerLoss == .accuracy { return outerLoss(of: parameters).loss }
    addGradient(of: parameters, on: judging, limit: limit, to: Signal(gradient))
    return mean(losses.start)
  }

  /// Adds in the images' order, as the reference does: evolution strategies divide the difference of
  /// two means by σ², so that a different last digit of one shows.
  private func mean(_ losses: UnsafePointer<Real>) -> Real {
    var sum: Real = 0
    for column in 0..<problem.batchSize { sum += losses[column] }
    return sum / Real(problem.batchSize)
  }

  private func accuracy(_ logits: UnsafePointer<Real>) -> Real {
    var hits = 0
    for column in 0..<problem.batchSize {
      var best = 0
      for label in 1..<problem.network.classCount
      where logits[label * problem.columns + column] > logits[best * problem.columns + column] {
        best = label
      }
      if best == Int(judging.labels[column]) { hits += 1 }
    }
    return Real(hits) / Real(problem.batchSize)
  }

  // MARK: Steps

  /// Takes one inner step on the training batch.
  func advance(
    _ state: UnsafeMutablePointer<Real>, updates: Int, theta: UnsafeMutablePointer<Real>
  ) {
    let gradient = innerGradient(of: Signal(state))
    Real.update(
      step(Signal(state), updates: updates, theta: Signal(theta), gradient: gradient),
      with: problem.optimizer)
  }

  /// Takes one inner step with the tangents of state and θ, 0 where θ has none.
  ///
  /// - Parameter beforehand: Called with the step before it is taken.
  func pushForward(
    _ state: Signal<Real>, updates: Int, theta: Signal<Real>,
    beforehand: (OptimizerStep<Real>) -> Void = { _ in }
  ) {
    let gradient = innerGradient(of: state)
    let step = step(state, updates: updates, theta: theta, gradient: gradient)
    beforehand(step)
    Real.pushForward(step, with: problem.optimizer)
  }

  func step(
    _ state: Signal<Real>, updates: Int, theta: Signal<Real>, gradient: Signal<Real>
  ) -> OptimizerStep<Real> {
    OptimizerStep(
      tensors: problem.network.layout, updates: updates, theta: theta, state: state,
      gradient: gradient, scratch: scratch.start)
  }
}
