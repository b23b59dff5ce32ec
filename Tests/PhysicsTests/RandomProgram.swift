import Physics

/// SplitMix64.
struct Draws {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

  mutating func bits() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int(bits() % UInt64(count)) }

  mutating func number(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(bits() >> 11) * 0x1p-53
  }

  /// Among others the numbers that are folded.
  mutating func constant() -> Double {
    let special = [0, 1, -1, 2, -0.5, -0.0, 0.25]
    return below(3) == 0 ? special[below(special.count)] : number(in: -2...2)
  }
}

/// Random operations on random operands, the same for every kind of number.
struct RandomProgram {
  let seed: UInt64
  let inputCount: Int
  private let sectionCount: Int
  private let operationCount: Int

  init(seed: UInt64) {
    var draws = Draws(seed: seed)
    self.seed = seed
    inputCount = 1 + draws.below(6)
    sectionCount = 1 + draws.below(4)
    operationCount = 1 + draws.below(draws.below(4) == 0 ? 200 : 40)
  }

  /// The outputs of the sections.
  func callAsFunction<Number: DynamicsNumber>(_ inputs: [Number]) -> [[Number]] {
    var draws = Draws(seed: seed ^ 0x5eed)
    var shared = inputs
    return (0..<sectionCount).map { section in
      var numbers = shared
      for _ in 0..<operationCount { numbers += Self.operation(on: numbers, &draws) }
      if section == 0 { shared = numbers }
      return (0..<1 + draws.below(5)).map { _ in
        switch draws.below(8) {
        case 0: Number(draws.constant())
        case 1: -Self.operand(numbers, &draws)
        default: Self.operand(numbers, &draws)
        }
      }
    }
  }

  private static func operand<Number: DynamicsNumber>(
    _ numbers: [Number], _ draws: inout Draws
  ) -> Number {
    if draws.below(7) == 0 { return Number(draws.constant()) }
    // Mostly the newest, so that expressions are deep.
    let index =
      draws.below(2) == 0
      ? numbers.count - 1 - draws.below(min(4, numbers.count)) : draws.below(numbers.count)
    return numbers[index]
  }

  private static func operation<Number: DynamicsNumber>(
    on numbers: [Number], _ draws: inout Draws
  ) -> [Number] {
    func next() -> Number { operand(numbers, &draws) }
    switch draws.below(20) {
    case 0...3: return [next() + next()]
    case 4...6: return [next() - next()]
    case 7...10: return [next() * next()]
    case 11: return [next() / next()]
    case 12: return [Number(draws.constant()) / (Number(1) + next().magnitude)]
    case 13: return [-next()]
    case 14: return [next().magnitude.squareRoot()]
    case 15:
      let (sine, cosine) = next().sineAndCosine()
      return draws.below(2) == 0 ? [sine, cosine] : [draws.below(2) == 0 ? sine : cosine]
    case 16: return [next().magnitude.power(draws.below(2) == 0 ? 2 : 1.5)]
    case 17: return [next().power(Double(draws.below(4)))]
    case 18: return [Number.select(next(), lessThan: next(), next(), next())]
    default: return [next() * next() + next() * next()]
    }
  }
}
