import Optimizers
import Testing

/// Specifications with settings of the optimizer's own.
@Suite struct OptimizerSettingsTests {
  @Test(arguments: [
    ("SGDM(momentum=0.95)||CONSTANT1e-2", "SGDM(momentum=0.95)||CONSTANT0.01"),
    ("sgdm( momentum = 0.5 )||CONSTANT1", "SGDM(momentum=0.5)||CONSTANT1"),
    ("SGDM(momentum=0.9)||CONSTANT1", "SGDM||CONSTANT1"),
    (
      "adam(beta2=0.99,beta1=0.8)||PIECEWISE_CONSTANT1(3,0.5)",
      "ADAM(beta1=0.8,beta2=0.99)||PIECEWISE_CONSTANT1(3,0.5)"
    ),
  ])
  func readsAndPrints(text: String, printed: String) throws {
    let specification = try OptimizerSpecification(text)
    #expect(specification.description == printed)
    #expect(try OptimizerSpecification(printed) == specification)
    #expect(try OptimizerSpecification(printed).hashValue == specification.hashValue)
  }

  @Test func differentSettingsAreDifferent() throws {
    #expect(
      try OptimizerSpecification("SGDM(momentum=0.5)||CONSTANT1")
        != OptimizerSpecification("SGDM||CONSTANT1"))
  }

  @Test func momentumIsThatOfTheText() throws {
    var optimizer = try OptimizerSpecification("SGDM(momentum=0.5)||CONSTANT1")
      .makeOptimizer(count: 1)
    var theta: [Float] = [0]
    for expected: Float in [-1, -2.5, -4.25] {
      optimizer.update(&theta, along: [1])
      #expect(theta == [expected])
    }
  }

  /// With β₁ = β₂ = 0, m̂ = g and v̂ = g²: the step is rate · g / (√(g² + ε) + ε).
  @Test func adamsSettingsAreThoseOfTheText() throws {
    var optimizer = try OptimizerSpecification("ADAM(beta1=0,beta2=0,epsilon=1)||CONSTANT0.5")
      .makeOptimizer(count: 2)
    var theta: [Float] = [0, 0]
    let gradient: [Float] = [2, -3]
    optimizer.update(&theta, along: gradient)
    for (value, slope) in zip(theta, gradient) {
      let expected = -0.5 * slope / ((slope * slope + 1).squareRoot() + 1)
      #expect(abs(value - expected) < 1e-6)
    }
  }

  @Test(arguments: [
    ("SGD(momentum=1)||CONSTANT1", "SGD has no settings"),
    ("SGDM(beta1=1)||CONSTANT1", #""beta1" is no setting of SGDM, which has momentum"#),
    ("SGDM()||CONSTANT1", #""" is not "name=value""#),
    ("SGDM(momentum)||CONSTANT1", #""momentum" is not "name=value""#),
    ("SGDM(momentum=1||CONSTANT1", #""(momentum=1" has no end"#),
    ("SGDM(momentum=x)||CONSTANT1", "momentum is 'x': it must be a number"),
    ("SGDM(momentum=2)||CONSTANT1", "momentum is 2.0: it must be between 0.0 and 1.0"),
    ("SGDM(momentum=nan)||CONSTANT1", "momentum is nan: it must be between 0.0 and 1.0"),
    ("SGDM(momentum=0,momentum=1)||CONSTANT1", "momentum is given twice"),
    ("ADAM(beta1=1)||CONSTANT1", "beta1 is 1.0: it must be between 0.0 and 0.9999999403953552"),
    ("ADAM(beta2=-1)||CONSTANT1", "beta2 is -1.0: it must be between 0.0 and 0.9999999403953552"),
    ("ADAM(epsilon=0)||CONSTANT1", "epsilon is 0.0: it must be positive"),
  ])
  func refusesWithAReason(text: String, reason: String) {
    let error = #expect(throws: OptimizerSpecificationError.self) {
      try OptimizerSpecification(text)
    }
    #expect(error?.reason == reason)
  }
}
