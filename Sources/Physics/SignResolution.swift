/// Makes a ``TapeGraph`` of what was recorded: chooses for each number whether it or its negative is
/// computed, so that few signs have to be changed.
struct SignResolution {
  /// A recorded number: ± a node of the graph.
  private struct Signed {
    var node: Int
    var isNegated: Bool
  }

  private(set) var graph: TapeGraph
  private let operations: [RecordedOperation]
  /// What is known of each recorded node, in the section at hand.
  private var signed: [Signed?]
  private var negations: [Int: Int] = [:]
  private var spreads: [Double: Int] = [:]
  /// How much more often a recorded node is wanted with its sign changed than without.
  private var wish: [Int]
  private var section = 0

  init(_ operations: [RecordedOperation], inputCount: Int, sections: [[RecordedTerm]]) {
    self.operations = operations
    graph = TapeGraph(inputCount: inputCount, sectionCount: sections.count)
    signed = operations.map { operation in
      guard case .input(let index) = operation else { return nil }
      return Signed(node: index, isNegated: false)
    }
    wish = Array(repeating: 0, count: operations.count)
    for (index, outputs) in sections.enumerated() {
      section = index
      resolve(outputs)
    }
  }

  /// A section's nodes and outputs.
  private mutating func resolve(_ outputs: [RecordedTerm]) {
    let before = signed
    let members = self.members(reachedFrom: outputs)
    noteWishes(of: members, outputs)
    negations = [:]
    spreads = [:]
    for place in members { signed[place] = resolve(operations[place], at: place) }
    let nodes = outputs.map { node(of: $0) }
    graph.outputs.append(nodes)
    // Others know the first section's nodes only.
    if section > 0 { signed = before }
  }

  /// The nodes to compute, in order.
  private func members(reachedFrom outputs: [RecordedTerm]) -> [Int] {
    var isMember = Array(repeating: false, count: operations.count)
    func mark(_ term: RecordedTerm) {
      if case .node(let place) = term.source, signed[place] == nil { isMember[place] = true }
    }
    outputs.forEach(mark)
    for place in operations.indices.reversed() where isMember[place] {
      operations[place].terms.forEach(mark)
    }
    return operations.indices.filter { isMember[$0] }
  }

  /// Where a sign has to be met exactly.
  private mutating func noteWishes(of members: [Int], _ outputs: [RecordedTerm]) {
    wish = Array(repeating: 0, count: operations.count)
    func note(_ term: RecordedTerm, _ wish: inout [Int]) {
      guard case .node(let place) = term.source else { return }
      wish[place] += term.isNegated ? 1 : -1
    }
    for output in outputs { note(output, &wish) }
    for place in members {
      switch operations[place] {
      case .squareRoot(let term), .power(let term, _): note(term, &wish)
      case .selection(let left, let right, let first, let second):
        for term in [left, right, first, second] { note(term, &wish) }
      default: break
      }
    }
  }

  private mutating func resolve(_ operation: RecordedOperation, at place: Int) -> Signed {
    switch operation {
    case .input: preconditionFailure("inputs are resolved first")
    case .sum(let first, let second, let isDifference):
      sum(RecordedTerm(first), RecordedTerm(second, isNegated: isDifference), at: place)
    case .product(let first, let second): scaling(.product, first, second, at: place)
    case .quotient(let first, let second): scaling(.quotient, first, second, at: place)
    case .magnitude(let source): computed(.magnitude, [bare(source)])
    case .sine(let source):
      Signed(
        node: append(.sine, [bare(source)]), isNegated: isNegated(RecordedTerm(source)))
    case .cosine(let source): computed(.cosine, [bare(source)])
    case .squareRoot(let term): computed(.squareRoot, [exact(term)])
    case .power(let term, let exponent):
      // An even power does not care for the sign.
      exponent.remainder(dividingBy: 2) == 0
        ? computed(.power, [bare(term.source), .constant(exponent)])
        : computed(.power, [exact(term), .constant(exponent)])
    case .selection(let left, let right, let first, let second):
      selection(left, right, first, second)
    }
  }

