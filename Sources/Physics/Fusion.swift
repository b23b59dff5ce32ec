import CPhysics

/// One thing for the player to do.
struct TapeInstruction {
  /// The player's operation.
  var operation: Int32
  /// Nodes whose values come out; nil where a result is not needed.
  var results: [Int?]
  var slots: [Int]
  var constants: [Double]
}

/// Covers a section's nodes with the player's operations, cheapest first: a node that has one use may
/// be computed on the way by the operation that uses it.
struct Fusion {
  /// What an operation's letters stand for.
  private struct Binding {
    var slots: [Int?]
    var constants: [Double?]
  }

  /// The cheapest operation for a node, and what it and all that only it needs cost.
  private struct Choice {
    var operation: PlayedOperation
    var binding: Binding
    var cost: Double
  }

  private let graph: TapeGraph
  private let section: Int
  /// Whether a node has one use, in its own section.
  private let isPrivate: [Bool]
  private var choices: [Int: Choice] = [:]
  private(set) var instructions: [TapeInstruction] = []

  init(_ graph: TapeGraph, section: Int, operations: [PlayedOperation] = PlayedOperation.all) {
    self.graph = graph
    self.section = section
    isPrivate = zip(graph.useCounts(), graph.keptNodes()).map { $0 == 1 && !$1 }
    let byRoot = Dictionary(grouping: operations, by: \.root)
    for node in graph.members[section] {
      choices[node] = cheapest(for: node, of: byRoot[graph.nodes[node].operation] ?? [])
    }
    emit()
  }

  private func cheapest(for node: Int, of operations: [PlayedOperation]) -> Choice? {
    var best: Choice?
    for operation in operations {
      let empty = Binding(
        slots: Array(repeating: nil, count: operation.slotCount),
        constants: Array(repeating: nil, count: operation.constantCount))
      for binding in matches(operation.pattern, .node(node), empty, isRoot: true) {
        var cost = operation.cost
        for slot in binding.slots {
          if let slot, isPrivate[slot] { cost += choices[slot]?.cost ?? 0 }
        }
        if cost < best?.cost ?? .infinity {
          best = Choice(operation: operation, binding: binding, cost: cost)
        }
      }
    }
    return best
  }

  /// All the ways in which an operand is what a pattern says.
  private func matches(
    _ pattern: OperationPattern, _ operand: TapeOperand, _ binding: Binding, isRoot: Bool = false
  ) -> [Binding] {
    var binding = binding
    switch (pattern, operand) {
    case (.slot(let number), .node(let node)):
      if let bound = binding.slots[number] { return bound == node ? [binding] : [] }
      binding.slots[number] = node
      return [binding]
    case (.constant(let number), .constant(let value)):
      if let bound = binding.constants[number] { return bound == value ? [binding] : [] }
      binding.constants[number] = value
      return [binding]
    case (.node(let operation, let parts), .node(let node)):
      guard graph.nodes[node].operation == operation, isRoot || isPrivate[node] else { return [] }
      let operands = graph.nodes[node].operands
      var found = matches(parts, operands, binding)
      if operation.isCommutative, operands[0] != operands[1] {
        found += matches(parts, operands.reversed(), binding)
      }
      return found
    default: return []
    }
  }

  private func matches(
    _ patterns: [OperationPattern], _ operands: [TapeOperand], _ binding: Binding
  ) -> [Binding] {
    zip(patterns, operands).reduce([binding]) { found, pair in
      found.flatMap { matches(pair.0, pair.1, $0) }
    }
  }

  /// Notes the instructions for all that is not computed on the way.
  private mutating func emit() {
    var isNeeded = graph.nodes.indices.map { !isPrivate[$0] }
    var reversed: [TapeInstruction] = []
    /// The instruction that computes an argument's sine or cosine.
    var sines: [TapeOperand: Int] = [:]
    for node in graph.members[section].reversed() where isNeeded[node] {
      let operation = graph.nodes[node].operation
      let operands = graph.nodes[node].operands
      if operation == .sine || operation == .cosine {
        let index = sines[operands[0]] ?? reversed.count
        if index == reversed.count {
          sines[operands[0]] = index
          reversed.append(
            TapeInstruction(
              operation: Int32(cphysics_sine_cosine_operation), results: [nil, nil],
              slots: graph.operandNodes(of: node), constants: []))
        }
        reversed[index].results[operation == .sine ? 0 : 1] = node
      } else {
        reversed.append(instruction(for: node))
      }
      for slot in reversed[reversed.count - 1].slots { isNeeded[slot] = true }
    }
    instructions = reversed.reversed()
  }

  private func instruction(for node: Int) -> TapeInstruction {
    if graph.nodes[node].operation == .power {
      guard case .constant(let exponent) = graph.nodes[node].operands[1] else {
        preconditionFailure("an exponent is a constant")
      }
      return TapeInstruction(
        operation: Int32(cphysics_power_operation), results: [node],
        slots: graph.operandNodes(of: node), constants: [exponent])
    }
    guard let choice = choices[node] else {
      preconditionFailure("operations.def has none for \(graph.nodes[node])")
    }
    return TapeInstruction(
      operation: choice.operation.code, results: [node],
      slots: choice.binding.slots.compactMap { $0 },
      constants: choice.binding.constants.compactMap { $0 })
  }
}
