import Differentiation
import TestSupport

/// Every operation, of three numbers (of which it may leave some out) between 0.5 and 2.
enum Operation: CaseIterable {
  case add, subtract, multiply, divide, multiple, negate, addInPlace, square
  case addingProduct, addingMultiple, squareRoot, power, exp, log, sin, cos, tanh

  func callAsFunction<T: DifferentiableNumber>(_ x: T, _ y: T, _ z: T) -> T {
    switch self {
    case .add: return x + y
    case .subtract: return x - y
    case .multiply: return x * y
    case .divide: return x / y
    case .multiple: return 0.7 * x
    case .negate: return -x
    case .addInPlace:
      var sum = x
      sum += z
      return sum
    case .square: return T.square(x)
    case .addingProduct: return x.addingProduct(y, z)
    case .addingMultiple: return x.addingProduct(-1.3, y)
    case .squareRoot: return T.squareRoot(x)
    case .power: return T.power(-x, 3)
    case .exp: return T.exponential(x)
    case .log: return T.logarithm(x)
    case .sin: return T.sine(x)
    case .cos: return T.cosine(x)
    case .tanh: return T.hyperbolicTangent(x)
    }
  }
}

/// A random composition of operations, whose intermediate numbers stay between 0.5 and 2.
struct RandomExpression {
  private var steps: [(operation: Operation, operands: [Int])] = []

  init(seed: UInt64, length: Int = 12) {
    var random = SplitMix(state: seed)
    for step in 0..<length {
      let operation = Operation.allCases.randomElement(using: &random) ?? .add
      // The last two numbers and any other, so that all of them matter.
      let operands = [step + 2, step + 1, Int.random(in: 0..<step + 3, using: &random)].shuffled(
        using: &random)
      steps.append((operation, operands))
    }
  }

  func callAsFunction<T: DifferentiableNumber>(_ variables: [T]) -> T {
    var numbers = variables
    for (operation, operands) in steps {
      let result = operation(numbers[operands[0]], numbers[operands[1]], numbers[operands[2]])
      numbers.append(T(1.25) + 0.7 * T.hyperbolicTangent(result))
    }
    return numbers[numbers.count - 1]
  }
}

/// Numbers that expressions are taken at.
func randomPoint(seed: UInt64, count: Int = 3, in range: ClosedRange<Double> = 0.5...2) -> [Double]
{
  var random = SplitMix(state: seed)
  return (0..<count).map { _ in Double.random(in: range, using: &random) }
}
