import Foundation
import Parameters
import Randomness
import TestSupport
import Testing
import Unrolls

struct PerturbationTests {
  /// ε of two particles over the leaves a/b, a/w, c/b, c/w, drawn by the reference.
  private struct Draws: Decodable {
    struct Leaf: Decodable {
      var bits: [UInt32]
      var shape: [Int]
    }
    var leaves: [String: Leaf] = [:]

    private enum Keys: String, CodingKey { case draws = "sample_multiple_perturbations_4leaves" }
    private struct Name: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let draws = try decoder.container(keyedBy: Keys.self)
        .nestedContainer(keyedBy: Name.self, forKey: .draws)
      for name in draws.allKeys where name.stringValue != "note" {
        leaves[name.stringValue] = try draws.decode(Leaf.self, forKey: name)
      }
    }
  }

  @Test func noiseOfEveryLeafIsTheReferences() throws {
    let file = Golden.folder.appending(path: "rng/rng.json")
    let draws = try JSONDecoder().decode(Draws.self, from: Data(contentsOf: file))
    let layout = ParameterLayout(
      draws.leaves.map { ParameterLeaf(name: $0, shape: Array($1.shape.dropFirst())) })
    #expect(layout.count == 17)
    for particle in 0..<2 {
      let noise = layout.noise(key: PRNGKey(seed: 4).split(2, at: particle), sigma: 0.01)
      for (index, leaf) in layout.leaves.enumerated() {
        let bits = try #require(draws.leaves[leaf.name]).bits
        let expected = bits[particle * leaf.count..<(particle + 1) * leaf.count]
        #expect(noise[layout.range(ofLeaf: index)].map(\.bitPattern) == Array(expected))
      }
    }
  }

  @Test("leaves that are not trained have no noise, and the others what they have without them")
  func untrainedLeaves() {
    let trained = [ParameterLeaf(name: "b", shape: [3]), ParameterLeaf(name: "d", shape: [2])]
    let layout = ParameterLayout(
      trained + ["a", "c", "e"].map { ParameterLeaf(name: $0, shape: [2], isTrained: false) })
    let key = PRNGKey(seed: 9)
    var noise = [Float](repeating: 5, count: 11)
    layout.drawNoise(into: &noise, key: key, sigma: 0.5)
    let expected = ParameterLayout(trained).noise(key: key, sigma: 0.5)
    let still: [Float] = [0, 0]
    var whole = still + expected[..<3]
    whole += still + expected[3...]
    #expect(noise == whole + still)
    // A file does not say what is trained.
    #expect(layout == ParameterLayout(layout.leaves.map { .init(name: $0.name, shape: $0.shape) }))
  }

  @Test func drawingWritesOverTheWholeVector() {
    let layout = ParameterLayout([
      ParameterLeaf(name: "b", shape: [3]), ParameterLeaf(name: "a", shape: []),
    ])
    let key = PRNGKey(seed: 9)
    var noise: [Float] = [1, 2, 3, 4]
    layout.drawNoise(into: &noise, key: key, sigma: 0.5)
    #expect(noise == layout.noise(key: key, sigma: 0.5))
    #expect(noise[0] == key.split(2)[0].normal(1)[0] * 0.5)
  }

  @Test func sidesLieOppositeEachOther() {
    var parameters = AntitheticParameters()
    parameters.set(theta: [1, -2, 0.1], noises: [[0.5, 0.25, 0.2], [0, 1, 0]])
    let first: [Float] = [0.5, -2.25, 0.1 - 0.2]
    #expect(
      parameters.sides == [[1.5, -1.75, 0.1 + 0.2], [1, -1, 0.1], first, [1, -3, 0.1]])
    parameters.set(1, theta: [0, 0, 0], noise: [1, 2, 3])
    #expect(parameters.sides == [[1.5, -1.75, 0.1 + 0.2], [1, 2, 3], first, [-1, -2, -3]])
    parameters.makeRoom(for: 1, theta: [0, 0, 0])
    #expect(parameters.sides.count == 2)
  }
}
