import Testing

@testable import Physics

/// What is recorded and played gives the values of the same closure on `Double`, to the last bit.
struct TapeTests {
  /// Inputs, and what the closure makes of them.
  private typealias Lane = (inputs: [Double], outputs: [[Watched]])

  /// Some inputs are zeros and ones.
  private func lane(_ random: RandomProgram, _ draws: inout Draws) -> Lane {
    let inputs = (0..<random.inputCount).map { _ in
      draws.below(4) == 0 ? draws.constant() : draws.number(in: -3...3)
    }
    return (inputs, random(inputs.map { Watched($0) }))
  }

  private func record(_ random: RandomProgram) -> TapeProgram {
    let recorder = Recorder()
    let inputs = (0..<random.inputCount).map { _ in recorder.input() }
    return TapeProgram(recorder, sections: random(inputs))
  }

  private func mistakes(
    _ lanes: [Lane], _ program: TapeProgram, _ draws: inout Draws, _ generation: Generation
  ) -> Int {
    let count = lanes.count
    let slots = Slots(program, lanes: count)
    for (index, lane) in lanes.enumerated() {
      for (input, value) in lane.inputs.enumerated() {
        slots[program.slot(ofInput: input), index] = value
      }
    }
    program.play(section: 0, on: slots.base, lanes: count, generation: generation)
    var order = Array(1..<max(1, program.sectionCount))
    while !order.isEmpty {
      let section = order.remove(at: draws.below(order.count))
      program.play(section: section, on: slots.base, lanes: count, generation: generation)
    }
    var mistakes = 0
    for (index, lane) in lanes.enumerated() {
      for (input, value) in lane.inputs.enumerated()
      where slots[program.slot(ofInput: input), index] != value { mistakes += 1 }
      for (section, outputs) in lane.outputs.enumerated() {
        for (place, watched) in outputs.enumerated() where watched.isFinite {
          let value = watched.value
          let output = program.output(place, ofSection: section)
          if slots[output.slot, index] != value { mistakes += 1 }
          if let constant = output.constant, constant != value { mistakes += 1 }
        }
      }
    }
    return mistakes
  }

  @Test(arguments: 0..<20) func randomPrograms(_ batch: UInt64) {
    for seed in 100 * batch..<100 * (batch + 1) {
      let random = RandomProgram(seed: seed)
      let program = record(random)
      var draws = Draws(seed: ~seed)
      let lanes = (0..<32).map { _ in lane(random, &draws) }
      for count in [8, 16, 32] {
        for generation in Generation.all {
          let mistakes = mistakes(Array(lanes.suffix(count)), program, &draws, generation)
          #expect(mistakes == 0, "\(generation), seed \(seed), \(count) lanes")
        }
      }
    }
  }
}
