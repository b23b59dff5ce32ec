import Differentiation
import Parameters
import Unrolls

/// Runs a dynamical system for a block of states, and keeps the memory that it takes.
///
/// Lanes beyond the block's states repeat its first one, so that nothing in them overflows.
struct BlockMemory<Block: Lanes> {
  var values: [Block] = []
  var coefficients: [Block] = []
  let tape = Tape<Block>()
  private(set) var history: [Block] = []

  /// Takes a step with one state, in place.
  mutating func advance<System: DynamicalSystem>(
    _ numbers: inout [Float], theta: [Float], of system: System
  ) -> Float where Block == Float {
    prepare([theta], of: system)
    var span = numbers.mutableSpan
    system.advance(&span, coefficients: coefficients.span)
    return system.loss(numbers.span)
  }

  mutating func unroll<System: DynamicalSystem>(
    _ states: inout [DynamicalState], thetas: [[Float]], steps: Int,
    losses: inout [Float], of system: System
  ) {
    prepare(thetas, of: system)
    gather(states)
    run(steps, keepingHistory: false, losses: &losses, of: system)
    scatter(to: &states, steps: steps)
  }

  /// Forward with every state kept, then back step by step.
  mutating func pullBack<System: DynamicalSystem>(
    _ states: inout [DynamicalState], theta: [Float], steps: Int,
    losses: inout [Float], gradients: inout [Float], of system: System
  ) {
    let count = system.valueCount
    prepare([theta], of: system)
    gather(states)
    run(steps, keepingHistory: true, losses: &losses, of: system)

    var adjoints = Array(repeating: Block(0), count: count)
    var coefficientAdjoints = Array(repeating: Block(0), count: system.coefficientCount)
    var adjointSpan = adjoints.mutableSpan
    var coefficientSpan = coefficientAdjoints.mutableSpan
    for step in (0..<steps).reversed() {
      system.pullBack(
        from: history.span.extracting(step * count..<(step + 1) * count),
        to: history.span.extracting((step + 1) * count..<(step + 2) * count),
        coefficients: coefficients.span, lossAdjoint: Block(1), adjoints: &adjointSpan,
        coefficientAdjoints: &coefficientSpan, tape: tape)
    }
    let gradient = pulledBack(coefficientAdjoints, theta: theta, of: system)
    add(gradient, to: &gradients, count: states.count)
    scatter(to: &states, steps: steps)
  }

  private mutating func run<System: DynamicalSystem>(
    _ steps: Int, keepingHistory keeps: Bool, losses: inout [Float], of system: System
  ) {
    // Out of self, where nothing else may be read while it is written.
    var past: [Block] = []
    if keeps {
      swap(&past, &history)
      let count = (steps + 1) * values.count
      if past.count < count { past = Array(repeating: Block(0), count: count) }
    }
    let coefficients = self.coefficients
    var pastSpan = past.mutableSpan
    var span = values.mutableSpan
    var rows = losses.mutableSpan
    system.advance(
      &span, coefficients: coefficients.span, steps: steps, history: &pastSpan, losses: &rows)
    if keeps { history = past }
  }
}
