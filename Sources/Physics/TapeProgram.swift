import CPhysics

/// What was recorded, as a program that is played for several lanes at once: 8, 16 or 32.
///
/// Its values lie in slots: rows of a double a lane, one after the other; the first begins at an address
/// that is divisible by 64. Section 0 runs first; others may run after it, in any order, each or not.
/// They see the inputs and what section 0 computes, not each other. Inputs, outputs and what other
/// sections need of section 0 stay in their slots until section 0 runs again; inputs stay longer.
package struct TapeProgram: Sendable {
  /// Where an output is found after its section has run.
  package struct Output: Sendable {
    /// The slot: its own, an input's, or another output's with the same value. An output that is a constant
    /// has a slot too, which its section fills.
    package let slot: Int
    /// The value, where it was known while recording.
    package let constant: Double?
  }

  /// A part of the program.
  struct Section: Sendable {
    var code: [Int32] = []
    /// How often the player chooses what to do.
    var groupCount = 0
    var instructionCount = 0
  }

  /// How many slots it needs.
  package let slotCount: Int
  package let inputCount: Int
  private let outputs: [[Output]]
  let sections: [Section]
  let constants: [Double]
  /// How many arithmetic operations each section has.
  let operationCounts: [Int]

  /// Each of `sections` lists its outputs.
  package init(_ recorder: Recorder, sections: [[RecordedNumber]]) {
    precondition(!sections.isEmpty, "section 0 is missing")
    for number in sections.joined() {
      precondition(number.recorder == nil || number.recorder === recorder, "another recorder's")
    }
    let graph = SignResolution(
      recorder.operations, inputCount: recorder.inputCount,
      sections: sections.map { $0.map(\.term) }
    ).graph
    let instructions = sections.indices.map { section in
      let instructions = Fusion(graph, section: section).instructions
      return Schedule(instructions).order.map { instructions[$0] }
    }
    let allocation = SlotAllocation(graph, sections: instructions)
    var encoder = TapeEncoder(allocation)
    self.sections = instructions.map { encoder.section($0) }
    constants = encoder.constants
    slotCount = allocation.count
    inputCount = recorder.inputCount
    operationCounts = graph.members.map(\.count)
    outputs = zip(graph.outputs, sections).map { nodes, numbers in
      zip(nodes, numbers).map { node, number in
        guard let slot = allocation.slots[node] else { preconditionFailure("outputs have slots") }
        return Output(slot: slot, constant: number.constant)
      }
    }
  }

  package var sectionCount: Int { sections.count }

  /// How many outputs each section has.
  package var outputCounts: [Int] { outputs.map(\.count) }

  /// The slot that an input is written to. Inputs come first, in their order.
  package func slot(ofInput index: Int) -> Int {
    precondition(0..<inputCount ~= index, "no input \(index)")
    return index
  }

  package func output(_ index: Int, ofSection section: Int) -> Output { outputs[section][index] }

  /// What recording and fusing made of the sections, in numbers.
  package var summary: String {
    zip(operationCounts, sections).enumerated().map { index, counts in
      let (operations, section) = counts
      return "section \(index): \(operations) operations, \(section.instructionCount) after "
        + "fusion in \(section.groupCount) groups"
    }.joined(separator: "\n") + "\n\(slotCount) slots, \(constants.count) constants"
  }

  /// Runs a section on `slots`, which hold `lanes` doubles each.
  package func play(
    section: Int, on slots: UnsafeMutablePointer<Double>, lanes: Int,
    generation: Generation = .chosen
  ) {
    precondition(lanes == 8 || lanes == 16 || lanes == 32, "8, 16 or 32 lanes, not \(lanes)")
    precondition(UInt(bitPattern: slots) % 64 == 0, "slots begin at a multiple of 64")
    let code = sections[section].code
    generation.code.play(code, Int32(code.count), constants, slots, Int32(lanes))
  }
}
