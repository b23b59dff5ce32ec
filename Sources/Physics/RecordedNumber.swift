/// A number that remembers how it is computed: a constant, or what a ``Recorder`` wrote down.
///
/// What is recorded gives the values that the same operations on `Double` give, to the last bit, as long
/// as all are finite; only a zero's sign may differ. So constants are folded, x·0 is 0, x + 0 is x, and
/// signs are moved to where they cost nothing; but sums and products are never regrouped, and no product
/// is added to anything before it is rounded.
package struct RecordedNumber: DynamicsNumber {
  let term: RecordedTerm
  /// Nil for constants.
  let recorder: Recorder?

  init(_ term: RecordedTerm, _ recorder: Recorder?) {
    self.term = term
    self.recorder = recorder
  }

  package init(_ value: Double) { self.init(RecordedTerm(value), nil) }

  /// Its value where that is known while recording.
  package var constant: Double? { term.constant }

  /// Notes an operation on operands at least one of which is not a constant.
  private static func record(
    _ operation: RecordedOperation, isNegated: Bool = false, of operands: RecordedNumber...
  ) -> RecordedNumber {
    let recorders = operands.compactMap(\.recorder)
    guard let recorder = recorders.first else { preconditionFailure("constants are folded") }
    precondition(recorders.allSatisfy { $0 === recorder }, "numbers of two recorders")
    return RecordedNumber(
      RecordedTerm(recorder.source(of: operation), isNegated: isNegated), recorder)
  }

  private func negated(if isNegated: Bool) -> RecordedNumber {
    RecordedNumber(term.negated(if: isNegated), recorder)
  }

  package static prefix func - (number: Self) -> Self { number.negated(if: true) }

  package static func + (left: Self, right: Self) -> Self {
    if let first = left.constant, let second = right.constant { return Self(first + second) }
    if left.constant == 0 { return right }
    if right.constant == 0 { return left }
    let isDifference = left.term.isNegated != right.term.isNegated
    if isDifference, left.term.source == right.term.source { return Self(0) }
    // ±(first ± second): the sign of what is written first stands before the bracket.
    let (first, second) =
      right.term.source.precedes(left.term.source) ? (right, left) : (left, right)
    return record(
      .sum(first.term.source, second.term.source, isDifference: isDifference),
      isNegated: first.term.isNegated, of: first, second)
  }

  package static func - (left: Self, right: Self) -> Self { left + -right }

  package static func * (left: Self, right: Self) -> Self {
    if let first = left.constant, let second = right.constant { return Self(first * second) }
    if left.constant == 0 || right.constant == 0 { return Self(0) }
    let isNegated = left.term.isNegated != right.term.isNegated
    if left.constant?.magnitude == 1 { return right.negated(if: left.term.isNegated) }
    if right.constant?.magnitude == 1 { return left.negated(if: right.term.isNegated) }
    let (first, second) =
      right.term.source.precedes(left.term.source) ? (right, left) : (left, right)
    return record(
      .product(first.term.source, second.term.source), isNegated: isNegated, of: first, second)
  }

  package static func / (left: Self, right: Self) -> Self {
    if let first = left.constant, let second = right.constant { return Self(first / second) }
    if left.constant == 0 { return Self(0) }
    if let divisor = right.constant, let reciprocal = exactReciprocal(of: divisor) {
      return left * Self(reciprocal)
    }
    return record(
      .quotient(left.term.source, right.term.source),
      isNegated: left.term.isNegated != right.term.isNegated, of: left, right)
  }

  /// 1 / divisor where that is a double: for powers of two.
  private static func exactReciprocal(of divisor: Double) -> Double? {
    guard divisor.isNormal, divisor.significand == 1, (1 / divisor).isNormal else { return nil }
    return 1 / divisor
  }

  package func squareRoot() -> Self {
    if let constant { return Self(constant.squareRoot()) }
    return Self.record(.squareRoot(term), of: self)
  }

  package var magnitude: Self {
    if let constant { return Self(constant.magnitude) }
    return Self.record(.magnitude(term.source), of: self)
  }

  package func sineAndCosine() -> (sine: Self, cosine: Self) {
    if let constant {
      let (sine, cosine) = constant.sineAndCosine()
      return (Self(sine), Self(cosine))
    }
    // The library's sine is odd and its cosine even, to the last bit.
    return (
      Self.record(.sine(term.source), isNegated: term.isNegated, of: self),
      Self.record(.cosine(term.source), of: self)
    )
  }

  package func power(_ exponent: Double) -> Self {
    if let constant { return Self(constant.power(exponent)) }
    if exponent == 1 { return self }
    if exponent == 0 { return Self(1) }
    let isEven = exponent.remainder(dividingBy: 2) == 0
    let base = isEven ? RecordedTerm(term.source) : term
    return Self.record(.power(base, exponent: exponent), of: self)
  }

  package static func select(
    _ left: Self, lessThan right: Self, _ first: Self, _ second: Self
  ) -> Self {
    if let smaller = left.constant, let larger = right.constant {
      return smaller < larger ? first : second
    }
    if left.term == right.term { return second }
    if first.term == second.term { return first }
    // −left < −right is right < left, and a sign that both results have stands before all.
    let isSwapped = haveSign(left, right)
    let isNegated = haveSign(first, second)
    let (smaller, larger) = isSwapped ? (-right, -left) : (left, right)
    return record(
      .selection(
        smaller.term, larger.term, first.term.negated(if: isNegated),
        second.term.negated(if: isNegated)),
      isNegated: isNegated, of: left, right, first, second)
  }

  /// Whether a sign can be taken off both: a constant is as good with one as without.
  private static func haveSign(_ first: Self, _ second: Self) -> Bool {
    (first.term.isNegated || first.constant != nil)
      && (second.term.isNegated || second.constant != nil)
      && (first.constant == nil || second.constant == nil)
  }
}
