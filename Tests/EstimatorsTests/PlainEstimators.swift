import Estimators
import Parameters
import Randomness
import TestSupport
import Unrolls

/// One particle's step as the paper writes it: (L⁺ − L⁻)/(2σ²) · direction.
struct Contribution {
  var particle: Int
  var positiveLoss: Float
  var negativeLoss: Float
  var direction: [Float]
}

/// The estimators again, as their definitions read: all particles together, step by step, one
/// contribution each, and no regard for speed.
struct PlainEstimators {
  typealias State = LinearSystemTask.State

  let task: LinearSystemTask
  let settings: EstimatorSettings
  var count: Int { settings.particleCount }
  var burnIn: Int { settings.burnInLength ?? task.horizon }

  func start(_ key: PRNGKey, at start: EpisodeStart) -> [State] {
    var scratch: Void = ()
    return key.split(count).map { task.start(theta: [], key: $0, at: start, in: &scratch) }
  }

  var unlockedStart: EpisodeStart {
    settings.startsAtRandomSteps ? .random(windowLength: settings.windowLength) : .beginning
  }

  func noises(_ key: PRNGKey) -> [[Float]] {
    key.split(count).map { task.layout.noise(key: $0, sigma: Float(settings.sigma)) }
  }

  /// Steps each particle's state with θ + sign · ε; returns losses and which episodes ended.
  func advance(
    _ states: inout [State], theta: [Float], sign: Float, noise: [[Float]], key: PRNGKey
  ) -> [StepOutcome] {
    var scratch: Void = ()
    return states.indices.map { particle in
      let perturbed = zip(theta, noise[particle]).map { $0 + sign * $1 }
      let stepKey = StepKey(shared: key, particle: particle, particleCount: count)
      return task.advance(&states[particle], theta: perturbed, key: stepKey, in: &scratch)
    }
  }

  /// The estimate of a window of `length` steps.
  func average(_ contributions: [Contribution], length: Int) -> GradientEstimate {
    let total = Double(count * length)
    var gradient = [Double](repeating: 0, count: task.layout.count)
    var losses = [Double](repeating: 0, count: 2 * count)
    for contribution in contributions {
      let difference = Double(contribution.positiveLoss - contribution.negativeLoss)
      let factor = difference / (2 * settings.sigma * settings.sigma)
      for index in gradient.indices {
        gradient[index] += factor * Double(contribution.direction[index]) / total
      }
      losses[contribution.particle] += Double(contribution.positiveLoss) / Double(length)
      losses[count + contribution.particle] += Double(contribution.negativeLoss) / Double(length)
    }
    let mean = losses.reduce(0, +) / Double(2 * count)
    let variance = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(2 * count)
    if settings.normalizesLoss {
      gradient = gradient.map { $0 * settings.sigma / variance.squareRoot() }
    }
    return GradientEstimate(
      gradient: gradient.map { Float($0) }, meanLoss: Float(mean),
      lossDeviation: settings.normalizesLoss ? Float(variance.squareRoot()) : nil)
  }
}

/// GPES_K, all particles together.
struct PlainPersistent {
  let plain: PlainEstimators
  var positive: [PlainEstimators.State]
  var negative: [PlainEstimators.State]
  var noise: [[Float]]
  var accumulated: [[Float]]

  init(_ plain: PlainEstimators, start: PRNGKey, noise: PRNGKey, at episodeStart: EpisodeStart) {
    self.plain = plain
    positive = plain.start(start, at: episodeStart)
    negative = positive
    self.noise = plain.noises(noise)
    accumulated = self.noise.map { $0.map { _ in 0 } }
  }

  mutating func step(theta: [Float], key: PRNGKey) -> [Contribution] {
    let keys = key.split(3)
    let fresh = plain.noises(keys[0])
    for particle in 0..<plain.count
    where positive[particle].step % plain.settings.noisePeriod == 0 {
      noise[particle] = fresh[particle]
      accumulated[particle] = zip(accumulated[particle], fresh[particle]).map { $0 + $1 }
    }
    let above = plain.advance(&positive, theta: theta, sign: 1, noise: noise, key: keys[1])
    let below = plain.advance(&negative, theta: theta, sign: -1, noise: noise, key: keys[1])
    return (0..<plain.count).map { particle in
      let direction = accumulated[particle]
      if above[particle].isDone {
        noise[particle] = direction.map { _ in 0 }
        accumulated[particle] = noise[particle]
      }
      return Contribution(
        particle: particle, positiveLoss: above[particle].loss, negativeLoss: below[particle].loss,
        direction: direction)
    }
  }
}

/// NRES, all particles together.
struct PlainNoiseReuse {
  let plain: PlainEstimators
  var positive: [PlainEstimators.State]
  var negative: [PlainEstimators.State]
  var noise: [[Float]]

  init(_ plain: PlainEstimators, start: PRNGKey, noise: PRNGKey) {
    self.plain = plain
    positive = plain.start(start, at: plain.unlockedStart)
    negative = positive
    self.noise = plain.noises(noise)
  }

