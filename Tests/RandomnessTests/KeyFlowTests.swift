import Randomness
import Testing

/// The draws of whole parts of the reference: keys of a training run, starts of episodes, noise,
/// initial weights.
struct KeyFlowTests {
  @Test(arguments: [23, 53, 83, 101] as [UInt64])
  func derivesTheKeysOfATrainingRun(seed: UInt64) throws {
    let reference = try ReferenceDraws()("main_training_keys", "\(seed)")
    let (estimatorKey, loopKey) = PRNGKey(seed: seed).split()
    #expect(try estimatorKey == reference("grad_est_init_key").key)
    #expect(
      try estimatorKey.split(1, at: 0)
        == reference("learner_init_split1_row0 (passed to init_worker_state)").key)
    #expect(try loopKey == reference("loop_key0").key)

    var key = loopKey
    for iteration in try reference("iterations").elements {
      let rows = key.split(4)
      let (workerKey, learnerKey) = rows[2].split()
      key = rows[3]
      #expect(try rows[0] == iteration("key3_test").key)
      #expect(try rows[1] == iteration("key2_smooth_eval").key)
      #expect(try rows[2] == iteration("key1_update").key)
      #expect(try key == iteration("key_next").key)
      #expect(try workerKey == iteration("update.key1_worker").key)
      #expect(try learnerKey == iteration("update.key2_learner").key)
      #expect(
        try workerKey.split().1
          == iteration("estimator_rng (key given to compute_gradient_estimate)").key)
    }
  }

  @Test(arguments: [0, 23] as [UInt64])
  func startsEpisodesAsTheReference(seed: UInt64) throws {
    let reference = try ReferenceDraws()("openai_gym_init_step_state", "cases", "\(seed)")
    let particles = PRNGKey(seed: seed).split(3)
    let parts = particles.map { $0.split3() }
    #expect(try particles == reference("key_list").keys)
    #expect(try parts.map(\.0) == reference("init_key_list").keys)
    #expect(try parts.map(\.1) == reference("iteration_key_list").keys)
    #expect(try parts.map(\.2) == reference("sample_action_key_list").keys)
    #expect(
      try parts.map { Int($0.0.randomInteger(in: 0..<1_000_000)) } == reference("np_seeds").integers
    )
    for window in [20, 100] as [Int32] {
      let steps = parts.map { Int($0.1.randomInteger(in: 0..<1000 / window) * window) }
      #expect(try steps == reference("inner_step_T1000_W\(window)").integers)
    }
  }

  @Test func perturbsOneLeaf() throws {
    let noise = noise(keys: PRNGKey(seed: 3).split(4), leaves: 1, leaf: 0, count: 16, scale: 0.3)
    #expect(
      try noise.bits == ReferenceDraws()("sample_multiple_perturbations", "out", "bits").words)
  }

  @Test(arguments: [("a/b", 0, 3), ("a/w", 1, 6), ("c/b", 2, 2), ("c/w", 3, 6)])
  func perturbsFourLeaves(name: String, leaf: Int, count: Int) throws {
    let noise = noise(
      keys: PRNGKey(seed: 4).split(2), leaves: 4, leaf: leaf, count: count, scale: 0.01)
    #expect(
      try noise.bits
        == ReferenceDraws()("sample_multiple_perturbations_4leaves", name, "bits").words)
  }

  @Test(arguments: InitialWeights.all)
  func initializesWeightsAsHaiku(weights: InitialWeights) throws {
    let reference = try weights.path.reduce(ReferenceDraws()("haiku_init")) { try $0($1) }
    var sequence = PRNGSequence(PRNGKey(seed: weights.seed))
    for _ in 0..<weights.keysBefore { _ = sequence.next() }
    let values = sequence.next().truncatedNormal(weights.count).map { weights.deviation * $0 }
    #expect(try values.bits == reference("bits").words)
  }

  private func noise(
    keys: [PRNGKey], leaves: Int, leaf: Int, count: Int, scale: Float
  ) -> [Float] {
    keys.flatMap { key in
      var noise = [Float](repeating: 0, count: count)
      key.split(leaves, at: leaf).fillNormal(&noise, range: 0..<count, scale: scale)
      return noise
    }
  }
}

/// One leaf of weights that haiku drew: scaled truncated normal numbers.
struct InitialWeights: CustomTestStringConvertible, Sendable {
  let path: [String]
  let seed: UInt64
  let keysBefore: Int
  let count: Int
  let deviation: Float

  var testDescription: String { path.joined(separator: "/") }

  /// Haiku's default deviation, 1 / √fanIn.
  init(_ path: [String], seed: UInt64, keysBefore: Int = 0, fanIn: Int, fanOut: Int) {
    self.path = path
    self.seed = seed
    self.keysBefore = keysBefore
    count = fanIn * fanOut
    deviation = Float(1 / Double(fanIn).squareRoot())
  }

  /// `VarianceScaling(0.03, "fan_in", "truncated_normal")`, which corrects for the truncation.
  init(policySeed seed: UInt64) {
    path = ["Linear_VarianceScaling0.03_fan_in_truncnormal_17x6_PRNGKey\(seed)"]
    self.seed = seed
    keysBefore = 0
    count = 17 * 6
    deviation = Float((0.03 / 17).squareRoot() / Double(Float(0.87962566103423978)))
  }

  static let all: [InitialWeights] = [
    .init(policySeed: 0),
    .init(policySeed: 1),
    .init(policySeed: 5),
    .init(["Linear_default_4x3_PRNGKey2", "w"], seed: 2, fanIn: 4, fanOut: 3),
    .optimizer(layer: 0, fanIn: 19, fanOut: 32),
    .optimizer(layer: 1, fanIn: 32, fanOut: 32),
    .optimizer(layer: 2, fanIn: 32, fanOut: 2),
    // The inner network takes a key for its dropout first.
    .perceptron(layer: 0, fanIn: 64, fanOut: 4),
    .perceptron(layer: 1, fanIn: 4, fanOut: 10),
    .convolution("conv2_d", keysBefore: 0, fanIn: 27, fanOut: 3),
    .convolution("conv2_d_1", keysBefore: 1, fanIn: 27, fanOut: 2),
    .convolution("linear", keysBefore: 2, fanIn: 8, fanOut: 10),
  ]

  private static func optimizer(layer: Int, fanIn: Int, fanOut: Int) -> Self {
    .init(
      ["MLPLOpt_theta_init_seed2", "mlp/~/linear_\(layer)/w"], seed: 2, keysBefore: layer,
      fanIn: fanIn, fanOut: fanOut)
  }

  private static func perceptron(layer: Int, fanIn: Int, fanOut: Int) -> Self {
    .init(
      ["inner_MLP_hidden4_PRNGKey7", "MLP/~/mlp/~/linear_\(layer)/w"], seed: 7,
      keysBefore: layer + 1, fanIn: fanIn, fanOut: fanOut)
  }

  private static func convolution(
    _ name: String, keysBefore: Int, fanIn: Int, fanOut: Int
  ) -> Self {
    .init(
      ["inner_CNN_3_2_PRNGKey7", "FullConvNet/~/\(name)/w"], seed: 7, keysBefore: keysBefore,
      fanIn: fanIn, fanOut: fanOut)
  }
}
