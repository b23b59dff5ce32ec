import Differentiation
import Parameters
import Unrolls

// Forward mode: along a direction for each state.
extension BlockMemory where Block == SIMD16<Float> {
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
    system.advance(
      &span, coefficients: coefficients.span, steps: steps, losses: &rows,
      lossTangents: &tangentRows)
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
    let before = values
    let moving = columns(of: tangents, count: system.valueCount, states: states.count)
    var duals = values.indices.map { Dual(values[$0], tangent: moving[$0]) }
    var span = duals.mutableSpan
    let still = coefficients.map { Dual($0, tangent: Block(0)) }
    system.advance(&span, coefficients: still.span)
    for index in duals.indices { values[index] = duals[index].value }
    write(duals.map(\.tangent), to: &tangents, states: states.count)

    var adjoints = columns(of: adjoints, count: system.valueCount, states: states.count)
    var coefficientAdjoints = Array(repeating: Block(0), count: system.coefficientCount)
    var adjointSpan = adjoints.mutableSpan
    var coefficientSpan = coefficientAdjoints.mutableSpan
    system.pullBack(
      from: before.span, to: values.span, coefficients: coefficients.span, lossAdjoint: Block(0),
      adjoints: &adjointSpan, coefficientAdjoints: &coefficientSpan, tape: tape)
    let gradient = pulledBack(coefficientAdjoints, theta: theta, of: system)
    write(gradient, to: &products, states: states.count)
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
