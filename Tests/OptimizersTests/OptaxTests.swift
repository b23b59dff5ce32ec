import Optimizers
import TestSupport
import Testing

/// Files of scripts/make-optimizer-goldens and the specification each was made with.
private let goldens = [
  ("sgd-constant", "SGD||CONSTANT1e-2"),
  ("sgd-piecewise", "SGD||PIECEWISE_CONSTANT1e-2(4,0.3)(9,0.333333333333333)"),
  ("sgdm-constant", "SGDM||CONSTANT1e-2"),
  ("sgdm-piecewise", "SGDM||PIECEWISE_CONSTANT1e-2(4,0.3)(9,0.333333333333333)"),
  ("adam-constant", "ADAM||CONSTANT1e-2"),
  ("adam-piecewise", "ADAM||PIECEWISE_CONSTANT1e-2(4,0.3)(9,0.333333333333333)"),
]

@Suite struct OptaxTests {
  @Test(arguments: goldens)
  func parametersAreThoseOfOptaxBitForBit(file: String, text: String) throws {
    let golden = try Golden("optimizers/\(file)")
    let compiled = try golden.rows("compiled")
    let thetas = try run(text, from: golden.floats("theta0"), along: golden.rows("gradients"))
    try #require(compiled.count == 24 && thetas.count == 24)
    for (update, (theta, expected)) in zip(thetas, compiled).enumerated() {
      #expect(theta.map(\.bitPattern) == expected.map(\.bitPattern), "update \(update)")
    }
  }

  @Test(arguments: goldens)
  func ratesAreThoseOfOptaxBitForBit(file: String, text: String) throws {
    let rates = try Golden("optimizers/\(file)").floats("rates")
    let schedule = try OptimizerSpecification(text).schedule
    try #require(rates.count == 24)
    #expect(rates.indices.map(schedule.rate) == rates)
  }

  /// Without fused operations every product is rounded on its own, so each running sum moves by
  /// at most an ulp of its terms an update, and Adam's quotient by four ulp more.
  @Test(arguments: goldens)
  func uncompiledOptaxDiffersByRoundingOnly(file: String, text: String) throws {
    let golden = try Golden("optimizers/\(file)")
    let gradients = try golden.rows("gradients")
    let eager = try golden.rows("eager")
    let specification = try OptimizerSpecification(text)
    let thetas = try run(text, from: golden.floats("theta0"), along: gradients)
    let ulp = Double(Float.ulpOfOne)
    for coordinate in 0..<7 {
      var steps = StepSizes(specification.type.id)
      var bound = 0.0
      for update in gradients.indices {
        let theta = Double(thetas[update][coordinate])
        let step = steps.next(Double(gradients[update][coordinate]))
        let rate = Double(specification.schedule.rate(at: update))
        bound += ulp * (abs(theta) + rate * step * Double(update + 5))
        #expect(abs(theta - Double(eager[update][coordinate])) <= bound)
      }
    }
  }

  /// Were the two the same numbers, the goldens could not tell a fused operation from two.
  @Test(arguments: goldens)
  func goldensTellFusedOperationsApart(file: String, text: String) throws {
    let golden = try Golden("optimizers/\(file)")
    #expect(try golden.floats("compiled") != golden.floats("eager"))
  }
}

/// θ after every update.
private func run(
  _ text: String, from theta0: [Float], along gradients: [[Float]]
) throws -> [[Float]] {
  var theta = theta0
  var optimizer = try OptimizerSpecification(text).makeOptimizer(count: theta.count)
  return gradients.map {
    optimizer.update(&theta, along: $0)
    return theta
  }
}

/// The size of the steps that gradients of these magnitudes make if none cancels another.
private struct StepSizes {
  private let id: String
  private var first = 0.0
  private var second = 0.0
  private var firstWeight = 1.0
  private var secondWeight = 1.0

  init(_ id: String) { self.id = id }

  mutating func next(_ gradient: Double) -> Double {
    switch id {
    case "SGD": return abs(gradient)
    case "SGDM":
      first = 0.9 * first + abs(gradient)
      return first
    default:
      first = 0.9 * first + 0.1 * abs(gradient)
      second = 0.999 * second + 0.001 * gradient * gradient
      firstWeight *= 0.9
      secondWeight *= 0.999
      return first / (1 - firstWeight) / (second / (1 - secondWeight) + 1e-8).squareRoot()
    }
  }
}

extension Golden {
  /// A matrix of float32, by rows.
  fileprivate func rows(_ name: String) throws -> [[Float]] {
    let width = try shape(name)[1]
    let values = try floats(name)
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }
}
