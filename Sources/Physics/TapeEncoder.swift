import CPhysics

/// Writes instructions as the player reads them.
struct TapeEncoder {
  /// What all sections' code refers to.
  private(set) var constants: [Double] = []
  private var places: [Double: Int32] = [:]
  private let allocation: SlotAllocation

  init(_ allocation: SlotAllocation) { self.allocation = allocation }

  /// The code of instructions in the order in which they run.
  mutating func section(_ instructions: [TapeInstruction]) -> TapeProgram.Section {
    var section = TapeProgram.Section()
    section.instructionCount = instructions.count
    var countPlace = 0
    var last: Int32?
    for instruction in instructions {
      if instruction.operation != last {
        section.code += [instruction.operation, 0]
        section.groupCount += 1
        countPlace = section.code.count - 1
        last = instruction.operation
      }
      section.code[countPlace] += 1
      section.code += instruction.results.map { name(ofSlot: slot(of: $0)) }
      section.code += instruction.slots.map { name(ofSlot: slot(of: $0)) }
      section.code += instruction.constants.map { place(of: $0) }
    }
    return section
  }

  private func slot(of node: Int?) -> Int {
    guard let slot = node.map({ allocation.slots[$0] }) ?? allocation.waste else {
      preconditionFailure("a value without a slot")
    }
    return slot
  }

  private func name(ofSlot slot: Int) -> Int32 { Int32(64 * slot) }

  private mutating func place(of constant: Double) -> Int32 {
    if let place = places[constant] { return place }
    let place = Int32(constants.count)
    constants.append(constant)
    places[constant] = place
    return place
  }
}
