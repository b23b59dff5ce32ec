import Differentiation
import Estimators
import Parameters
import Randomness
import Tasks
import Unrolls

/// The estimators that differentiate again, as their definitions read: one particle and one step at a
/// time, in `Double`, with no regard for speed.
struct PlainDerivatives<System: DynamicalSystem> {
  let system: System
  let settings: EstimatorSettings
  var count: Int { settings.particleCount }
  var burnIn: Int { settings.burnInLength ?? system.horizon }

  /// A particle: values with the tangents that the method carries.
  struct Particle {
    var values: [Dual<Double>]
    var step: Int
    var direction: [Double]
    /// A of DODGE, θ̃ of UORO.
    var weight: [Double]
  }

  /// What a window gave.
  struct Sum {
    var gradient: [Double]
    var loss = 0.0

    mutating func add(_ loss: Dual<Double>, along weight: [Double]) {
      self.loss += loss.value
      for index in gradient.indices { gradient[index] += loss.tangent * weight[index] }
    }
  }

  var zero: [Double] { [Double](repeating: 0, count: system.layout.count) }

  func average(_ sum: Sum, length: Int) -> GradientEstimate {
    let total = Double(count * length)
    return GradientEstimate(
      gradient: sum.gradient.map { Float($0 / total) }, meanLoss: Float(sum.loss / total))
  }

  func start(_ key: PRNGKey, noise: PRNGKey? = nil) -> [Particle] {
    let start: EpisodeStart =
      settings.startsAtRandomSteps ? .random(windowLength: settings.windowLength) : .beginning
    return key.split(count).enumerated().map { index, key in
      let (initial, iteration) = key.split()
      return Particle(
        values: fresh(initial), step: start.step(key: iteration, horizon: system.horizon),
        direction: noise.map { direction($0, of: index) } ?? zero, weight: zero)
    }
  }

  func fresh(_ key: PRNGKey) -> [Dual<Double>] {
    system.initialValues(key: key).map { Dual(Double($0), tangent: 0) }
  }

  func direction(_ key: PRNGKey, of particle: Int) -> [Double] {
    system.layout.noise(key: key.split(count, at: particle), sigma: 1).map { Double($0) }
  }

  /// Counts a step; whether the episode ended, and the next one began.
  func finish(_ particle: inout Particle, _ index: Int, unroll: PRNGKey) -> Bool {
    particle.step += 1
    guard particle.step == system.horizon else { return false }
    particle.values = fresh(unroll.split(count, at: index).split3().2)
    particle.step = 0
    return true
  }

  func keys(_ key: PRNGKey, _ length: Int) -> [PRNGKey] {
    var sequence = PRNGSequence(key)
    return (0..<length).map { _ in sequence.next() }
  }
}

// MARK: Reverse mode, by one forward pass for each parameter

extension PlainDerivatives {
  func truncatedBackpropagation(
    _ particles: inout [Particle], theta: [Float], key: PRNGKey, length: Int
  ) -> Sum {
    var sum = Sum(gradient: zero)
    let keys = keys(key, length)
    let start = particles
    for parameter in theta.indices {
      let direction = system.basis(parameter)
      for index in particles.indices {
        var particle = start[index]
        particle.values = particle.values.map { Dual($0.value, tangent: 0) }
        for key in keys {
          let moved = system.moved(particle.values, theta: theta, direction: direction)
          particle.values = moved.values
          sum.gradient[parameter] += moved.loss.tangent
          if parameter == 0 { sum.loss += moved.loss.value }
          _ = finish(&particle, index, unroll: key)
        }
        particles[index] = particle
      }
    }
    return sum
  }
}

// MARK: Forward mode

extension PlainDerivatives {
  /// DODGE with a period K.
  func directional(
    _ particles: inout [Particle], theta: [Float], keys: [PRNGKey]
  ) -> Sum {
    var sum = Sum(gradient: zero)
    for key in keys {
      let (noise, unroll, _) = key.split3()
      for index in particles.indices {
        var particle = particles[index]
        if particle.step.isMultiple(of: settings.noisePeriod) {
          particle.direction = direction(noise, of: index)
          particle.weight = zip(particle.weight, particle.direction).map { $0 + $1 }
        }
        let moved = system.moved(particle.values, theta: theta, direction: particle.direction)
        particle.values = moved.values
        sum.add(moved.loss, along: particle.weight)
        if finish(&particle, index, unroll: unroll) {
          particle.direction = zero
          particle.weight = zero
        }
        particles[index] = particle
      }
    }
    return sum
  }

  /// DODGE with one direction an episode.
  func oneDirectionAnEpisode(
    _ particles: inout [Particle], theta: [Float], keys: [PRNGKey]
  ) -> Sum {
    var sum = Sum(gradient: zero)
    for key in keys {
      let (unroll, noise) = key.split()
      for index in particles.indices {
        var particle = particles[index]
        let moved = system.moved(particle.values, theta: theta, direction: particle.direction)
        particle.values = moved.values
        sum.add(moved.loss, along: particle.direction)
        if finish(&particle, index, unroll: unroll) {
          particle.direction = direction(noise, of: index)
        }
        particles[index] = particle
      }
    }
    return sum
  }
}

// MARK: UORO

extension PlainDerivatives {
  func rankOne(_ particles: inout [Particle], theta: [Float], keys: [PRNGKey]) -> Sum {
    var sum = Sum(gradient: zero)
    for key in keys {
      let (noise, unroll) = key.split()
      let signs = signs(noise)
      for index in particles.indices {
        var particle = particles[index]
        let products = system.layout.values.map { parameter in
          let still = particle.values.map { Dual($0.value, tangent: 0.0) }
          let moved = system.moved(still, theta: theta, direction: system.basis(parameter))
          return zip(signs[index], moved.values).reduce(0) { $0 + $1.0 * $1.1.tangent }
        }
        let moved = system.moved(particle.values, theta: theta, direction: zero).values
        let kept = ratio(particle.weight, moved.map(\.tangent))
        let added = ratio(products, signs[index])
        particle.values = zip(moved, signs[index]).map {
          Dual($0.value, tangent: kept * $0.tangent + added * $1)
        }
        particle.weight = zip(particle.weight, products).map { $0 / kept + $1 / added }
        let loss: Dual<Double> = system.loss(particle.values.span)
        sum.add(loss, along: particle.weight)
        if finish(&particle, index, unroll: unroll) { particle.weight = zero }
        particles[index] = particle
      }
    }
    return sum
  }

  /// ν: for each particle its rows of every array, each drawn for all particles together.
  private func signs(_ key: PRNGKey) -> [[Double]] {
    let sizes = system.valueLeaves.map(\.count)
    let leaves = zip(sizes, key.split(sizes.count)).map { size, key in
      (size: size, draws: key.rademacher(count * size).map { Double($0) })
    }
    return (0..<count).map { particle in
      leaves.flatMap { $0.draws[particle * $0.size..<(particle + 1) * $0.size] }
    }
  }

  private func ratio(_ b: [Double], _ a: [Double]) -> Double {
    (norm(b) / (norm(a) + 1e-7)).squareRoot() + 1e-7
  }

  private func norm(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
