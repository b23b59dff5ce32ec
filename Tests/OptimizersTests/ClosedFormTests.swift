import Foundation
import Optimizers
import Testing

@Suite struct ClosedFormTests {
  /// In powers of two nothing is rounded, so θ is θ₀ − rate · Σ g.
  @Test func gradientDescentIsLinear() {
    var sgd = SGD(schedule: .constant(0.125), count: 2)
    var theta: [Float] = [1, -2]
    for update in 1...16 {
      sgd.update(&theta, along: [0.5, -4])
      #expect(theta == [1 - Float(update) * 0.0625, -2 + Float(update) * 0.5])
    }
    #expect(sgd.updates == 16)
  }

  /// Under an unchanging gradient momentum is the geometric series g · (1 − 0.9ⁿ) / (1 − 0.9).
  @Test func momentumIsAGeometricSeries() {
    var sgdm = SGDM(schedule: .constant(1), count: 1)
    var theta: [Float] = [0]
    var sum = 0.0
    for update in 1...100 {
      sgdm.update(&theta, along: [3])
      let series = 3 * (1 - pow(0.9, Double(update))) / (1 - 0.9)
      sum += series
      // The float32 nearest 0.9 is 3e-8 less than that: 10 times as much in the sum.
      #expect(abs(Double(sgdm.momentum[0]) - series) < 1e-6 * series)
      #expect(abs(Double(theta[0]) + sum) < 1e-6 * sum)
    }
  }

  /// After one update m̂ = g and v̂ = g², so a gradient well above 1e-4 moves θ by the rate.
  ///
  /// The float32 nearest 0.999 is 1.3e-8 above it, so 1 − 0.999 is 1.3e-5 of itself too small, and
  /// its root 6.5e-6: that much less is the step.
  @Test(arguments: [Float(1e15), 1e3, 1, 0.1])
  func adamsFirstStepIsTheRate(size: Float) {
    var adam = Adam(schedule: .constant(0.25), count: 3)
    var theta: [Float] = [0, 0, 0]
    adam.update(&theta, along: [size, -size, 0])
    #expect(abs(theta[0] / -0.25 - 1) < 8e-6)
    #expect(theta[1] == -theta[0])
    #expect(theta[2] == 0)
  }

  /// The root holds 1e-8: at |g| = 1e-4 that is another g², and the step is rate / √2.
  @Test func adamsRootHoldsAnEpsilon() {
    var adam = Adam(schedule: .constant(1), count: 1)
    var theta: [Float] = [0]
    adam.update(&theta, along: [1e-4])
    let step = 1e-4 / ((2e-8).squareRoot() + 1e-8)
    #expect(abs(Double(theta[0]) / -step - 1) < 8e-6)
  }

  /// Bias correction divides by the sum of the weights: under an unchanging gradient m̂ = g and
  /// v̂ = g² after any number of updates.
  ///
  /// v remembers a thousand updates and each rounds it by up to 6e-8: 6e-5, half as much in a root.
  @Test func adamKeepsTheRateUnderAnUnchangingGradient() {
    var adam = Adam(schedule: .constant(0.25), count: 1)
    for _ in 0..<2000 {
      var theta: [Float] = [0]
      adam.update(&theta, along: [7])
      #expect(abs(theta[0] / -0.25 - 1) < 4e-5)
    }
  }

  @Test func aStepChangesTheRateAtItsBoundary() {
    let schedule = Schedule.piecewiseConstant(1, steps: [.init(at: 3, scalingBy: 0.25)])
    var sgd = SGD(schedule: schedule, count: 1)
    var theta: [Float] = [0]
    let moves = (0..<6).map { _ in
      let before = theta[0]
      sgd.update(&theta, along: [-1])
      return theta[0] - before
    }
    #expect(moves == [1, 1, 1, 0.25, 0.25, 0.25])
    #expect(sgd.rate == 0.25)
  }
}
