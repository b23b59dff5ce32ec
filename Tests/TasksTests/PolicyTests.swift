import Envs
import Foundation
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing

struct PolicyTests {
  /// Observations and actions of the environments, and other shapes around them.
  static let sizes = [(8, 2), (17, 6), (1, 1), (3, 1), (5, 2), (11, 3), (376, 17)]

  private func act(_ policy: Policy, theta: [Float], on observation: [Float]) -> [Float] {
    var scratch = policy.makeScratch()
    scratch.observation = observation
    policy.act(theta: theta, in: &scratch)
    return scratch.action
  }

  @Test("leaves are ordered by name and shaped (inputs, outputs)")
  func layout() {
    #expect(
      Policy(.linear, observationCount: 8, actionCount: 2).layout.leaves
        == [ParameterLeaf(name: "linear/w", shape: [8, 2])])
    #expect(
      Policy(.mlp, observationCount: 17, actionCount: 6).layout.leaves == [
        ParameterLeaf(name: "mlp/~/linear_0/b", shape: [30]),
        ParameterLeaf(name: "mlp/~/linear_0/w", shape: [17, 30]),
        ParameterLeaf(name: "mlp/~/linear_1/b", shape: [6]),
        ParameterLeaf(name: "mlp/~/linear_1/w", shape: [30, 6]),
      ])
  }

  @Test(
    "a layout is recognized as the policy it belongs to", arguments: Policy.Architecture.allCases)
  func recognized(architecture: Policy.Architecture) throws {
    let policy = Policy(architecture, observationCount: 8, actionCount: 2)
    let found = try #require(Policy(layout: policy.layout, for: Locomotion.swimmer.spec))
    #expect(found.architecture == architecture && found.layout == policy.layout)
    #expect(Policy(layout: policy.layout, for: Locomotion.halfCheetah.spec) == nil)
  }

  @Test("the linear policy's actions are the reference's, to the last bit")
  func recordedActions() throws {
    let golden = try Golden("eval/rl_eval")
    let (swimmer, cheetah) = (Locomotion.swimmer.spec, Locomotion.halfCheetah.spec)
    for (name, spec) in [("swimmer", swimmer), ("halfcheetah", cheetah)] {
      let policy = Policy(
        .linear, observationCount: spec.observationCount, actionCount: spec.actionCount)
      let theta = try golden.floats("\(name)_theta")
      let observations = try golden.doubles("\(name)_policy_obs_f64")
      let actions = try golden.floats("\(name)_policy_action_f32 (theta_i = (i+1)*theta)")
      for row in 0..<4 {
        let observation = observations[
          row * spec.observationCount..<(row + 1) * spec.observationCount]
        let action = act(
          policy, theta: theta.map { $0 * Float(row + 1) }, on: observation.map { Float($0) })
        #expect(action == Array(actions[row * spec.actionCount..<(row + 1) * spec.actionCount]))
      }
    }
  }

  @Test("a product is added term by term, each rounded once", arguments: sizes)
  func rounding(inputs: Int, outputs: Int) {
    let policy = Policy(.linear, observationCount: inputs, actionCount: outputs)
    let theta = PRNGKey(seed: 1).normal(inputs * outputs)
    let observation = PRNGKey(seed: 2).normal(inputs)
    let expected = (0..<outputs).map { output in
      observation.indices.reduce(Float(0)) { sum, input in
        let weight = theta[input * outputs + output]
        // Of two outputs, the first has its products rounded too.
        return outputs == 2 && output == 0
          ? sum + observation[input] * weight
          : sum.addingProduct(observation[input], weight)
      }
    }
    #expect(act(policy, theta: theta, on: observation) == expected)
  }

  @Test("the MLP is two affine layers with a rectifier between them", arguments: sizes)
  func multilayer(inputs: Int, outputs: Int) throws {
    let policy = Policy(.mlp, observationCount: inputs, actionCount: outputs)
    let theta = PRNGKey(seed: 4).normal(policy.layout.count)
    let observation = PRNGKey(seed: 5).normal(inputs)
    func affine(_ layer: Int, _ input: [Double], _ outputs: Int) throws -> [Double] {
      let weights = try #require(policy.layout.range(of: "mlp/~/linear_\(layer)/w"))
      let biases = try #require(policy.layout.range(of: "mlp/~/linear_\(layer)/b"))
      return (0..<outputs).map { output in
        input.indices.reduce(Double(theta[biases][biases.lowerBound + output])) {
          $0 + input[$1] * Double(theta[weights.lowerBound + $1 * outputs + output])
        }
      }
    }
    let hidden = try affine(0, observation.map { Double($0) }, 30)
    let isActive = hidden.map { $0 > 0 }
    #expect(isActive.contains(true) && isActive.contains(false))
    let expected = try affine(1, hidden.map { max($0, 0) }, outputs)
    // float32 sums of terms up to 30 times larger.
    let found = act(policy, theta: theta, on: observation)
    for (found, expected) in zip(found, expected) {
      #expect(abs(Double(found) - expected) < 1e-5 * hidden.map { abs($0) }.reduce(1, +))
    }
  }

  @Test("linear policies start at zero, or as haiku draws them", arguments: [0, 1, 5])
  func initialization(seed: Int) throws {
    let policy = Policy(.linear, observationCount: 17, actionCount: 6)
    let key = PRNGKey(seed: UInt64(seed))
    #expect(
      policy.initialParameters(.zero, scale: 0.03, key: key) == [Float](repeating: 0, count: 102))
    let drawn = policy.initialParameters(.normal, scale: 0.03, key: key)
    let url = Golden.folder.appending(path: "rng/rng.json")
    let file = try JSONDecoder().decode(InitialWeights.self, from: Data(contentsOf: url))
    #expect(try drawn.map(\.bitPattern) == file.bits(seed: seed))
  }

  @Test("HalfCheetah's θ₀ is the reference's")
  func cheetah() throws {
    let run = try GoldenRun("rl_short_cheetahT20_FullES")
    let task = ControlTask(
      simulator: try Simulator(Locomotion.halfCheetah), initialization: .normal)
    #expect(
      try task.initialParameters(key: PRNGKey(seed: run.flags.initSeed))
        == run.vector("theta", 0, layout: task.layout))
  }

  @Test("an MLP draws each matrix from the next key, whatever is asked")
  func multilayerInitialization() throws {
    let policy = Policy(.mlp, observationCount: 8, actionCount: 2)
    let key = PRNGKey(seed: 6)
    let theta = policy.initialParameters(.normal, scale: 0.3, key: key)
    #expect(policy.initialParameters(.zero, scale: 0.03, key: key) == theta)
    var keys = PRNGSequence(key)
    for (layer, inputs, outputs) in [(0, 8, 30), (1, 30, 2)] {
      let biases = try #require(policy.layout.range(of: "mlp/~/linear_\(layer)/b"))
      #expect(theta[biases].allSatisfy { $0 == 0 })
      // A linear policy of these sizes and scale 0.3 draws the same from the same key.
      let draws = keys.next().truncatedNormal(inputs * outputs)
      let deviation = Float((0.3 / Double(inputs)).squareRoot() / Double(Float(0.87962566)))
      let weights = try #require(policy.layout.range(of: "mlp/~/linear_\(layer)/w"))
      #expect(Array(theta[weights]) == draws.map { deviation * $0 })
    }
  }

  @Test("a given θ₀ takes the place of a draw")
  func given() throws {
    let theta = (0..<16).map { Float($0) }
    let task = ControlTask(
      simulator: try Simulator(Locomotion.swimmer), initialization: .normal, givenParameters: theta)
    #expect(task.initialParameters(key: PRNGKey(seed: 0)) == theta)
  }
}

/// haiku's initial weights in `rng.json`.
private struct InitialWeights: Decodable {
  private struct Draws: Decodable { var bits: [UInt32] }
  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private let container: KeyedDecodingContainer<Name>

  init(from decoder: any Decoder) throws {
    container = try decoder.container(keyedBy: Name.self)
      .nestedContainer(keyedBy: Name.self, forKey: Name(stringValue: "haiku_init"))
  }

  func bits(seed: Int) throws -> [UInt32] {
    let name = "Linear_VarianceScaling0.03_fan_in_truncnormal_17x6_PRNGKey\(seed)"
    return try container.decode(Draws.self, forKey: Name(stringValue: name)).bits
  }
}
