import Parameters
import Randomness
import Tasks
import TestSupport
import Testing

/// Where episodes of the Lorenz system start, and its θ.
struct LorenzStartTests {
  private let keys = (0..<500).map { PRNGKey(seed: 7).split(500, at: $0) }

  @Test func thetaStartsWhereTheReferenceDoes() throws {
    let golden = try Golden("eval/lorenz_eval")
    #expect(try Lorenz().initialParameters(key: keys[0]) == golden.floats("theta0"))
    // The float32 before 1: the logarithm of the rounded e.
    let rounded = Lorenz(logA: 1, logR: 2).initialParameters(key: keys[0])
    #expect(rounded == [Float(1).nextDown, 2])
    #expect(Lorenz().layout.leaves.map(\.name) == ["log_a", "log_r"])
  }

  @Test func oneStart() {
    for key in keys.prefix(3) {
      #expect(Lorenz(start: .fixed).initialValues(key: key) == [1.2, 1.3, 1.6, 1.2, 1.3, 1.6])
    }
  }

  /// The reference's hundred perturbations, nearly all of them met, at the row that the key draws.
  @Test func hundredStarts() throws {
    let perturbations = try Golden("eval/lorenz_eval").floats("finite_gaussian_init_perturbations")
    var met: Set<Int> = []
    for key in keys {
      let row = Int(key.randomInteger(in: 0..<100))
      let place = [
        1.2 + perturbations[3 * row], 1.3 + perturbations[3 * row + 1],
        1.6 + perturbations[3 * row + 2],
      ]
      #expect(Lorenz(start: .finiteGaussian).initialValues(key: key) == place + place)
      met.insert(row)
    }
    #expect(met.count > 95)
  }

  @Test func newStarts() {
    for key in keys.prefix(100) {
      let normal = key.normal(3)
      let values = Lorenz(start: .gaussian).initialValues(key: key)
      #expect(values[..<3] == values[3...])
      for (value, (center, deviate)) in zip(values, zip([1.2, 1.3, 1.6] as [Float], normal)) {
        // The reference rounds the sum once, this twice.
        #expect(abs(value - (center + deviate)) <= 2 * max(1, abs(deviate)).ulp)
      }
    }
  }

  @Test func anotherStartChangesNothingElse() {
    let system = Lorenz(horizon: 30, timestep: 0.01, logA: 2, logR: 3)
    let test = system.with(start: .gaussian)
    #expect(test.start == .gaussian)
    #expect(test.horizon == 30)
    #expect(test.timestep == 0.01)
    #expect(test.initialParameters(key: keys[0]) == system.initialParameters(key: keys[0]))
  }
}
