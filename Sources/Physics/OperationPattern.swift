import CPhysics

/// An operation of the player as a tree of arithmetic signs, read from the text in `operations.def`.
indirect enum OperationPattern: Equatable {
  /// The player's slot a, b, … by number.
  case slot(Int)
  /// The player's constant k, m, n by number.
  case constant(Int)
  case node(TapeOperation, [OperationPattern])

  /// How many arithmetic signs it has.
  var size: Int {
    guard case .node(_, let operands) = self else { return 0 }
    return 1 + operands.reduce(0) { $0 + $1.size }
  }

  var slotCount: Int { (leaves.compactMap(\.slotNumber).max() ?? -1) + 1 }
  var constantCount: Int { (leaves.compactMap(\.constantNumber).max() ?? -1) + 1 }

  private var leaves: [OperationPattern] {
    guard case .node(_, let operands) = self else { return [self] }
    return operands.flatMap(\.leaves)
  }

  private var slotNumber: Int? {
    guard case .slot(let number) = self else { return nil }
    return number
  }

  private var constantNumber: Int? {
    guard case .constant(let number) = self else { return nil }
    return number
  }
}

/// An operation of the player.
struct PlayedOperation {
  let code: Int32
  let pattern: OperationPattern
  let slotCount: Int
  let constantCount: Int
  /// The sign at the root of the tree.
  let root: TapeOperation
  /// An estimate of the time that one takes, in loads of a row from the cache.
  let cost: Double

  /// All that an expression describes.
  static let all: [PlayedOperation] =
    (Int32(cphysics_first_expression)..<cphysics_operation_count()).map { code in
      guard let text = cphysics_operation_expression(code) else {
        preconditionFailure("operation \(code) has no expression")
      }
      return PlayedOperation(code: code, expression: String(cString: text))
    }

  init(code: Int32, expression: String) {
    self.code = code
    var parser = ExpressionParser(expression)
    var pattern = parser.expression()
    // A single letter computes nothing: the constant is spread over the lanes.
    if pattern.size == 0 { pattern = .node(.spread, [pattern]) }
    guard case .node(let root, _) = pattern else { preconditionFailure("no operation") }
    self.pattern = pattern
    self.root = root
    slotCount = pattern.slotCount
    constantCount = pattern.constantCount
    cost = 2.5 + Double(slotCount) + 0.25 * Double(constantCount)
  }
}

/// Reads an arithmetic expression of C: + − * / with their precedence, brackets, calls, and letters.
struct ExpressionParser {
  private var rest: Substring

  init(_ text: String) { rest = text.filter { $0 != " " }[...] }

  mutating func expression() -> OperationPattern {
    var result = term()
    while let sign = take("+-") {
      result = .node(sign == "+" ? .sum : .difference, [result, term()])
    }
    return result
  }

  private mutating func term() -> OperationPattern {
    var result = factor()
    while let sign = take("*/") {
      result = .node(sign == "*" ? .product : .quotient, [result, factor()])
    }
    return result
  }

  private mutating func factor() -> OperationPattern {
    if take("-") != nil { return .node(.negation, [factor()]) }
    if take("(") != nil { return bracket()[0] }
    let name = String(rest.prefix { $0.isLetter })
    rest.removeFirst(name.count)
    if take("(") != nil { return .node(Self.function(name), bracket()) }
    return Self.letter(name)
  }

  /// Expressions between commas, up to the bracket's end.
  private mutating func bracket() -> [OperationPattern] {
    var parts = [expression()]
    while take(",") != nil { parts.append(expression()) }
    precondition(take(")") != nil, "a bracket without end before '\(rest)'")
    return parts
  }

  private mutating func take(_ characters: String) -> Character? {
    guard let first = rest.first, characters.contains(first) else { return nil }
    return rest.removeFirst()
  }

  private static func function(_ name: String) -> TapeOperation {
    switch name {
    case "root": .squareRoot
    case "magnitude": .magnitude
    case "select": .selection
    default: preconditionFailure("unknown function '\(name)'")
    }
  }

  private static func letter(_ name: String) -> OperationPattern {
    if let number = ["a", "b", "c", "d", "e", "f", "g", "h"].firstIndex(of: name) {
      return .slot(number)
    }
    if let number = ["k", "m", "n"].firstIndex(of: name) { return .constant(number) }
    preconditionFailure("unknown letter '\(name)'")
  }
}
