import CPhysics
import Testing

@testable import Physics

/// Each of the player's operations by itself.
struct OperationTests {
  /// A pattern's value where letters stand for numbers.
  private func value<Number: DynamicsNumber>(
    of pattern: OperationPattern, slots: [Number], constants: [Number]
  ) -> Number {
    func value(_ pattern: OperationPattern) -> Number {
      self.value(of: pattern, slots: slots, constants: constants)
    }
    switch pattern {
    case .slot(let number): return slots[number]
    case .constant(let number): return constants[number]
    case .node(let operation, let parts):
      switch operation {
      case .spread: return value(parts[0])
      case .sum: return value(parts[0]) + value(parts[1])
      case .difference: return value(parts[0]) - value(parts[1])
      case .product: return value(parts[0]) * value(parts[1])
      case .quotient: return value(parts[0]) / value(parts[1])
      case .negation: return -value(parts[0])
      case .squareRoot: return value(parts[0]).squareRoot()
      case .magnitude: return value(parts[0]).magnitude
      case .selection:
        return .select(
          value(parts[0]), lessThan: value(parts[1]), value(parts[2]), value(parts[3]))
      case .input, .sine, .cosine, .power:
        Issue.record("\(operation) is no part of an expression")
        return Number(0)
      }
    }
  }

  /// What an operation computes becomes that operation, alone, and it computes that.
  @Test(arguments: PlayedOperation.all.indices) func eachIsUsed(_ index: Int) {
    let operation = PlayedOperation.all[index]
    let constants = Array([0.7, 1.3, 0.3].prefix(operation.constantCount))
    let recorder = Recorder()
    let inputs = (0..<operation.slotCount).map { _ in recorder.input() }
    let recorded = value(
      of: operation.pattern, slots: inputs, constants: constants.map { RecordedNumber($0) })
    let program = TapeProgram(recorder, sections: [[recorded]])
    #expect(program.sections[0].instructionCount == 1)
    #expect(program.sections[0].code.prefix(2) == [operation.code, 1])

    var draws = Draws(seed: UInt64(index))
    for lanes in [8, 16, 32] {
      let slots = Slots(program, lanes: lanes)
      for input in inputs.indices {
        for lane in 0..<lanes { slots[input, lane] = draws.number(in: 0.1...2) }
      }
      for generation in Generation.all {
        program.play(section: 0, on: slots.base, lanes: lanes, generation: generation)
        for lane in 0..<lanes {
          let expected = value(
            of: operation.pattern, slots: inputs.indices.map { slots[$0, lane] },
            constants: constants)
          #expect(slots[program.output(0, ofSection: 0).slot, lane] == expected, "\(generation)")
        }
      }
    }
  }

  /// Every arithmetic sign has an operation, with a constant at each place where one may stand.
  @Test func shortOperationsAreThere() {
    let patterns = PlayedOperation.all.map(\.pattern)
    for operation in [TapeOperation.sum, .difference, .product, .quotient] {
      #expect(patterns.contains(.node(operation, [.slot(0), .slot(1)])))
    }
    for operation in [TapeOperation.difference, .quotient] {
      #expect(patterns.contains(.node(operation, [.constant(0), .slot(0)])))
    }
    for operation in [TapeOperation.sum, .product, .quotient] {
      #expect(patterns.contains(.node(operation, [.slot(0), .constant(0)])))
    }
  }

  @Test func expressionsAreRead() {
    var parser = ExpressionParser("k / root(a * b - (c + -d))")
    let difference = OperationPattern.node(
      .difference,
      [
        .node(.product, [.slot(0), .slot(1)]),
        .node(.sum, [.slot(2), .node(.negation, [.slot(3)])]),
      ])
    #expect(
      parser.expression()
        == .node(.quotient, [.constant(0), .node(.squareRoot, [difference])]))
  }
}
