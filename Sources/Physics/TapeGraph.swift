/// What a node of a ``TapeGraph`` computes: one arithmetic sign.
enum TapeOperation: Hashable {
  case input
  /// The operand, a constant, in all lanes.
  case spread
  case sum, difference, product, quotient
  case negation, squareRoot, magnitude
  case sine, cosine
  case power
  /// The third operand where first < second, the fourth elsewhere.
  case selection

  /// Whether its two operands may change places.
  var isCommutative: Bool { self == .sum || self == .product }
}

enum TapeOperand: Hashable {
  case constant(Double)
  case node(Int)
}

struct TapeNode: Hashable {
  var operation: TapeOperation
  var operands: [TapeOperand]
}

/// What is to be computed, without signs: a recorder's nodes as far as they are needed, some with
/// their signs changed, each in the section that computes it.
struct TapeGraph {
  /// Operands come before results.
  private(set) var nodes: [TapeNode] = []
  /// Of each node; 0 for inputs.
  private(set) var sections: [Int] = []
  /// The nodes that each section computes, in order.
  private(set) var members: [[Int]] = []
  /// The node of each output of each section.
  var outputs: [[Int]] = []
  /// The nodes of the inputs.
  private(set) var inputs: [Int] = []

  init(inputCount: Int, sectionCount: Int) {
    for _ in 0..<inputCount {
      inputs.append(nodes.count)
      nodes.append(TapeNode(operation: .input, operands: []))
      sections.append(0)
    }
    members = Array(repeating: [], count: sectionCount)
  }

  mutating func append(_ node: TapeNode, to section: Int) -> Int {
    nodes.append(node)
    sections.append(section)
    members[section].append(nodes.count - 1)
    return nodes.count - 1
  }

  func operandNodes(of node: Int) -> [Int] {
    nodes[node].operands.compactMap { operand in
      guard case .node(let place) = operand else { return nil }
      return place
    }
  }

  /// Whether a node's value stays after its section: it is an output or used by another section.
  func keptNodes() -> [Bool] {
    var isKept = nodes.map { $0.operation == .input }
    for output in outputs.joined() { isKept[output] = true }
    for node in nodes.indices {
      for operand in operandNodes(of: node) where sections[operand] != sections[node] {
        isKept[operand] = true
      }
    }
    return isKept
  }

  /// How often each node is an operand in its own section.
  func useCounts() -> [Int] {
    var counts = Array(repeating: 0, count: nodes.count)
    for node in nodes.indices {
      for operand in operandNodes(of: node) { counts[operand] += 1 }
    }
    return counts
  }
}
