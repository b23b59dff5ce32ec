import Differentiation
import Parameters
import Randomness
import Tasks
import Testing
import Unrolls

/// Derivatives of dynamical systems, by every way there is.
struct DerivativeTests {
  /// A system with the number of its first values that θ reaches.
  static let systems: [(any DynamicalSystem, reached: Int)] =
    [(Lorenz(start: .gaussian), 3), (Pendulum(), 4)]
    + (0..<6).map { (QuadraticSystem(seed: $0), 3) }

  private let keys = StepKeys(shared: [], particleCount: 16)

  private func states(_ system: some DynamicalSystem, _ count: Int) -> [DynamicalState] {
    PRNGKey(seed: 9).split(count).map {
      // Apart from what starts together, so that losses are not 0.
      let values = zip(system.initialValues(key: $0), $0.split().0.normal(system.valueCount))
      return DynamicalState(values: values.map { $0 + 0.1 * $1 }, step: 0)
    }
  }

  /// The sum of losses of several steps, for any numbers.
  private func total<T: DifferentiableNumber>(
    _ system: some DynamicalSystem, from values: [T], theta: [T], steps: Int
  ) -> (loss: T, values: [T]) {
    var values = values
    var coefficients = Array(repeating: T(0), count: system.coefficientCount)
    var prepared = coefficients.mutableSpan
    system.prepare(theta.span, into: &prepared)
    var loss = T(0)
    for _ in 0..<steps {
      var span = values.mutableSpan
      system.advance(&span, coefficients: coefficients.span)
      loss += system.loss(values.span)
    }
    return (loss, values)
  }

  private func doubles(_ numbers: some Sequence<Float>) -> [Double] { numbers.map(Double.init) }

  /// Float numbers are near what they would be in Double. States are about 1 and rounded to 1e-7, which
  /// small differences of them feel: the bound is never below 2e-7.
  private func expectNear(
    _ floats: some Collection<Float>, _ doubles: [Double],
    _ location: SourceLocation = #_sourceLocation
  ) {
    let scale = doubles.map(abs).max() ?? 0
    #expect(floats.count == doubles.count, sourceLocation: location)
    for (float, double) in zip(floats, doubles) {
      #expect(abs(Double(float) - double) <= 2e-5 * max(scale, 1e-2), sourceLocation: location)
    }
  }

