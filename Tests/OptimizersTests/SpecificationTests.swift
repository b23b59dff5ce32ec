import Foundation
import Optimizers
import Testing

@Suite struct SpecificationTests {
  @Test(arguments: [
    ("SGD||CONSTANT1e-5", "SGD||CONSTANT1e-5"),
    ("sgdm||constant0.01", "SGDM||CONSTANT0.01"),
    ("Adam||Constant3", "ADAM||CONSTANT3"),
    ("SGD||CONSTANT 1E-2 ", "SGD||CONSTANT0.01"),
    ("SGD||CONSTANT+.5", "SGD||CONSTANT0.5"),
    (
      "ADAM||PIECEWISE_CONSTANT1e-5(150,0.3)(200,0.333333333333333)",
      "ADAM||PIECEWISE_CONSTANT1e-5(150,0.3)(200,0.333333333333333)"
    ),
    ("adam||piecewise_constant1e-5( 0 , 2 )", "ADAM||PIECEWISE_CONSTANT1e-5(0,2)"),
  ])
  func readsAndPrints(text: String, printed: String) throws {
    let specification = try OptimizerSpecification(text)
    #expect(specification.description == printed)
    #expect(try OptimizerSpecification(printed) == specification)
    #expect(try OptimizerSpecification(printed).hashValue == specification.hashValue)
  }

  @Test func holdsWhatWasWritten() throws {
    let specification = try OptimizerSpecification(
      "adam||PIECEWISE_CONSTANT1e-5(150,0.3)(200,0.333)")
    #expect(specification.type is Adam.Type)
    #expect(specification.schedule.initialRate == 1e-5)
    let steps = [Schedule.Step(at: 150, scalingBy: 0.3), .init(at: 200, scalingBy: 0.333)]
    #expect(specification.schedule.steps == steps)
    let made = specification.makeOptimizer(count: 5)
    #expect(made is Adam && made.count == 5 && made.updates == 0 && made.rate == 1e-5)
    let programmed = OptimizerSpecification(
      Adam.self, schedule: .piecewiseConstant(1e-5, steps: steps))
    #expect(programmed == specification)
  }

  @Test func differentOnesAreDifferent() throws {
    let texts = [
      "SGD||CONSTANT1e-5", "SGDM||CONSTANT1e-5", "SGD||CONSTANT1e-4",
      "SGD||PIECEWISE_CONSTANT1e-5(1,0.5)", "SGD||PIECEWISE_CONSTANT1e-5(2,0.5)",
      "SGD||PIECEWISE_CONSTANT1e-5(1,0.25)",
    ]
    let specifications = try texts.map { try OptimizerSpecification($0) }
    for (index, specification) in specifications.enumerated() {
      #expect(specifications.firstIndex(of: specification) == index)
    }
  }

  private static let optimizers = OptimizerCatalogue.all.map { $0.id }.joined(separator: ", ")

