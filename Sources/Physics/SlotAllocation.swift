import CPhysics

/// Gives values their slots. What stays after its section has a slot of its own; others share slots, the
/// one that became free last first, so that few are in use and those are in the cache.
struct SlotAllocation {
  /// The slots of nodes.
  private(set) var slots: [Int?]
  private(set) var count = 0
  /// A slot for results that nobody needs.
  private(set) var waste: Int?
  private let graph: TapeGraph
  private let isKept: [Bool]
  private var free: [Int] = []

  /// `sections`: each section's instructions in the order in which they run.
  init(_ graph: TapeGraph, sections: [[TapeInstruction]]) {
    self.graph = graph
    isKept = graph.keptNodes()
    slots = Array(repeating: nil, count: graph.nodes.count)
    for input in graph.inputs { slots[input] = take() }
    for (section, instructions) in sections.enumerated() {
      // Another section may run between a section and the reading of its outputs.
      if section == 1 { for outputs in graph.outputs.dropFirst() { reserve(outputs) } }
      allocate(instructions)
    }
  }

  private mutating func take() -> Int {
    if let slot = free.popLast() { return slot }
    count += 1
    return count - 1
  }

  private mutating func reserve(_ nodes: [Int]) {
    for node in nodes where slots[node] == nil { slots[node] = take() }
  }

  private mutating func allocate(_ instructions: [TapeInstruction]) {
    var lastUses: [Int: Int] = [:]
    for (index, instruction) in instructions.enumerated() {
      for node in instruction.slots { lastUses[node] = index }
    }
    for (index, instruction) in instructions.enumerated() {
      let ending = Set(instruction.slots).filter { lastUses[$0] == index && !isKept[$0] }
        .sorted()
      // A sine's and cosine's argument is read after one of them may have been written.
      let readsLast = instruction.results.count > 1
      if !readsLast { release(ending) }
      for node in instruction.results {
        if let node {
          if slots[node] == nil { slots[node] = take() }
        } else if waste == nil {
          waste = take()
        }
      }
      if readsLast { release(ending) }
    }
  }

  private mutating func release(_ nodes: [Int]) {
    for node in nodes {
      guard let slot = slots[node] else { preconditionFailure("operands come first") }
      free.append(slot)
    }
  }
}
