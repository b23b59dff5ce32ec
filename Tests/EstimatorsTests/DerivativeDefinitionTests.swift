import Differentiation
import Estimators
import Parameters
import Randomness
import Tasks
import TestSupport
import Testing
import Unrolls
import Workers

/// The estimators that differentiate against their definitions: more particles than a block has,
/// windows that do not divide the horizon, several directions an episode, a start that is drawn.
struct DerivativeDefinitionTests {
  private typealias Plain = PlainDerivatives<Twist>

  private static var run: Run<Twist> {
    Run(
      task: Twist(),
      settings: EstimatorSettings(particleCount: 21, windowLength: 3, noisePeriod: 2, sigma: 0),
      thetas: (0..<6).map { [0.7, -0.4 + 0.1 * Float($0), 0.3] })
  }

  /// Particles of the plain estimator, and what it gives for the window of a key.
  private typealias Window = (_ particles: inout [Plain.Particle], [Float], PRNGKey) -> Plain.Sum

  /// Compares the windows of a run. Here θ and values are of size 1 and derivatives of size 10 or less,
  /// so some 20 steps in float32 leave less than 1e-5 of the gradient's norm.
  private func compare(
    _ estimator: any EstimatorAlgorithm.Type, _ run: Run<Twist>, length: Int,
    _ particles: [Plain.Particle], _ window: Window
  ) throws {
    let plain = Plain(system: run.task, settings: run.settings)
    var particles = particles
    let found = try run.make(estimator, threadCount: 2)
    #expect(
      found.environmentSteps == (plain.burnIn == 0 ? 0 : particles.reduce(0) { $0 + $1.step }))
    for (index, key) in run.keys.dropLast().enumerated() {
      let theta = run.thetas[index]
      let estimate = try found.estimate(theta: theta, key: key)
      let expected = plain.average(window(&particles, theta, key), length: length)
      #expect(relativeDistance(estimate.gradient, expected.gradient) < 1e-5, "window \(index)")
      #expect(abs(estimate.meanLoss - expected.meanLoss) < 1e-5, "window \(index)")
    }
  }

  @Test func truncatedBackpropagation() throws {
    let run = Self.run
    let plain = Plain(system: run.task, settings: run.settings)
    let (start, unrolls) = run.keys[6].split()
    var particles = plain.start(start)
    _ = plain.truncatedBackpropagation(
      &particles, theta: run.thetas[0], key: unrolls, length: plain.burnIn)
    try compare(TruncatedBPTT.self, run, length: 3, particles) { particles, theta, key in
      plain.truncatedBackpropagation(&particles, theta: theta, key: key, length: 3)
    }
  }

  /// Windows longer than an episode, too: gradients go with the episode that they belong to.
  @Test func windowsOfSeveralEpisodes() throws {
    var run = Self.run
    run.settings.windowLength = 19
    let plain = Plain(system: run.task, settings: run.settings)
    let (start, unrolls) = run.keys[6].split()
    var particles = plain.start(start)
    _ = plain.truncatedBackpropagation(
      &particles, theta: run.thetas[0], key: unrolls, length: plain.burnIn)
    try compare(TruncatedBPTT.self, run, length: 19, particles) { particles, theta, key in
      plain.truncatedBackpropagation(&particles, theta: theta, key: key, length: 19)
    }
  }

  @Test(arguments: [(FullGradient.id, 8), (ShortHorizonGradient.id, 3)])
  func freshEpisodes(_ name: String, _ length: Int) throws {
    let run = Self.run
    var settings = run.settings
    settings.startsAtRandomSteps = false
    settings.burnInLength = 0
    let plain = Plain(system: run.task, settings: settings)
    let found = try run.make(EstimatorCatalogue.named(name), threadCount: 2)
    for (index, key) in run.keys.dropLast().enumerated() {
      let theta = run.thetas[index]
      let (start, _) = key.split()
      var particles = plain.start(start)
      let sum = plain.truncatedBackpropagation(
        &particles, theta: theta, key: key, length: length)
      let expected = plain.average(sum, length: length)
      let estimate = try found.estimate(theta: theta, key: key)
      #expect(relativeDistance(estimate.gradient, expected.gradient) < 1e-5, "window \(index)")
      #expect(abs(estimate.meanLoss - expected.meanLoss) < 1e-5, "window \(index)")
      #expect(found.environmentSteps == 21 * length * (index + 1))
    }
  }

  @Test(arguments: [1, 2, 3, 5, 8, 100])
  func directional(_ noisePeriod: Int) throws {
    var run = Self.run
    run.settings.noisePeriod = noisePeriod
    let plain = Plain(system: run.task, settings: run.settings)
    let (start, noise, unrolls) = run.keys[6].split3()
    var particles = plain.start(start, noise: noise)
    _ = plain.directional(
      &particles, theta: run.thetas[0], keys: plain.keys(unrolls, plain.burnIn))
    try compare(TruncatedForwardModeK.self, run, length: 3, particles) { particles, theta, key in
      plain.directional(&particles, theta: theta, keys: plain.keys(key, 3))
    }
  }

  @Test(arguments: [1, 3, 8])
  func directionalOverWholeEpisodes(_ noisePeriod: Int) throws {
    var run = Self.run
    run.settings.noisePeriod = noisePeriod
    var settings = run.settings
    settings.startsAtRandomSteps = false
    settings.burnInLength = 0
    let plain = Plain(system: run.task, settings: settings)
    let (start, noise, _) = run.keys[6].split3()
    var particles = plain.start(start, noise: noise)
    let found = try run.make(FullDirectionalGradientK.self)
    for (index, key) in run.keys.dropLast().enumerated() {
      let theta = run.thetas[index]
      let sum = plain.directional(&particles, theta: theta, keys: plain.keys(key, 8))
      let expected = plain.average(sum, length: 8)
      let estimate = try found.estimate(theta: theta, key: key)
      #expect(relativeDistance(estimate.gradient, expected.gradient) < 1e-5, "window \(index)")
      #expect(abs(estimate.meanLoss - expected.meanLoss) < 1e-5, "window \(index)")
    }
  }

  @Test func oneDirectionAnEpisode() throws {
    let run = Self.run
    let plain = Plain(system: run.task, settings: run.settings)
    let (start, noise, unrolls) = run.keys[6].split3()
    var particles = plain.start(start, noise: noise)
    _ = plain.oneDirectionAnEpisode(
      &particles, theta: run.thetas[0], keys: plain.keys(unrolls, plain.burnIn))
    try compare(
      TruncatedForwardModeSharedNoise.self, run, length: 3, particles
    ) { particles, theta, key in
      plain.oneDirectionAnEpisode(&particles, theta: theta, keys: plain.keys(key, 3))
    }
  }

  @Test func rankOne() throws {
    let run = Self.run
    let plain = Plain(system: run.task, settings: run.settings)
    let (start, unrolls) = run.keys[6].split()
    var particles = plain.start(start)
    _ = plain.rankOne(&particles, theta: run.thetas[0], keys: plain.keys(unrolls, plain.burnIn))
    try compare(UORO.self, run, length: 3, particles) { particles, theta, key in
      plain.rankOne(&particles, theta: theta, keys: plain.keys(key, 3))
    }
  }
}
