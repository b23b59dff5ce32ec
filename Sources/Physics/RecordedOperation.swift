/// What a node of a ``Recorder`` computes. Signs are not here: operands are the magnitudes of terms
/// (see ``RecordedTerm``), so a number and its negative are one node.
enum RecordedOperation: Hashable {
  case input(Int)
  /// first + second, or first − second.
  case sum(RecordedSource, RecordedSource, isDifference: Bool)
  case product(RecordedSource, RecordedSource)
  case quotient(RecordedSource, RecordedSource)
  case squareRoot(RecordedTerm)
  case magnitude(RecordedSource)
  case sine(RecordedSource)
  case cosine(RecordedSource)
  case power(RecordedTerm, exponent: Double)
  /// The third where first < second, the fourth elsewhere.
  case selection(RecordedTerm, RecordedTerm, RecordedTerm, RecordedTerm)
}

/// A number without its sign: a constant that is not negative, or a node by its place.
enum RecordedSource: Hashable {
  case constant(Double)
  case node(Int)

  /// The order in which a sum's or product's operands are written, so that a + b is b + a:
  /// nodes by their places, then constants.
  func precedes(_ other: RecordedSource) -> Bool {
    switch (self, other) {
    case (.node(let left), .node(let right)): left < right
    case (.node, .constant): true
    case (.constant, .node): false
    case (.constant(let left), .constant(let right)): left < right
    }
  }
}

/// A number with its sign. Rounding to nearest is symmetric, so signs wander through sums, products
/// and quotients and cost nothing.
struct RecordedTerm: Hashable {
  var source: RecordedSource
  var isNegated: Bool

  init(_ source: RecordedSource, isNegated: Bool = false) {
    self.source = source
    self.isNegated = isNegated
  }

  init(_ constant: Double) {
    // Zero has no sign here: −0 == 0.
    self.init(.constant(constant.magnitude), isNegated: constant < 0)
  }

  var constant: Double? {
    guard case .constant(let magnitude) = source else { return nil }
    return isNegated ? -magnitude : magnitude
  }

  static prefix func - (term: RecordedTerm) -> RecordedTerm {
    if term.source == .constant(0) { return term }
    return RecordedTerm(term.source, isNegated: !term.isNegated)
  }

  /// −term where `isNegated`.
  func negated(if isNegated: Bool) -> RecordedTerm { isNegated ? -self : self }
}

extension RecordedOperation {
  /// The operands, with their signs where they have some.
  var terms: [RecordedTerm] {
    switch self {
    case .input: []
    case .sum(let first, let second, _), .product(let first, let second),
      .quotient(let first, let second):
      [RecordedTerm(first), RecordedTerm(second)]
    case .magnitude(let source), .sine(let source), .cosine(let source): [RecordedTerm(source)]
    case .squareRoot(let term), .power(let term, _): [term]
    case .selection(let left, let right, let first, let second): [left, right, first, second]
    }
  }

  /// The places of the nodes among the operands.
  var operandNodes: [Int] {
    terms.compactMap { term in
      guard case .node(let place) = term.source else { return nil }
      return place
    }
  }
}
