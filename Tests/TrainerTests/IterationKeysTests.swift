import Foundation
import Randomness
import TestSupport
import Testing
import Trainer

struct IterationKeysTests {
  private struct File: Decodable {
    struct Iteration: Decodable {
      var test: [UInt32]
      var smoothed: [UInt32]
      var update: [UInt32]
      enum CodingKeys: String, CodingKey {
        case test = "key3_test"
        case smoothed = "key2_smooth_eval"
        case update = "key1_update"
      }
    }
    struct Run: Decodable { var iterations: [Iteration] }
    var runs: [String: Run]
    enum CodingKeys: String, CodingKey { case runs = "main_training_keys" }
  }

  @Test("keys of each iteration are the reference's", arguments: [23, 53, 83, 101] as [UInt64])
  func chain(seed: UInt64) throws {
    let url = Golden.folder.appending(path: "rng/rng.json")
    let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
    let iterations = try #require(file.runs["\(seed)"]).iterations
    #expect(iterations.count == 4)
    for (keys, recorded) in zip(IterationKeys.Chain(remainingSeed: seed), iterations) {
      #expect([keys.test.word0, keys.test.word1] == recorded.test)
      #expect([keys.smoothed.word0, keys.smoothed.word1] == recorded.smoothed)
      #expect([keys.update.word0, keys.update.word1] == recorded.update)
    }
  }
}