  @Test("a step back by hand is a step back by tape", arguments: systems)
  func stepBack(_ system: any DynamicalSystem, reached: Int) {
    func check<T: DifferentiableNumber>(
      _ system: some DynamicalSystem, _ type: T.Type, _ isNear: (T, T) -> Bool
    ) {
      func numbers(_ seed: UInt64, _ count: Int) -> [T] {
        PRNGKey(seed: seed).normal(count).map { T(T.Scalar($0)) }
      }
      let before = numbers(1, system.valueCount)
      let theta = numbers(2, system.layout.count)
      var coefficients = Array(repeating: T(0), count: system.coefficientCount)
      var prepared = coefficients.mutableSpan
      system.prepare(theta.span, into: &prepared)
      var after = before
      var span = after.mutableSpan
      system.advance(&span, coefficients: coefficients.span)

      var results: [[T]] = []
      for isByHand in [true, false] {
        var adjoints = numbers(3, system.valueCount)
        var given = numbers(4, system.coefficientCount)
        var adjointSpan = adjoints.mutableSpan
        var givenSpan = given.mutableSpan
        if isByHand {
          system.pullBack(
            from: before.span, to: after.span, coefficients: coefficients.span,
            lossAdjoint: T(0.7), adjoints: &adjointSpan, coefficientAdjoints: &givenSpan,
            tape: Tape())
        } else {
          system.pullBackOnTape(
            from: before.span, coefficients: coefficients.span, lossAdjoint: T(0.7),
            adjoints: &adjointSpan, coefficientAdjoints: &givenSpan, tape: Tape())
        }
        results.append(adjoints.prefix(reached) + given)
      }
      for (byHand, byTape) in zip(results[0], results[1]) { #expect(isNear(byHand, byTape)) }
    }
    check(system, Double.self) { abs($0 - $1) <= 1e-13 * max(1, abs($0)) }
    check(system, Float.self) { abs($0 - $1) <= 2e-5 * max(1, abs($0)) }
  }

  @Test("∂ΣL/∂θ in reverse is that in Double, and differences", arguments: systems, [1, 5, 16])
  func reverse(_ system: (any DynamicalSystem, reached: Int), _ count: Int) throws {
    try checkReverse(system.0, count, steps: 12)
  }

  private func checkReverse(_ system: some DynamicalSystem, _ count: Int, steps: Int) throws {
    let theta = try system.initialParameters(key: PRNGKey(seed: 0))
    let starts = states(system, count)
    var scratch = try system.makeScratch()
    var ends = starts
    var losses = [Float](repeating: 0, count: steps * 16)
    var gradients = [Float](repeating: 0, count: theta.count * count)
    try system.pullBack(
      &ends, theta: theta, steps: steps, keys: keys, particles: Array(0..<count),
      losses: &losses, gradients: &gradients, in: &scratch)
    for (index, start) in starts.enumerated() {
      let values = doubles(start.values)
      let tape = Tape<Double>()
      let variables = theta.map { tape.variable(Double($0)) }
      let result = total(
        system, from: values.map { Reverse<Double>(constant: $0) }, theta: variables, steps: steps)
      tape.seed(result.loss, with: 1)
      tape.sweep()
      let gradient = variables.map { tape.adjoint(of: $0) }
      expectNear(gradients[index * theta.count..<(index + 1) * theta.count], gradient)
      expectNear(ends[index].values, result.values.map(\.value))
      #expect(ends[index].step == steps)
      expectNear(
        [(0..<steps).reduce(Float(0)) { $0 + losses[16 * $1 + index] }], [result.loss.value])

      for parameter in theta.indices {
        func moved(_ distance: Double) -> Double {
          var place = doubles(theta)
          place[parameter] += distance
          return total(system, from: values, theta: place, steps: steps).loss
        }
        let difference = (moved(1e-5) - moved(-1e-5)) / 2e-5
        #expect(abs(difference - gradient[parameter]) <= 1e-6 * max(1, abs(difference)))
      }
    }
  }

  @Test(
    "forward along a direction is the gradient's part along it", arguments: systems, [1, 5, 16])
  func forward(_ system: (any DynamicalSystem, reached: Int), _ count: Int) throws {
    try checkForward(system.0, count, steps: 12)
  }

  private func checkForward(_ system: some DynamicalSystem, _ count: Int, steps: Int) throws {
    let theta = try system.initialParameters(key: PRNGKey(seed: 0))
    let starts = states(system, count)
    let directions = PRNGKey(seed: 1).normal(theta.count * count)
    let initial = PRNGKey(seed: 2).normal(system.valueCount * count)
    var scratch = try system.makeScratch()
    var ends = starts
    var tangents = initial
    var losses = [Float](repeating: 0, count: steps * 16)
    var lossTangents = losses
    try system.pushForward(
      &ends, tangents: &tangents, theta: theta, directions: directions, steps: steps, keys: keys,
      particles: Array(0..<count), losses: &losses, lossTangents: &lossTangents, in: &scratch)
    for (index, start) in starts.enumerated() {
      let row = index * system.valueCount..<(index + 1) * system.valueCount
      let direction = directions[index * theta.count..<(index + 1) * theta.count]
      let result = total(
        system,
        from: zip(start.values, initial[row]).map { Dual(Double($0), tangent: Double($1)) },
        theta: zip(theta, direction).map { Dual(Double($0), tangent: Double($1)) }, steps: steps)
      let sum = (0..<steps).reduce(Float(0)) { $0 + lossTangents[16 * $1 + index] }
      expectNear([sum], [result.loss.tangent])
      expectNear(tangents[row], result.values.map(\.tangent))
      expectNear(ends[index].values, result.values.map(\.value))
    }

    // Without a tangent at the start, reverse mode has the same.
    ends = starts
    tangents = [Float](repeating: 0, count: initial.count)
    try system.pushForward(
      &ends, tangents: &tangents, theta: theta, directions: directions, steps: steps, keys: keys,
      particles: Array(0..<count), losses: &losses, lossTangents: &lossTangents, in: &scratch)
    ends = starts
    var gradients = [Float](repeating: 0, count: theta.count * count)
    try system.pullBack(
      &ends, theta: theta, steps: steps, keys: keys, particles: Array(0..<count),
      losses: &losses, gradients: &gradients, in: &scratch)
    for index in starts.indices {
      let sum = (0..<steps).reduce(Float(0)) { $0 + lossTangents[16 * $1 + index] }
      let row = index * theta.count..<(index + 1) * theta.count
      let parts = zip(gradients[row], directions[row]).map { Double($0) * Double($1) }
      let scale = parts.map(abs).reduce(0, +)
      #expect(abs(Double(sum) - parts.reduce(0, +)) <= 2e-5 * max(scale, 1e-2))
    }
  }

  @Test("UORO's products", arguments: systems, [1, 7, 16])
  func transition(_ system: (any DynamicalSystem, reached: Int), _ count: Int) throws {
    try checkTransition(system.0, count)
  }

  private func checkTransition(_ system: some DynamicalSystem, _ count: Int) throws {
    let theta = try system.initialParameters(key: PRNGKey(seed: 0))
    let starts = states(system, count)
    let size = system.valueCount
    let initial = PRNGKey(seed: 2).normal(size * count)
    let adjoints = PRNGKey(seed: 3).rademacher(size * count)
    var scratch = try system.makeScratch()
    var ends = starts
    var tangents = initial
    var products = [Float](repeating: 0, count: theta.count * count)
    try system.transition(
      &ends, tangents: &tangents, adjoints: adjoints, theta: theta, keys: keys,
      particles: Array(0..<count), products: &products, in: &scratch)
    var losses = [Float](repeating: 0, count: count)
    var lossTangents = losses
    try system.losses(
      at: ends, tangents: tangents, theta: theta, keys: keys, particles: Array(0..<count),
      losses: &losses, lossTangents: &lossTangents, in: &scratch)

    for (index, start) in starts.enumerated() {
      let row = index * size..<(index + 1) * size
      let duals = total(
        system,
        from: zip(start.values, initial[row]).map { Dual(Double($0), tangent: Double($1)) },
        theta: theta.map { Dual(Double($0), tangent: 0) }, steps: 1)
      expectNear(ends[index].values, duals.values.map(\.value))
      #expect(ends[index].step == 1)
      expectNear(tangents[row], duals.values.map(\.tangent))
      expectNear([losses[index]], [duals.loss.value])
      expectNear([lossTangents[index]], [duals.loss.tangent])

      let tape = Tape<Double>()
      let variables = theta.map { tape.variable(Double($0)) }
      let result = total(
        system, from: start.values.map { Reverse<Double>(constant: Double($0)) },
        theta: variables, steps: 1)
      for (value, adjoint) in zip(result.values, adjoints[row]) {
        tape.seed(value, with: Double(adjoint))
      }
      tape.sweep()
      let gradient = variables.map { tape.adjoint(of: $0) }
      expectNear(products[index * theta.count..<(index + 1) * theta.count], gradient)
    }
  }
}
