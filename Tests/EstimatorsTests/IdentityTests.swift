import Estimators
import Foundation
import Randomness
import Snapshots
import TestSupport
import Testing
import Unrolls
import Workers

/// Relations between estimators and within them that hold exactly.
struct IdentityTests {
  private typealias Task = TracedTask<LinearSystemTask>

  private func traced(_ run: Run<LinearSystemTask>) -> Run<Task> {
    Run(task: TracedTask(run.task), settings: run.settings, thetas: run.thetas)
  }

  private func workers<Worker: EstimatorBlock>(
    _: Worker.Type, _ estimator: any GradientEstimator
  ) throws -> [Worker] {
    try #require(estimator as? BlockRuntime<Worker>).blocks
  }

  /// NRES takes up GPES_K's trajectories and noise in mid-episode and goes on with the same
  /// gradients, since A = ε there.
  @Test(arguments: [8, 9, 1000])
  func onePeriodAnEpisodeIsNoiseReuse(_ noisePeriod: Int) throws {
    let run = Run<LinearSystemTask>.inStep(noisePeriod: noisePeriod)
    let persistent = try run.make(TruncatedPESK.self)
    _ = try run.estimate(persistent, windows: 0..<1)
    let noiseReuse = try run.make(TruncatedNRES.self)
    try noiseReuse.restore(from: persistent.snapshot())
    #expect(
      try run.bits(noiseReuse, windows: 1..<4) == run.bits(persistent, windows: 1..<4))
  }

  /// One period a window is PES: A is the sum of all of the episode's noises.
  @Test func onePeriodAWindowIsPersistent() throws {
    let run = Run<LinearSystemTask>.inStep(noisePeriod: 2)
    let estimator = try run.make(TruncatedPESK.self)
    var sums = [[Float]](repeating: [0, 0, 0], count: 4)
    for window in 0..<3 {
      _ = try run.estimate(estimator, windows: window..<window + 1)
      let workers = try workers(PersistentBlock<LinearSystemTask>.self, estimator)
      sums = zip(sums, workers.flatMap(\.noise.noises)).map { zip($0, $1).map { $0 + $1 } }
      #expect(workers.flatMap(\.noise.accumulated) == sums)
      #expect(Set(workers.flatMap(\.noise.noises)).count == 4)
    }
    _ = try run.estimate(estimator, windows: 3..<4)
    for worker in try workers(PersistentBlock<LinearSystemTask>.self, estimator) {
      #expect(worker.noise.accumulated == [[0, 0, 0]])
      #expect(worker.noise.noises == [[0, 0, 0]])
    }
  }

  /// The gradient is the sum over the steps that the trajectories remember, of the noise that
  /// their own parameters tell: (L⁺ − L⁻)/(2σ²) times the sum of the noises so far.
  @Test(arguments: [1, 2, 3, 4, 8])
  func theGradientIsTheSumOfWhatHappened(_ noisePeriod: Int) throws {
    let run = traced(Run.inStep(noisePeriod: noisePeriod))
    let estimator = try run.make(TruncatedPESK.self)
    for window in 0..<3 {
      let gradient = try run.estimate(estimator, windows: window..<window + 1)[0].gradient
      var sum = [Double](repeating: 0, count: 3)
      for worker in try workers(PersistentBlock<Task>.self, estimator) {
        let (above, below) = (worker.motion.states[0].steps, worker.motion.states[1].steps)
        for step in above.indices.suffix(2) {
          let periods = stride(from: 0, through: step, by: noisePeriod)
          let difference = Double(above[step].loss - below[step].loss)
          for index in sum.indices {
            let direction = periods.reduce(0) {
              $0 + Double(above[$1].theta[index] - below[$1].theta[index]) / 2
            }
            sum[index] += difference * direction / (2 * 0.25 * 0.25) / 8
          }
        }
      }
      // The parameters' rounding hides 2⁻²⁵ of each noise.
      #expect(relativeDistance(gradient, sum.map { Float($0) }) < 1e-6)
    }
  }

  /// Both sides take each step with the same key, and no step's key returns.
  @Test(arguments: [TruncatedPESK.id, TruncatedNRES.id])
  func bothSidesShareTheirRandomness(_ name: String) throws {
    var run = traced(Run.control)
    run.settings.particleCount = 3
    let estimator = try run.make(EstimatorCatalogue.named(name))
    _ = try run.estimate(estimator, windows: 0..<6)
    let pairs =
      name == TruncatedNRES.id
      ? try workers(NoiseReuseBlock<Task>.self, estimator).map(\.motion)
      : try workers(PersistentBlock<Task>.self, estimator).map(\.motion)
    for pair in pairs {
      #expect(pair.states[0].steps.map(\.key) == pair.states[1].steps.map(\.key))
      #expect(pair.states[0].steps.count == 8 + 6 * 3)
    }
    let keys = pairs.flatMap { $0.states[0].steps.map(\.key) }
    #expect(Set(keys).count == keys.count)
  }

  /// At θ = 0 this system's losses are even in θ, so the sides cannot be told apart.
  @Test func evenLossesHaveNoGradient() throws {
    var run = Run.control
    run.task.initialState = [0, 0]
    run.task.loss = .quadratic(target: [0, 0])
    run.task.noise = 0
    run.thetas = run.thetas.map { $0.map { _ in 0 } }
    for estimator in EstimatorCatalogue.perturbing {
      let estimates = try run.estimate(run.make(estimator), windows: 0..<6)
      #expect(estimates.allSatisfy { $0.gradient.allSatisfy { $0 == 0 } }, "\(estimator.id)")
      #expect(estimates.allSatisfy { $0.meanLoss > 0 }, "\(estimator.id)")
    }
  }

  /// Losses that do not depend on θ but on the step's key alone: the sides draw the same.
  @Test func lossesWithoutThetaHaveNoGradient() throws {
    var run = Run.control
    run.task.gain = 0
    for estimator in EstimatorCatalogue.perturbing {
      let estimates = try run.estimate(run.make(estimator), windows: 0..<6)
      #expect(estimates.allSatisfy { $0.gradient.allSatisfy { $0 == 0 } }, "\(estimator.id)")
      #expect(Set(estimates.map(\.meanLoss)).count == 6, "\(estimator.id)")
    }
  }

  /// Exchanging the sides and the sign of ε and A changes nothing.
  @Test(arguments: [TruncatedPESK.id, TruncatedNRES.id])
  func theSignOfTheNoiseDoesNotMatter(_ name: String) throws {
    let run = Run<LinearSystemTask>.inStep(noisePeriod: 8)
    let estimator = try run.make(EstimatorCatalogue.named(name))
    _ = try run.estimate(estimator, windows: 0..<1)
    let mirrored = try run.make(EstimatorCatalogue.named(name))
    try mirrored.restore(from: Mirror.reflect(estimator.snapshot()))
    let expected = try run.bits(estimator, windows: 1..<4)
    #expect(try run.bits(mirrored, windows: 1..<4) == expected)
    #expect(expected.allSatisfy { $0.gradient != [0, 0, 0] })
  }

  /// A saved state with its sides exchanged and its noise negated.
  private struct Mirror: Codable {
    struct Block: Codable {
      struct Motion: Codable { var states: [LinearSystemTask.State] }
      struct Noise: Codable {
        var noises: [[Float]]
        var accumulated: [[Float]]?
      }
      var motion: Motion
      var noise: Noise
    }
    var particleCount: Int
    var parameterCount: Int
    var environmentSteps: Int
    var simulatedSteps: Int
    var blocks: [Block]

    private static func negated(_ rows: [[Float]]) -> [[Float]] { rows.map { $0.map { -$0 } } }

    static func reflect(_ snapshot: Snapshot) throws -> Snapshot {
      var state: Mirror = try snapshot.decode()
      for index in state.blocks.indices {
        state.blocks[index].motion.states.reverse()
        let noise = state.blocks[index].noise
        state.blocks[index].noise.noises = negated(noise.noises)
        state.blocks[index].noise.accumulated = noise.accumulated.map(negated)
      }
      return try Snapshot(of: state)
    }
  }

  /// With K ≥ T a particle that starts in mid-episode has A = 0 until its first reset.
  @Test func anEpisodeBegunBeforeTheParticleContributesNothing() throws {
    var run = Run<LinearSystemTask>.inStep(noisePeriod: 8, windows: 8)
    run.settings.startsAtRandomSteps = true
    run.settings.particleCount = 1
    for seed in 0..<20 as Range<UInt64> {
      run.seed = seed
      let estimator = try run.make(TruncatedPESK.self)
      let worker = try workers(PersistentBlock<LinearSystemTask>.self, estimator)[0]
      #expect(worker.motion.positives == worker.motion.negatives)
      let windows = (8 - worker.motion.states[0].step) % 8 / 2
      let gradients = try run.estimate(estimator, windows: 0..<8).map(\.gradient)
      #expect(gradients.prefix(windows).allSatisfy { $0 == [0, 0, 0] })
      #expect(gradients.dropFirst(windows).allSatisfy { $0 != [0, 0, 0] })
    }
  }

  /// After a burn-in of one horizon every particle has an episode of its own noise.
  @Test(arguments: [8, 100])
  func theBurnInMakesEveryParticleCount(_ noisePeriod: Int) throws {
    var run = Run<LinearSystemTask>.inStep(noisePeriod: noisePeriod)
    run.settings.startsAtRandomSteps = true
    run.settings.burnInLength = nil
    run.settings.particleCount = 20
    let estimator = try run.make(TruncatedPESK.self)
    for worker in try workers(PersistentBlock<LinearSystemTask>.self, estimator) {
      #expect(worker.noise.accumulated == worker.noise.noises)
      #expect((worker.noise.noises == [[0, 0, 0]]) == (worker.motion.states[0].step == 0))
    }
  }

  /// FullPESK with one noise is FullES in all but its keys, so is NRES over an in-step episode:
  /// the mean loss at σ → 0 is the same.
  @Test func withoutNoiseAllMeetTheSameLosses() throws {
    var run = Run<LinearSystemTask>.inStep(windowLength: 8, noisePeriod: 8)
    run.settings.sigma = 1e-12
    run.thetas = run.thetas.map { _ in run.thetas[3] }
    let losses = try EstimatorCatalogue.perturbing.filter { $0.id != FullESTrajectory.id }.map {
      try run.estimate(run.make($0), windows: 0..<1)[0].meanLoss
    }
    let mean = (1...8).reduce(0.0) { sum, step in
      let state = run.task.state(theta: run.thetas[0], at: step)
      return sum + zip(state, [1, 0, -1]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 8
    }
    #expect(losses.allSatisfy { abs($0 - Float(mean)) <= 2 * Float(mean).ulp })
  }
}
