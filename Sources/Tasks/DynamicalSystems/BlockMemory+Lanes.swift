import Differentiation
import Parameters
import Unrolls

// From states and rows of numbers to lanes, and back.
extension BlockMemory {
  /// Makes the coefficients of a θ for each lane; of one for all if there is only one.
  mutating func prepare<System: DynamicalSystem>(_ thetas: [[Float]], of system: System) {
    if coefficients.count != system.coefficientCount {
      coefficients = Array(repeating: Block(0), count: system.coefficientCount)
    }
    let theta = (0..<system.layout.count).map { index in
      thetas.count > 1
        ? Block.filled(thetas.count) { thetas[$0][index] } : Block(thetas[0][index])
    }
    var span = coefficients.mutableSpan
    system.prepare(theta.span, into: &span)
  }

  /// Turns the derivative by coefficients into that by θ.
  func pulledBack<System: DynamicalSystem>(
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

  mutating func gather(_ states: [DynamicalState]) {
    let count = states[0].values.count
    if values.count != count { values = Array(repeating: Block(0), count: count) }
    for index in 0..<count {
      values[index] = Block.filled(states.count) { states[$0].values[index] }
    }
  }

  func scatter(to states: inout [DynamicalState], steps: Int) {
    for lane in states.indices {
      for index in values.indices { states[lane].values[index] = values[index][lane: lane] }
      states[lane].step += steps
    }
  }

  /// Rows of `count` numbers, a row a state, as a block each.
  func columns(of rows: [Float], count: Int, states: Int) -> [Block] {
    (0..<count).map { index in Block.filled(states) { rows[$0 * count + index] } }
  }

  func write(_ blocks: [Block], to rows: inout [Float], states: Int) {
    for lane in 0..<states {
      for index in blocks.indices { rows[lane * blocks.count + index] = blocks[index][lane: lane] }
    }
  }

  func add(_ blocks: [Block], to rows: inout [Float], count: Int) {
    for lane in 0..<count {
      for index in blocks.indices { rows[lane * blocks.count + index] += blocks[index][lane: lane] }
    }
  }
}