  mutating func step(theta: [Float], key: PRNGKey) -> [Contribution] {
    let keys = key.split(2)
    let above = plain.advance(&positive, theta: theta, sign: 1, noise: noise, key: keys[0])
    let below = plain.advance(&negative, theta: theta, sign: -1, noise: noise, key: keys[0])
    let fresh = plain.noises(keys[1])
    return (0..<plain.count).map { particle in
      let direction = noise[particle]
      if above[particle].isDone { noise[particle] = fresh[particle] }
      return Contribution(
        particle: particle, positiveLoss: above[particle].loss, negativeLoss: below[particle].loss,
        direction: direction)
    }
  }
}

extension PlainEstimators {
  /// A haiku sequence's next `length` keys.
  private func sequence(_ key: PRNGKey, _ length: Int) -> [PRNGKey] {
    var keys = PRNGSequence(key)
    return (0..<length).map { _ in keys.next() }
  }

  /// Estimates of windows with `keys` and `thetas`, the burn-in with the first θ.
  func persistent(start: PRNGKey, keys: [PRNGKey], thetas: [[Float]]) -> [GradientEstimate] {
    let parts = start.split(3)
    var particles = PlainPersistent(
      self, start: parts[0], noise: parts[1], at: unlockedStart)
    for key in sequence(parts[2], burnIn) { _ = particles.step(theta: thetas[0], key: key) }
    return zip(keys, thetas).map { key, theta in
      let contributions = sequence(key, settings.windowLength).flatMap {
        particles.step(theta: theta, key: $0)
      }
      return average(contributions, length: settings.windowLength)
    }
  }

  func noiseReuse(start: PRNGKey, keys: [PRNGKey], thetas: [[Float]]) -> [GradientEstimate] {
    let parts = start.split(3)
    var particles = PlainNoiseReuse(self, start: parts[0], noise: parts[1])
    for key in sequence(parts[2], burnIn) { _ = particles.step(theta: thetas[0], key: key) }
    return zip(keys, thetas).map { key, theta in
      let contributions = sequence(key, settings.windowLength).flatMap {
        particles.step(theta: theta, key: $0)
      }
      return average(contributions, length: settings.windowLength)
    }
  }

  func truncated(start: PRNGKey, keys: [PRNGKey], thetas: [[Float]]) -> [GradientEstimate] {
    let parts = start.split(2)
    let still = noises(start).map { $0.map { _ in Float(0) } }
    var states = self.start(parts[0], at: unlockedStart)
    for key in sequence(parts[1], burnIn) {
      _ = advance(&states, theta: thetas[0], sign: 0, noise: still, key: key)
    }
    return zip(keys, thetas).map { key, theta in
      let keys = key.split(2)
      let noise = noises(keys[0])
      let rows = keys[1].split(count)
      let stepKeys = (0..<settings.windowLength).map { rows[min($0, count - 1)] }
      var (positive, negative) = (states, states)
      var contributions: [Contribution] = []
      for key in stepKeys {
        let above = advance(&positive, theta: theta, sign: 1, noise: noise, key: key)
        let below = advance(&negative, theta: theta, sign: -1, noise: noise, key: key)
        contributions += (0..<count).map {
          Contribution(
            particle: $0, positiveLoss: above[$0].loss, negativeLoss: below[$0].loss,
            direction: noise[$0])
        }
        _ = advance(&states, theta: theta, sign: 0, noise: still, key: key)
      }
      return average(contributions, length: settings.windowLength)
    }
  }

  /// FullES with `length` T, ShortHorizonES with W.
  func fresh(length: Int, keys: [PRNGKey], thetas: [[Float]]) -> [GradientEstimate] {
    zip(keys, thetas).map { key, theta in
      let keys = key.split(2)
      let noise = noises(keys[1])
      let parts = keys[0].split(2)
      var positive = start(parts[0], at: .beginning)
      var negative = positive
      var chain = parts[1]
      var contributions: [Contribution] = []
      for _ in 0..<length {
        let next = chain.split(2)
        chain = next[1]
        let above = advance(&positive, theta: theta, sign: 1, noise: noise, key: next[0])
        let below = advance(&negative, theta: theta, sign: -1, noise: noise, key: next[0])
        contributions += (0..<count).map {
          Contribution(
            particle: $0, positiveLoss: above[$0].loss, negativeLoss: below[$0].loss,
            direction: noise[$0])
        }
      }
      return average(contributions, length: length)
    }
  }

  func fullPersistent(keys: [PRNGKey], thetas: [[Float]]) -> [GradientEstimate] {
    zip(keys, thetas).map { key, theta in
      let keys = key.split(2)
      let parts = keys[0].split(3)
      var particles = PlainPersistent(self, start: parts[0], noise: parts[1], at: .beginning)
      var chain = keys[1]
      var contributions: [Contribution] = []
      for _ in 0..<task.horizon {
        let next = chain.split(2)
        chain = next[0]
        contributions += particles.step(theta: theta, key: next[1])
      }
      return average(contributions, length: task.horizon)
    }
  }
}
