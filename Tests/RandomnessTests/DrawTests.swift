import Testing

@testable import Randomness

struct DrawTests {
  @Test(arguments: seeds)
  func drawsBitsAsJAX(seed: UInt64) throws {
    let reference = try ReferenceDraws()("PRNGKey", "\(seed)")
    let key = PRNGKey(seed: seed)
    for count in [1, 2, 3, 4, 5, 7, 8] {
      #expect(try key.bits(count) == reference("random_bits_\(count)").words)
    }
    #expect(try key.bits(1) == reference("random_bits_").words)
    #expect(try key.bits(6) == reference("random_bits_2x3").words)
  }

  @Test(arguments: seeds)
  func drawsRealNumbersAsJAX(seed: UInt64) throws {
    let reference = try ReferenceDraws()("PRNGKey", "\(seed)")
    let key = PRNGKey(seed: seed)

    #expect(try key.uniform(5).bits == reference("uniform_5", "bits").words)
    #expect(try key.uniform(5, in: (-1, 1)).bits == reference("uniform_m1_1_5", "bits").words)
    for (shape, count) in [("", 1), ("1", 1), ("3", 3), ("5", 5), ("2x8", 16)] {
      #expect(try key.normal(count).bits == reference("normal_\(shape)", "bits").words)
    }
    if seed == 0 { #expect(try key.normal(300).bits == reference("normal_100x3", "bits").words) }
    for (shape, count) in [("5", 5), ("17x6", 102)] {
      let expected = try reference("truncnormal_m2_2_\(shape)", "bits").words
      #expect(key.truncatedNormal(count).bits == expected)
    }
  }

  /// `jax.random.uniform(PRNGKey(5), (1000,), minval=-0.3, maxval=1.4)`, whose multiplication and
  /// addition XLA fuses.
  @Test func stretchesUniformNumbersAsXLA() {
    let uniform = PRNGKey(seed: 5).uniform(1000, in: (-0.3, 1.4))
    #expect(checksum(uniform.map { UInt64($0.bitPattern) }) == 0x9A6B_2804_1306_E379)
  }

  /// `jax.random.randint(PRNGKey(5), (4,), lower, upper)`, where 32 bits overflow.
  @Test(arguments: [
    (
      -2_000_000_000..<2_000_000_000,
      [-1_234_471_637, 1_439_631_166, -1_592_941_170, -1_910_398_095]
    ),
    (0..<100_000, [28_363, 31_166, 58_830, 1905]),
    (-5..<Int32.max, [765_528_358, 1_292_147_509, 407_058_825, 1_942_118_248]),
  ])
  func wrapsAsJAX(range: Range<Int32>, expected: [Int32]) {
    #expect(PRNGKey(seed: 5).randomIntegers(4, in: range) == expected)
  }

  @Test(arguments: seeds)
  func drawsIntegersAsJAX(seed: UInt64) throws {
    let reference = try ReferenceDraws()("PRNGKey", "\(seed)")
    let key = PRNGKey(seed: seed)

    for bound in [1, 2, 4, 10, 20, 50, 100, 1000] as [Int32] {
      #expect(
        try Int(key.randomInteger(in: 0..<bound)) == reference("randint_0_\(bound)_scalar").integer)
    }
    let million: Range<Int32> = 0..<1_000_000
    #expect(try Int(key.randomInteger(in: million)) == reference("randint_0_1e6_scalar").integer)
    #expect(
      try key.randomIntegers(6, in: million).map { Int($0) }
        == reference("randint_0_1e6_vec6")
        .integers)
    #expect(key.randomIntegers(1, in: -7..<12) == [key.randomInteger(in: -7..<12)])
    #expect(try key.bernoulli(9).map { $0 ? 1 : 0 } == reference("bernoulli_9").integers)
    #expect(
      try key.rademacher(9).map { Double($0) } == reference("rademacher_9_f32").doubles)
  }

  @Test(arguments: seeds)
  func permutesAsJAX(seed: UInt64) throws {
    let reference = try ReferenceDraws()("PRNGKey", "\(seed)")
    let key = PRNGKey(seed: seed)

    for count in [10, 3000] {
      let expected = try reference("permutation_\(count)").integers
      #expect(key.permutation(count).prefix(expected.count).map { Int($0) } == expected)
    }
    let choices = [
      (4, 10), (8, 1000), (32, 10_000), (128, 12_000), (32, 40_000), (128, 48_000),
    ]
    for (count, population) in choices {
      #expect(
        try key.choice(count, from: population).map { Int($0) }
          == reference("choice_noreplace_\(population)_\(count)").integers)
    }
  }

  @Test func shufflesAsOftenAsJAX() throws {
    let reference = try ReferenceDraws()("shuffle_num_rounds")
    for name in try reference.names {
      #expect(try shuffleRounds(#require(Int(name))) == reference(name).integer)
    }
  }

  @Test(arguments: [0, 1, 2, 17, 5000])
  func permutationHoldsEachNumberOnce(count: Int) {
    #expect(PRNGKey(seed: 4).permutation(count).sorted() == (0..<Int32(count)).map { $0 })
  }

  @Test(arguments: [0, 1, 2, 7, 30])
  func fillsAPartOfAnArray(count: Int) {
    let key = PRNGKey(seed: 9)
    var numbers = [Float](repeating: 7, count: count + 5)
    key.fillNormal(&numbers, range: 3..<3 + count, scale: 1)
    #expect(numbers.bits == ([7, 7, 7] + key.normal(count) + [7, 7]).bits)
  }

  @Test func scalesWithOneRoundingOfTheConstants() {
    let key = PRNGKey(seed: 9)
    var numbers = [Float](repeating: 0, count: 1000)
    key.fillNormal(&numbers, range: 0..<1000, scale: 0.3)
    let products = key.normal(1000).map { $0 * 0.3 }
    let relativeErrors = zip(numbers, products).map { abs($0 - $1) / abs($1) }
    let differing = relativeErrors.count { $0 > 0 }
    #expect((200...350).contains(differing), "rng.md counts 27 % of all draws")
    #expect(relativeErrors.allSatisfy { $0 < 2.4e-7 })
  }

  @Test func coversItsRange() {
    let key = PRNGKey(seed: 12)
    let uniform = key.uniform(20_000, in: (-3, 5))
    #expect(uniform.allSatisfy { -3 <= $0 && $0 < 5 })
    expectMoments(of: uniform, mean: 1, variance: 64.0 / 12)
    #expect(key.truncatedNormal(20_000).allSatisfy { -2 < $0 && $0 < 2 })
    // 1 − 4 φ(2) / (Φ(2) − Φ(−2))
    expectMoments(of: key.truncatedNormal(20_000), mean: 0, variance: 0.7737413)
    expectMoments(of: key.normal(20_000), mean: 0, variance: 1)
    expectMoments(of: key.rademacher(20_000), mean: 0, variance: 1)
    expectMoments(
      of: key.bernoulli(20_000, probability: 0.2).map { $0 ? 1 : 0 }, mean: 0.2, variance: 0.16)
    let integers = key.randomIntegers(20_000, in: -5..<5)
    #expect(Set(integers) == Set(-5..<5))
    expectMoments(of: integers.map { Float($0) }, mean: -0.5, variance: 99.0 / 12)
  }
}

/// Checks mean and variance within four and a half standard errors.
func expectMoments(
  of values: [Float], mean: Double, variance: Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let count = Double(values.count)
  let deviations = values.map { Double($0) - mean }
  let squares = deviations.map { $0 * $0 }
  let sampleVariance = squares.reduce(0, +) / count
  let spread = squares.reduce(0) { $0 + ($1 - sampleVariance) * ($1 - sampleVariance) } / count
  #expect(
    abs(deviations.reduce(0, +) / count) <= 4.5 * (variance / count).squareRoot(),
    sourceLocation: sourceLocation)
  #expect(
    abs(sampleVariance - variance) <= 4.5 * (spread / count).squareRoot() + 1e-12,
    sourceLocation: sourceLocation)
}
