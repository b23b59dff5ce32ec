/// A task that takes the steps of many particles side by side, faster than one after another.
///
/// Episodes end at the horizon only. A state that has got there, whose step index is the horizon,
/// stays until ``restart(_:theta:key:in:)``.
public protocol BlockTask<State>: UnrolledTask {
  /// Advances states side by side; each has the numbers that ``advance(_:theta:key:in:)`` gives it.
  ///
  /// - Parameters:
  ///   - states: At most ``lossStride``, none of which has less than `steps` steps to the horizon.
  ///   - thetas: A θ for each state.
  ///   - particles: The particle of each state, which its keys are derived for.
  ///   - losses: Written: the loss of step i of state j at i · ``lossStride`` + j; `steps` such rows.
  func unroll(
    _ states: inout [State], thetas: [[Float]], steps: Int, keys: StepKeys, particles: [Int],
    losses: inout [Float], in scratch: inout Scratch) throws

  /// Replaces a state at the horizon by the start of the next episode.
  ///
  /// - Parameter key: Of the step that reached the horizon.
  func restart(_ state: inout State, theta: [Float], key: StepKey, in scratch: inout Scratch) throws
}

extension BlockTask {
  /// All states at once, up to where the first of them gets to the horizon.
  @inlinable
  public func unroll(
    _ states: inout [State], upTo steps: Int, thetas: [[Float]], keys: StepKeys, particles: [Int],
    losses: inout [Float], in scratch: inout Scratch
  ) throws -> UnrollOutcome {
    var steps = steps
    for index in states.indices { steps = min(steps, horizon - stepIndex(of: states[index])) }
    try unroll(
      &states, thetas: thetas, steps: steps, keys: keys, particles: particles, losses: &losses,
      in: &scratch)
    for index in states.indices where stepIndex(of: states[index]) == horizon {
      try restart(
        &states[index], theta: thetas[index],
        key: keys.key(step: steps - 1, particle: particles[index]), in: &scratch)
    }
    return UnrollOutcome(steps: steps, simulatedSteps: steps * states.count)
  }
}

/// A task whose transition f and loss ℓ can be differentiated: s′ = f(s, θ), L = ℓ(s′).
///
/// Derivatives are by θ and by the state's float values, of which there are ``valueCount``. Arrays
/// hold a row a state.
public protocol DifferentiableTask<State>: BlockTask {
  /// How many particles' derivatives are summed before they are added to those of others: by default
  /// a block's. It fixes the order of float32 additions, and with it the bits of a gradient.
  static var summedParticles: Int { get }
  /// Float values of a state.
  var valueCount: Int { get }
  /// The arrays that these values are, in order; by default each is one of its own.
  var valueLeaves: [ValueLeaf] { get }

  /// Reverse mode through several steps: ∂(ΣL)/∂θ, the states before them held fixed.
  ///
  /// - Parameters:
  ///   - states: As for ``BlockTask/unroll(_:thetas:steps:keys:particles:losses:in:)``; they advance.
  ///   - losses: Written likewise.
  ///   - gradients: θ-rows; the derivative of each state's sum of losses is added.
  func pullBack(
    _ states: inout [State], theta: [Float], steps: Int, keys: StepKeys, particles: [Int],
    losses: inout [Float], gradients: inout [Float], in scratch: inout Scratch) throws

  /// Forward mode through several steps along a direction.
  ///
  /// - Parameters:
  ///   - tangents: Rows of state values: ṡ of each state; they advance.
  ///   - directions: θ-rows: the direction of each state.
  ///   - lossTangents: Written like `losses`: L̇ of each step.
  func pushForward(
    _ states: inout [State], tangents: inout [Float], theta: [Float], directions: [Float],
    steps: Int, keys: StepKeys, particles: [Int], losses: inout [Float],
    lossTangents: inout [Float], in scratch: inout Scratch) throws

  /// One transition's products for UORO (Tallec & Ollivier 2017).
  ///
  /// - Parameters:
  ///   - tangents: Rows of state values: s̃, replaced by (∂f/∂s) s̃.
  ///   - adjoints: Rows of state values: ν.
  ///   - products: θ-rows, written: νᵀ ∂f/∂θ.
  func transition(
    _ states: inout [State], tangents: inout [Float], adjoints: [Float], theta: [Float],
    keys: StepKeys, particles: [Int], products: inout [Float], in scratch: inout Scratch) throws

  /// The losses at states that a transition gave, and their derivatives along tangents.
  ///
  /// - Parameters:
  ///   - losses: Written: a value a state.
  ///   - lossTangents: Written: (∂ℓ/∂s) ṡ.
  func losses(
    at states: [State], tangents: [Float], theta: [Float], keys: StepKeys, particles: [Int],
    losses: inout [Float], lossTangents: inout [Float], in scratch: inout Scratch) throws
}

extension DifferentiableTask {
  public static var summedParticles: Int { blockSize }

  public var valueLeaves: [ValueLeaf] {
    (0..<valueCount).map { ValueLeaf(offset: $0, count: 1) }
  }
}

/// An array of a state's values, of shape (count, depth), which lies by columns: number (i, j) is value
/// `offset` + j · `stride` + i.
public struct ValueLeaf: Hashable, Sendable {
  public var offset: Int
  public var count: Int
  public var depth: Int
  public var stride: Int

  public init(offset: Int, count: Int, depth: Int = 1, stride: Int = 0) {
    self.offset = offset
    self.count = count
    self.depth = depth
    self.stride = stride
  }
}
