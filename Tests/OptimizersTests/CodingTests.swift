import Foundation
import Optimizers
import Testing

@Suite struct CodingTests {
  /// Interrupted after 5 of 12 updates and read back from JSON, a run ends on the same bits.
  @Test(arguments: OptimizerCatalogue.all.map { $0.id })
  func aResumedRunEqualsTheStraightOne(id: String) throws {
    let specification = try OptimizerSpecification(
      "\(id)||PIECEWISE_CONSTANT1e-2(3,0.3)(8,0.333)")
    var straight = specification.makeOptimizer(count: 3)
    var theta: [Float] = [0.1, -3, 1e-6]
    for update in 0..<5 { straight.update(&theta, along: gradient(update)) }

    var resumedTheta = theta
    var resumed = try decoded(specification.type, from: JSONEncoder().encode(straight))
    #expect(resumed.updates == 5)
    #expect(resumed.count == 3)
    for update in 5..<12 {
      straight.update(&theta, along: gradient(update))
      resumed.update(&resumedTheta, along: gradient(update))
      #expect(theta.map(\.bitPattern) == resumedTheta.map(\.bitPattern))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(resumed) == encoder.encode(straight))
  }

  /// State that is not carried shows: an optimizer made anew goes elsewhere.
  @Test(arguments: OptimizerCatalogue.all.map { $0.id })
  func aRestartedRunDiffers(id: String) throws {
    let specification = try OptimizerSpecification("\(id)||PIECEWISE_CONSTANT1e-2(3,0.3)")
    var straight = specification.makeOptimizer(count: 3)
    var theta: [Float] = [0.1, -3, 1e-6]
    for update in 0..<5 { straight.update(&theta, along: gradient(update)) }
    var restarted = specification.makeOptimizer(count: 3)
    var restartedTheta = theta
    straight.update(&theta, along: gradient(5))
    restarted.update(&restartedTheta, along: gradient(5))
    #expect(theta != restartedTheta)
  }

  @Test func specificationsAreCodedAsText() throws {
    let text = "ADAM||PIECEWISE_CONSTANT1e-5(150,0.3)(200,0.333)"
    let specification = try OptimizerSpecification(text)
    let data = try JSONEncoder().encode([specification])
    #expect(String(decoding: data, as: UTF8.self) == "[\"\(text)\"]")
    #expect(try JSONDecoder().decode([OptimizerSpecification].self, from: data) == [specification])
    #expect(throws: OptimizerSpecificationError.self) {
      try JSONDecoder().decode([OptimizerSpecification].self, from: Data(#"["SGD"]"#.utf8))
    }
  }

  @Test func schedulesAreCheckedWhenDecoded() throws {
    let schedule = Schedule.piecewiseConstant(0.1, steps: [.init(at: 7, scalingBy: 0.7)])
    let data = try JSONEncoder().encode([schedule])
    #expect(String(decoding: data, as: UTF8.self) == #"["PIECEWISE_CONSTANT0.1(7,0.7)"]"#)
    #expect(try JSONDecoder().decode([Schedule].self, from: data) == [schedule])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Schedule].self, from: Data(#"["CONSTANT-1"]"#.utf8))
    }
  }

  @Test func momentsOfDifferentLengthsAreRefused() throws {
    let text = #"""
      {"schedule": "CONSTANT1", "updates": 1, "firstMoment": [1, 2], "secondMoment": [1]}
      """#
    let longer = text.replacing("[1]", with: "[1, 4]")
    #expect(try decoded(Adam.self, from: Data(longer.utf8)).count == 2)
    #expect(throws: DecodingError.self) { try decoded(Adam.self, from: Data(text.utf8)) }
  }
}

private func gradient(_ update: Int) -> [Float] {
  [sin(Float(update)), 1e4 * cos(Float(update)), 1e-7 / Float(update + 1)]
}

private func decoded(_ type: any Optimizer.Type, from data: Data) throws -> any Optimizer {
  try JSONDecoder().decode(type, from: data)
}
