import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// Trajectories and evaluations of the Lorenz system, bit for bit the reference's.
struct LorenzGoldenTests {
  private static let golden = Result { try Golden("eval/lorenz_eval") }
  private let golden: Golden

  init() throws { golden = try Self.golden.get() }

  @Test("2000 chaotic steps, alone and as one of many", arguments: 0..<3, [1, 5])
  func trajectories(_ trajectory: Int, _ particles: Int) throws {
    let system = Lorenz()
    let theta = try golden.floats("traj\(trajectory)_theta")
    let values = try golden.floats("traj\(trajectory)_state_first200")
    let expected = try golden.floats("traj\(trajectory)_loss")
    var scratch = system.makeScratch()
    let start = system.start(theta: theta, key: PRNGKey(seed: 0), at: .beginning, in: &scratch)
    var states = Array(repeating: start, count: particles)
    let keys = StepKeys(shared: [], particleCount: particles)
    func losses(steps: Int) -> [Float] {
      var losses = [Float](repeating: 0, count: steps * Lorenz.blockSize)
      system.unroll(
        &states, thetas: Array(repeating: theta, count: particles), steps: steps, keys: keys,
        particles: Array(0..<particles), losses: &losses, in: &scratch)
      return (0..<steps).map { losses[$0 * Lorenz.blockSize + particles - 1] }
    }
    for step in 0..<200 {
      #expect(losses(steps: 1) == [expected[step]], "step \(step)")
      let row = Array(values[6 * step..<6 * step + 6])
      #expect(states.allSatisfy { $0.values == row }, "step \(step)")
    }
    #expect(losses(steps: 1800) == Array(expected[200...]))
  }

  /// An evaluation of 40 steps from key 11 in the golden file.
  struct Evaluation: Sendable, CustomTestStringConvertible {
    var name: String
    var start: Lorenz.Start
    var particles = 5
    var sigma: Float = 0
    var period: Int?

    var testDescription: String { name }

    static let all: [Evaluation] = [("single1", Lorenz.Start.fixed), ("single0", .finiteGaussian)]
      .flatMap { name, start in
        [
          Evaluation(name: "\(name)_smooth_K10", start: start, sigma: 0.04, period: 10),
          Evaluation(name: "\(name)_smooth_Knone", start: start, sigma: 0.04),
          Evaluation(name: "\(name)_plain_train", start: start),
          Evaluation(name: "\(name)_plain_test", start: .gaussian, particles: 6),
        ]
      }
  }

  @Test(arguments: Evaluation.all)
  func evaluations(_ evaluation: Evaluation) throws {
    let rows = try golden.floats("\(evaluation.name)_losses")
    let count = evaluation.particles
    let expected = (0..<count).map { particle in
      (0..<40).reduce(Float(0)) { $0 + rows[$1 * count + particle] } / 40
    }
    let means = try Lorenz(horizon: 40, start: evaluation.start).episodeLosses(
      theta: golden.floats("theta0"), key: PRNGKey(seed: 11), sigma: evaluation.sigma,
      noisePeriod: evaluation.period, particles: count, pool: WorkerPool(threadCount: 2))
    #expect(means == expected)
    // The reference averages over particles in float32, in an order of its own.
    let mean = means.map(Double.init).reduce(0, +) / Double(count)
    #expect(try abs(mean / golden.doubles("\(evaluation.name)_mean_ci")[0] - 1) < 3e-7)
  }
}