  private mutating func sum(
    _ first: RecordedTerm, _ second: RecordedTerm, at place: Int
  ) -> Signed {
    let operands = (bare(first.source), bare(second.source))
    let isWished = wish[place] > 0
    if let constant = second.constant {
      // The constant takes its sign, so that a sum has one form.
      let operation: TapeOperation = isNegated(first) == isWished ? .sum : .difference
      let addend = TapeOperand.constant(isWished ? -constant : constant)
      return Signed(
        node: append(operation, operation == .sum ? [operands.0, addend] : [addend, operands.0]),
        isNegated: isWished)
    }
    let signs = (isNegated(first), isNegated(second))
    if signs.0 == signs.1 {
      return Signed(node: append(.sum, [operands.0, operands.1]), isNegated: signs.0)
    }
    let isTurned = signs.0 != isWished
    return Signed(
      node: append(.difference, isTurned ? [operands.1, operands.0] : [operands.0, operands.1]),
      isNegated: isWished)
  }

  /// A product or quotient, whose sign is both operands'.
  private mutating func scaling(
    _ operation: TapeOperation, _ first: RecordedSource, _ second: RecordedSource, at place: Int
  ) -> Signed {
    var isTurned = isNegated(RecordedTerm(first)) != isNegated(RecordedTerm(second))
    var operands = [bare(first), bare(second)]
    for index in operands.indices {
      guard case .constant(let value) = operands[index] else { continue }
      // A constant takes the sign that is wanted.
      let isWished = wish[place] > 0
      if isWished != isTurned { operands[index] = .constant(-value) }
      isTurned = isWished
    }
    return Signed(node: append(operation, operands), isNegated: isTurned)
  }

  private mutating func selection(
    _ left: RecordedTerm, _ right: RecordedTerm, _ first: RecordedTerm, _ second: RecordedTerm
  ) -> Signed {
    func isFree(_ term: RecordedTerm) -> Bool { term.constant != nil || isNegated(term) }
    func areFree(_ first: RecordedTerm, _ second: RecordedTerm) -> Bool {
      isFree(first) && isFree(second) && (first.constant == nil || second.constant == nil)
    }
    let (smaller, larger) = areFree(left, right) ? (-right, -left) : (left, right)
    let isTurned = areFree(first, second)
    let operands = [
      smaller, larger, first.negated(if: isTurned), second.negated(if: isTurned),
    ].map { exact($0) }
    return Signed(node: append(.selection, operands), isNegated: isTurned)
  }

  private mutating func computed(
    _ operation: TapeOperation, _ operands: [TapeOperand]
  ) -> Signed {
    Signed(node: append(operation, operands), isNegated: false)
  }

  private mutating func append(_ operation: TapeOperation, _ operands: [TapeOperand]) -> Int {
    graph.append(TapeNode(operation: operation, operands: operands), to: section)
  }

  private func known(_ place: Int) -> Signed {
    guard let signed = signed[place] else { preconditionFailure("operands come first") }
    return signed
  }

  /// Whether a term is the negative of what the graph has.
  private func isNegated(_ term: RecordedTerm) -> Bool {
    switch term.source {
    case .constant: term.isNegated
    case .node(let place): term.isNegated != known(place).isNegated
    }
  }

  /// What the graph has of a term, whatever its sign.
  private func bare(_ source: RecordedSource) -> TapeOperand {
    switch source {
    case .constant(let value): .constant(value)
    case .node(let place): .node(known(place).node)
    }
  }

  /// A term with its sign, changed where necessary.
  private mutating func exact(_ term: RecordedTerm) -> TapeOperand {
    if let constant = term.constant { return .constant(constant) }
    return .node(node(of: term))
  }

  private mutating func node(of term: RecordedTerm) -> Int {
    switch term.source {
    case .constant:
      let value = term.constant ?? 0
      if let node = spreads[value] { return node }
      let node = append(.spread, [.constant(value)])
      spreads[value] = node
      return node
    case .node(let place):
      let node = known(place).node
      guard isNegated(term) else { return node }
      if let negation = negations[node] { return negation }
      let negation = append(.negation, [.node(node)])
      negations[node] = negation
      return negation
    }
  }
}
