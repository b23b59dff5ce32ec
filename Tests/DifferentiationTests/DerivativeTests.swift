import Differentiation
import Testing

/// Slopes by forward mode, by reverse mode and by differences.
struct DerivativeTests {
  /// ∂f/∂x by a tape, for each variable.
  private func gradient(
    at point: [Double], on tape: Tape<Double> = Tape(),
    _ function: ([Reverse<Double>]) -> Reverse<Double>
  ) -> [Double] {
    tape.clear()
    let variables = point.map { tape.variable($0) }
    tape.seed(function(variables), with: 1)
    tape.sweep()
    return variables.map { tape.adjoint(of: $0) }
  }

  @Test(arguments: Operation.allCases, 0..<8)
  func operations(_ operation: Operation, _ seed: UInt64) {
    let point = randomPoint(seed: seed)
    let direction = randomPoint(seed: seed + 100, in: -1...1)
    let value = operation(point[0], point[1], point[2])

    let duals = zip(point, direction).map { Dual($0, tangent: $1) }
    let forward = operation(duals[0], duals[1], duals[2])
    #expect(forward.value == value)

    let gradient = gradient(at: point) { operation($0[0], $0[1], $0[2]) }
    let reverse = zip(gradient, direction).map(*).reduce(0, +)
    #expect(abs(forward.tangent - reverse) < 1e-13 * max(1, abs(reverse)))

    func moved(_ distance: Double) -> Double {
      let place = zip(point, direction).map { $0 + distance * $1 }
      return operation(place[0], place[1], place[2])
    }
    // Central differences err by h² and by 1e-16 / h.
    let difference = (moved(1e-5) - moved(-1e-5)) / 2e-5
    #expect(abs(forward.tangent - difference) < 1e-8 * max(1, abs(difference)))
  }

  @Test(arguments: 0..<40) func compositions(_ seed: UInt64) {
    let expression = RandomExpression(seed: seed)
    let point = randomPoint(seed: seed)
    let gradient = gradient(at: point) { expression($0) }
    for variable in point.indices {
      let duals = point.indices.map { Dual(point[$0], tangent: $0 == variable ? 1 : 0) }
      let forward = expression(duals)
      #expect(forward.value == expression(point))
      #expect(abs(forward.tangent - gradient[variable]) < 1e-13)
      func moved(_ distance: Double) -> Double {
        var place = point
        place[variable] += distance
        return expression(place)
      }
      let difference = (moved(1e-5) - moved(-1e-5)) / 2e-5
      #expect(abs(forward.tangent - difference) < 1e-8)
    }
  }

  /// H v four ways, and along v by differences of the gradient.
  @Test(arguments: 0..<40) func secondDerivatives(_ seed: UInt64) {
    let expression = RandomExpression(seed: seed)
    let point = randomPoint(seed: seed)
    let direction = randomPoint(seed: seed + 100, in: -1...1)

    let outer = Tape<Dual<Double>>()
    let moving = zip(point, direction).map { outer.variable(Dual($0, tangent: $1)) }
    outer.seed(expression(moving), with: Dual(1))
    outer.sweep()
    let overReverse = moving.map { outer.adjoint(of: $0).tangent }

    let inner = Tape<Double>()
    let variables = point.map { inner.variable($0) }
    let along = zip(variables, direction).map {
      Dual($0, tangent: Reverse<Double>(constant: $1))
    }
    inner.seed(expression(along).tangent, with: 1)
    inner.sweep()
    let overForward = variables.map { inner.adjoint(of: $0) }

    let first = Tape<Double>()
    let second = Tape<Reverse<Double>>()
    let values = point.map { first.variable($0) }
    let nested = values.map { second.variable($0) }
    second.seed(expression(nested), with: Reverse(1))
    second.sweep()
    for (variable, weight) in zip(nested, direction) {
      first.seed(second.adjoint(of: variable), with: weight)
    }
    first.sweep()
    let twiceReverse = values.map { first.adjoint(of: $0) }

    func gradient(_ distance: Double) -> [Double] {
      self.gradient(at: zip(point, direction).map { $0 + distance * $1 }) { expression($0) }
    }
    let differences = zip(gradient(1e-5), gradient(-1e-5)).map { ($0 - $1) / 2e-5 }

    for variable in point.indices {
      let twiceForward = expression(
        point.indices.map {
          Dual(
            Dual(point[$0], tangent: direction[$0]), tangent: Dual($0 == variable ? 1 : 0))
        }
      ).tangent.tangent
      let scale = 1e-12 * max(1, abs(twiceForward))
      #expect(abs(overReverse[variable] - twiceForward) < scale)
      #expect(abs(overForward[variable] - twiceForward) < scale)
      #expect(abs(twiceReverse[variable] - twiceForward) < scale)
      #expect(abs(differences[variable] - twiceForward) < 1e-7 * max(1, abs(twiceForward)))
    }
  }
}
