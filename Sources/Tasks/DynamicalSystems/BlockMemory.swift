import Parameters
import Tensors
import Unrolls

/// Runs a dynamical system for a block of states, and keeps the memory that it takes.
///
/// Lanes beyond the block's states repeat its first one, so that nothing in them overflows.
struct BlockMemory<Block: Lanes> {
  private var values: [Block] = []
  private var coefficients: [Block] = []
  private var history: [Block] = []
  private let tape = Tape<Block>()

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
    let coefficients = self.coefficients
    var rows = losses.mutableSpan
    var span = values.mutableSpan
    for step in 0..<steps {
      system.advance(&span, coefficients: coefficients.span)
      let loss: Block = system.loss(span.span)
      loss.store(to: step, of: &rows)
    }
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
    // Out of self, which is written to while they are read.
    var history: [Block] = []
    swap(&history, &self.history)
    if history.count < steps * count {
      history = Array(repeating: Block(0), count: steps * count)
    }
    keep(&history, steps: steps, losses: &losses, of: system)

    var adjoints = Array(repeating: Block(0), count: count)
    var coefficientAdjoints = Array(repeating: Block(0), count: system.coefficientCount)
    var adjointSpan = adjoints.mutableSpan
    var coefficientSpan = coefficientAdjoints.mutableSpan
    let coefficients = self.coefficients
    for step in (0..<steps).reversed() {
      system.pullBack(
        history.span.extracting(step * count..<(step + 1) * count), coefficients: coefficients.span,
        lossAdjoint: Block(1), adjoints: &adjointSpan, coefficientAdjoints: &coefficientSpan,
        tape: tape)
    }
    self.history = history
    add(
      pulledBack(coefficientAdjoints, theta: theta, of: system), to: &gradients,
      count: states.count)
    scatter(to: &states, steps: steps)
  }

  /// Unrolls, keeping the values before each step.
  private mutating func keep<System: DynamicalSystem>(
    _ history: inout [Block], steps: Int, losses: inout [Float], of system: System
  ) {
    let count = system.valueCount
    let coefficients = self.coefficients
    var past = history.mutableSpan
    var span = values.mutableSpan
    var rows = losses.mutableSpan
    for step in 0..<steps {
      for index in 0..<count { past[step * count + index] = span[index] }
      system.advance(&span, coefficients: coefficients.span)
      let loss: Block = system.loss(span.span)
      loss.store(to: step, of: &rows)
    }
  }

  mutating func pushForward<System: DynamicalSystem>(
    _ states: inout [DynamicalState], tangents: inout [Float], theta: [Float],
    directions: [Float], steps: Int, losses: inout [Float], lossTangents: inout [Float],
    of system: System
  ) {
    let directions = columns(of: directions, count: theta.count, states: states.count)
    let duals = theta.indices.map { Dual(Block(theta[$0]), tangent: directions[$0]) }
    var coefficients = Array(repeating: Dual<Block>(0), count: system.coefficientCount)
    var coefficientSpan = coefficients.mutableSpan
    system.prepare(duals.span, into: &coefficientSpan)
    gather(states)
    let moving = columns(of: tangents, count: system.valueCount, states: states.count)
    var values = self.values.indices.map { Dual(self.values[$0], tangent: moving[$0]) }
    var span = values.mutableSpan
    var rows = losses.mutableSpan
    var tangentRows = lossTangents.mutableSpan
    for step in 0..<steps {
      system.advance(&span, coefficients: coefficients.span)
      let loss: Dual<Block> = system.loss(span.span)
      loss.value.store(to: step, of: &rows)
      loss.tangent.store(to: step, of: &tangentRows)
    }
    for index in values.indices { self.values[index] = values[index].value }
    write(values.map(\.tangent), to: &tangents, states: states.count)
    scatter(to: &states, steps: steps)
  }

  mutating func transition<System: DynamicalSystem>(
    _ states: inout [DynamicalState], tangents: inout [Float], adjoints: [Float],
    theta: [Float], products: inout [Float], of system: System
  ) {
    prepare([theta], of: system)
    gather(states)
    var adjoints = columns(of: adjoints, count: system.valueCount, states: states.count)
    var coefficientAdjoints = Array(repeating: Block(0), count: system.coefficientCount)
    var adjointSpan = adjoints.mutableSpan
    var coefficientSpan = coefficientAdjoints.mutableSpan
    system.pullBack(
      values.span, coefficients: coefficients.span, lossAdjoint: Block(0),
      adjoints: &adjointSpan, coefficientAdjoints: &coefficientSpan, tape: tape)
    let gradient = pulledBack(coefficientAdjoints, theta: theta, of: system)
    write(gradient, to: &products, states: states.count)

    let moving = columns(of: tangents, count: system.valueCount, states: states.count)
    var duals = values.indices.map { Dual(values[$0], tangent: moving[$0]) }
    var span = duals.mutableSpan
    let still = coefficients.map { Dual($0, tangent: Block(0)) }
    system.advance(&span, coefficients: still.span)
    for index in duals.indices { values[index] = duals[index].value }
    write(duals.map(\.tangent), to: &tangents, states: states.count)
    scatter(to: &states, steps: 1)
  }

  mutating func losses<System: DynamicalSystem>(
    at states: [DynamicalState], tangents: [Float], losses: inout [Float],
    lossTangents: inout [Float], of system: System
  ) {
    gather(states)
    let moving = columns(of: tangents, count: system.valueCount, states: states.count)
    let duals = values.indices.map { Dual(values[$0], tangent: moving[$0]) }
    let loss: Dual<Block> = system.loss(duals.span)
    for lane in states.indices {
      losses[lane] = loss.value[lane: lane]
      lossTangents[lane] = loss.tangent[lane: lane]
    }
  }
}

