import Testing

@testable import Randomness

struct PCG64Tests {
  static let seeds: [UInt32] = [0, 1, 2, 23, 999_999]

  @Test(arguments: seeds)
  func spreadsSeedsAsNumPy(seed: UInt32) throws {
    let reference = try ReferenceDraws()("numpy_PCG64", "\(seed)")
    var words = SeedSequence(seed: seed)
    #expect(
      try (0..<8).map { _ in words.nextWord() }
        == reference("seedsequence_generate_state_8xu32").words)
    var doubleWords = SeedSequence(seed: seed)
    #expect(
      try (0..<4).map { _ in "\(doubleWords.next())" }
        == reference("seedsequence_generate_state_4xu64").elements.map { try $0.string })
  }

  @Test(arguments: seeds)
  func drawsAsNumPy(seed: UInt32) throws {
    let reference = try ReferenceDraws()("numpy_PCG64", "\(seed)")
    let start = PCG64(seed: seed)
    #expect(try "\(start.state)" == reference("pcg64_state").string)
    #expect(try "\(start.increment)" == reference("pcg64_inc").string)

    var words = start
    #expect(
      try (0..<5).map { _ in "\(words.next())" }
        == reference("raw_u64_5").elements.map { try $0.string })
    var uniforms = start
    #expect(
      try (0..<10).map { _ in uniforms.uniform(-0.1, 0.1) }
        == reference("uniform_m0.1_0.1_10").doubles)
    var normals = start
    #expect(
      try (0..<20).map { _ in normals.standardNormal() } == reference("standard_normal_20").doubles)

    var mixed = start
    let parts = try reference("uniform9_then_normal9_then_uniform3").elements
    #expect(try (0..<9).map { _ in mixed.uniform(-0.1, 0.1) } == parts[0].doubles)
    #expect(try (0..<9).map { _ in mixed.standardNormal() } == parts[1].doubles)
    #expect(try (0..<3).map { _ in mixed.uniform(-0.1, 0.1) } == parts[2].doubles)
  }

  /// `numpy.random.default_rng(0).standard_normal(20_000)`: those beyond the last layer, by index,
  /// and a checksum over the bits of all.
  @Test func drawsEdgesAndTailOfTheZigguratAsNumPy() {
    var generator = PCG64(seed: 0)
    let draws = (0..<20_000).map { _ in generator.standardNormal() }
    let tail = draws.indices.filter { draws[$0].magnitude > 3.6541528853610088 }
    #expect(tail == [303, 478, 10477, 13325, 14920, 17077])
    #expect(
      tail.map { draws[$0].bitPattern } == [
        0xC00E_2D9E_98D8_7BC6, 0xC00F_3204_051F_2938, 0x400F_907C_5AA2_FF63,
        0xC00F_5AD7_82DB_91BD, 0xC010_17B6_E687_81FC, 0x400E_94B3_6300_E4F5,
      ])
    #expect(checksum(draws.lazy.map(\.bitPattern)) == 0xB26F_A008_E697_62B2)
  }

  @Test func drawsEachHalfOpenIntervalEvenly() {
    var generator = PCG64(seed: 77)
    let unit = (0..<20_000).map { _ in generator.nextDouble() }
    #expect(unit.allSatisfy { 0 <= $0 && $0 < 1 })
    expectMoments(of: unit.map { Float($0) }, mean: 0.5, variance: 1.0 / 12)
    expectMoments(
      of: (0..<20_000).map { _ in Float(generator.standardNormal()) }, mean: 0, variance: 1)
  }
}

/// A checksum that depends on the order: FNV's multiplication by a prime, then exclusive or.
func checksum(_ words: some Sequence<UInt64>) -> UInt64 {
  words.reduce(0) { $0 &* 0x100_0000_01B3 ^ $1 }
}