  @Test(arguments: [
    ("", #"there is no "||" between the optimizer and its schedule"#),
    ("SGD", #"there is no "||" between the optimizer and its schedule"#),
    ("SGD|CONSTANT1", #"there is no "||" between the optimizer and its schedule"#),
    ("||CONSTANT1", #"the optimizer "" is none of \#(optimizers)"#),
    ("SGDX||CONSTANT1", #"the optimizer "SGDX" is none of \#(optimizers)"#),
    ("SGD ||CONSTANT1", #"the optimizer "SGD " is none of \#(optimizers)"#),
    ("SGD||", #"the schedule "" begins with neither CONSTANT nor PIECEWISE_CONSTANT"#),
    (
      "SGD||LINEAR1",
      #"the schedule "LINEAR1" begins with neither CONSTANT nor PIECEWISE_CONSTANT"#
    ),
    ("SGD||CONSTANT", #"the rate "" is not a number"#),
    ("SGD||CONSTANTx", #"the rate "x" is not a number"#),
    ("SGD||CONSTANT1e-5x", #"the rate "1e-5x" is not a number"#),
    ("SGD||CONSTANT1e-5\n2", #"the rate "1e-5\n2" is not a number"#),
    ("SGD||CONSTANT0x10", #"the rate "0x10" is not a number"#),
    ("SGD||CONSTANTnan", #"the rate "nan" is not a number"#),
    ("SGD||CONSTANTinf", #"the rate "inf" is not a number"#),
    ("SGD||CONSTANT1e-5(3,0.5)", #"the rate "1e-5(3,0.5)" is not a number"#),
    ("SGD||CONSTANT0", "the rate 0 is not a positive number that float32 can hold"),
    ("SGD||CONSTANT-1", "the rate -1 is not a positive number that float32 can hold"),
    ("SGD||CONSTANT1e39", "the rate 1e+39 is not a positive number that float32 can hold"),
    ("SGD||CONSTANT1e400", "the rate inf is not a positive number that float32 can hold"),
    ("SGD||CONSTANT1e-39", "the rate 1e-39 is not a positive number that float32 can hold"),
    ("SGD||PIECEWISE_CONSTANT1", #"PIECEWISE_CONSTANT has no "(boundary,ratio)" after its rate"#),
    ("SGD||PIECEWISE_CONSTANT(1,2)", #"the rate "" is not a number"#),
    ("SGD||PIECEWISE_CONSTANT1(", #""(" is not "(boundary,ratio)""#),
    ("SGD||PIECEWISE_CONSTANT1()", #""()" is not "(boundary,ratio)""#),
    ("SGD||PIECEWISE_CONSTANT1(3)", #""(3)" is not "(boundary,ratio)""#),
    ("SGD||PIECEWISE_CONSTANT1(3,1,2)", #""(3,1,2)" is not "(boundary,ratio)""#),
    ("SGD||PIECEWISE_CONSTANT1(3,0.5)x", #""x" is not "(boundary,ratio)""#),
    ("SGD||PIECEWISE_CONSTANT1(3,0.5)(4,0.5", #""(4,0.5" is not "(boundary,ratio)""#),
    ("SGD||PIECEWISE_CONSTANT1(3,0.5),(4,0.5)", #"",(4,0.5)" is not "(boundary,ratio)""#),
    ("SGD||PIECEWISE_CONSTANT1(1.5,0.5)", #"the boundary "1.5" is not a whole number"#),
    ("SGD||PIECEWISE_CONSTANT1(,0.5)", #"the boundary "" is not a whole number"#),
    ("SGD||PIECEWISE_CONSTANT1(3,)", #"the ratio "" is not a number"#),
    ("SGD||PIECEWISE_CONSTANT1(3,nan)", #"the ratio "nan" is not a number"#),
    (
      "SGD||PIECEWISE_CONSTANT1(3,0)",
      "the ratio 0 is not a positive number that float32 can hold"
    ),
    (
      "SGD||PIECEWISE_CONSTANT1(3,-0.5)",
      "the ratio -0.5 is not a positive number that float32 can hold"
    ),
    ("SGD||PIECEWISE_CONSTANT1(-3,0.5)", "the boundary -3 is negative"),
    ("SGD||PIECEWISE_CONSTANT1(3,0.5)(3,0.5)", "the boundary 3 does not come after 3"),
    ("SGD||PIECEWISE_CONSTANT1(3,0.5)(2,0.5)", "the boundary 2 does not come after 3"),
    (
      "SGD||PIECEWISE_CONSTANT1e-30(3,0.5)(4,1e-30)",
      "the rate from update 4 on is not one that float32 can hold"
    ),
  ])
  func refusesWithAReason(text: String, reason: String) {
    let error = #expect(throws: OptimizerSpecificationError.self) {
      try OptimizerSpecification(text)
    }
    #expect(error?.reason == reason)
    #expect(error?.text == text)
    #expect(error?.description.contains(where: \.isNewline) == false)
  }

  @Test func errorsNameTheTextAndShowARightOne() {
    let error = #expect(throws: OptimizerSpecificationError.self) {
      try OptimizerSpecification("SGD||CONSTANT-1")
    }
    #expect(
      error?.description
        == #"optimizer "SGD||CONSTANT-1": the rate -1 is not a positive number that float32 "#
        + "can hold; write it like SGD||CONSTANT1e-5 or "
        + "ADAM||PIECEWISE_CONSTANT1e-5(150,0.3)(200,0.333)")
  }

  @Test func theExamplesInErrorsAreRight() throws {
    for text in ["SGD||CONSTANT1e-5", "ADAM||PIECEWISE_CONSTANT1e-5(150,0.3)(200,0.333)"] {
      #expect(try OptimizerSpecification(text).description == text)
    }
  }

  /// Any rates and boundaries read back as they were.
  @Test func randomSpecificationsReadBack() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let steps = Set((0..<4).map { _ in Int.random(in: 0...100_000, using: &generator) }).sorted()
        .map { Schedule.Step(at: $0, scalingBy: .random(in: 0.1...2, using: &generator)) }
      let rate = pow(10, Double.random(in: -30...30, using: &generator))
      for type in OptimizerCatalogue.all {
        let specification = OptimizerSpecification(
          type, schedule: .piecewiseConstant(rate, steps: steps))
        #expect(try OptimizerSpecification("\(specification)") == specification)
      }
    }
  }
}
