import Foundation
import Randomness
import Testing

struct CodableTests {
  @Test func writesAKeyAsItsWords() throws {
    let key = PRNGKey(word0: .max, word1: 7)
    #expect(try text(of: key) == "[4294967295,7]")
    #expect(try copy(of: key) == key)
    #expect(key.description == "[4294967295, 7]")
  }

  @Test func resumesASequence() throws {
    var sequence = PRNGSequence(PRNGKey(seed: 1))
    _ = sequence.next()
    var resumed = try copy(of: sequence)
    #expect(resumed == sequence)
    #expect(resumed.next() == sequence.next())
    #expect(try text(of: PRNGSequence(PRNGKey(seed: 3))) == "[0,3]")
  }

  @Test func resumesAGenerator() throws {
    var generator = PCG64(seed: 8)
    for _ in 0..<100 {
      _ = generator.standardNormal()
      #expect(try copy(of: generator) == generator)
    }
    var resumed = try copy(of: generator)
    #expect(resumed.next() == generator.next())
  }

  @Test(arguments: ["[]", "[1]", "[1,2,3]", "[1,-2]", "[1,4294967296]", "{}"])
  func refusesWhatIsNoKey(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(PRNGKey.self, from: Data(text.utf8))
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(PRNGSequence.self, from: Data(text.utf8))
    }
  }

  @Test(arguments: ["[1,2,3]", "[1,2,3,4]", "[1,2,3,5,7]", "[1,2,3,-5]"])
  func refusesWhatIsNoGenerator(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(PCG64.self, from: Data(text.utf8))
    }
  }

  private func text(of value: some Encodable) throws -> String {
    try String(decoding: JSONEncoder().encode(value), as: UTF8.self)
  }

  private func copy<Value: Codable>(of value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
  }
}