// MARK: In and out

extension BlockMemory {
  /// Makes the coefficients of a θ for each lane; of one for all if there is only one.
  private mutating func prepare<System: DynamicalSystem>(_ thetas: [[Float]], of system: System) {
    if coefficients.count != system.coefficientCount {
      coefficients = Array(repeating: Block(0), count: system.coefficientCount)
    }
    let theta = (0..<system.layout.count).map { index in
      var block = Block(thetas[0][index])
      if thetas.count > 1 {
        for lane in thetas.indices { block[lane: lane] = thetas[lane][index] }
      }
      return block
    }
    var span = coefficients.mutableSpan
    system.prepare(theta.span, into: &span)
  }

  /// Turns the derivative by coefficients into that by θ.
  private func pulledBack<System: DynamicalSystem>(
    _ adjoints: [Block], theta: [Float], of system: System
  ) -> [Block] {
    tape.clear()
    let variables: [Reverse<Block>] = theta.map { tape.variable(Block($0)) }
    var results = Array(repeating: Reverse<Block>(0), count: adjoints.count)
    var span = results.mutableSpan
    system.prepare(variables.span, into: &span)
    for (result, adjoint) in zip(results, adjoints) { tape.seed(result, with: adjoint) }
    tape.sweep()
    return variables.map { tape.adjoint(of: $0) }
  }

  private mutating func gather(_ states: [DynamicalState]) {
    let count = states[0].values.count
    if values.count != count { values = Array(repeating: Block(0), count: count) }
    for index in 0..<count {
      var block = Block(states[0].values[index])
      for lane in states.indices { block[lane: lane] = states[lane].values[index] }
      values[index] = block
    }
  }

  private func scatter(
    to states: inout [DynamicalState], steps: Int
  ) {
    for lane in states.indices {
      for index in values.indices { states[lane].values[index] = values[index][lane: lane] }
      states[lane].step += steps
    }
  }

  /// Rows of `count` numbers, a row a state, as a block each.
  private func columns(of rows: [Float], count: Int, states: Int) -> [Block] {
    (0..<count).map { index in
      var block = Block(rows[index])
      for lane in 0..<states { block[lane: lane] = rows[lane * count + index] }
      return block
    }
  }

  private func write(_ blocks: [Block], to rows: inout [Float], states: Int) {
    for lane in 0..<states {
      for index in blocks.indices { rows[lane * blocks.count + index] = blocks[index][lane: lane] }
    }
  }

  private func add(_ blocks: [Block], to rows: inout [Float], count: Int) {
    for lane in 0..<count {
      for index in blocks.indices { rows[lane * blocks.count + index] += blocks[index][lane: lane] }
    }
  }
}
