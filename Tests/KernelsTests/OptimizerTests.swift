import TestSupport
import Testing

extension KernelTests {
  /// MLPLOpt's update and its derivatives.
  @Suite struct Optimizer {
    struct Case: CustomStringConvertible {
      var count: Int
      var layers: Int
      var hidden: Int

      var description: String { "\(count) parameters, \(layers) layers of \(hidden)" }
      /// Terms of the sums that one number goes through.
      var terms: Int { count + 8 + layers * (hidden + 2) + 16 }
    }

    /// Sizes around those of vectors and chunks (96 and 384), of layers around those of tiles.
    static let cases: [Case] = {
      var generator = SplitMix(state: 12)
      return [
        Case(count: 1, layers: 1, hidden: 32), Case(count: 1, layers: 3, hidden: 4),
        Case(count: 10, layers: 2, hidden: 1), Case(count: 17, layers: 5, hidden: 4),
        Case(count: 16, layers: 3, hidden: 33), Case(count: 32, layers: 3, hidden: 32),
        Case(count: 97, layers: 2, hidden: 32), Case(count: 385, layers: 3, hidden: 4),
        Case(count: 480, layers: 4, hidden: 3), Case(count: 400, layers: 1, hidden: 1),
      ]
        + (0..<6).map { _ in
          Case(
            count: generator.count(1...120), layers: generator.count(1...5),
            hidden: generator.count(1...34))
        }
    }()

    @Test(arguments: cases) func update(test: Case) {
      check(Float.self)
      check(Double.self)

      func check<Real: Precision>(_: Real.Type) {
        let problem = OptimizerProblem<Real>(
          count: test.count, layers: test.layers, hidden: test.hidden)
        let results = everywhere { problem.updated() }
        var momenta = problem.point.momenta
        for (row, decay) in OptimizerProblem<Real>.decays.enumerated() {
          for index in 0..<test.count {
            let place = row * problem.stride + index
            momenta[place] = ((1 - decay) * problem.point.gradient[index])
              .addingProduct(decay, momenta[place])
          }
        }
        #expect(results[1] == momenta)
        let plain = PlainOptimizer(problem)
        var worst = 0.0
        for index in 0..<test.count {
          let error = abs(Double(results[0][index]) - plain.parameters[index].value)
          let bound =
            Double(test.terms) * plain.sizes[index] + abs(plain.parameters[index].value)
          worst = max(worst, error / bound / Double(Real.ulpOfOne))
        }
        #expect(worst <= 1)
      }
    }

    /// A gradient that is no number leaves no parameter of its tensor one. An infinite one makes the
    /// normalizer 0, and with it what is not its own.
    @Test(arguments: cases) func noNumbers(test: Case) {
      check(Float.self)
      check(Double.self)

      func check<Real: Precision>(_: Real.Type) {
        var problem = OptimizerProblem<Real>(
          count: test.count, layers: test.layers, hidden: test.hidden)
        let place = test.count / 2
        for (gradient, isEvery) in [(Real.nan, true), (.infinity, false), (-.infinity, false)] {
          problem.point.gradient[place] = gradient
          let results = everywhere { [problem.updated()[0], problem.pushed()[2]] }
          let expected = (0..<test.count).map { isEvery || $0 == place }
          for parameters in results { #expect(parameters.map(\.isNaN) == expected) }
        }
      }
    }

    @Test(arguments: cases) func pushForward(test: Case) {
      var problem = OptimizerProblem<Double>(
        count: test.count, layers: test.layers, hidden: test.hidden)
      check(everywhere { problem.pushed() })
      let fixed = everywhere { problem.pushed(weightsMove: false) }
      problem.direction.weights = zeros(problem.direction.weights.count)
      problem.direction.bias = zeros(problem.direction.bias.count)
      check(fixed)

      func check(_ results: [[Double]]) {
        let plain = PlainOptimizer(problem)
        for (value, expected) in zip(results[0], plain.parameters) {
          expectSame(value, expected.tangent)
        }
        for row in 0..<6 {
          for index in 0..<problem.stride {
            let value = results[1][row * problem.stride + index]
            let expected =
              index < test.count
              ? plain.momenta[row * test.count + index].tangent : OptimizerProblem<Double>.mark
            expectSame(value, expected)
          }
        }
        #expect(Array(results[2...]) == problem.updated())
      }
    }

    /// ⟨J v, w⟩ = ⟨v, Jᵀ w⟩ for all that the update reads.
    @Test(arguments: cases) func pullBack(test: Case) {
      let problem = OptimizerProblem<Double>(
        count: test.count, layers: test.layers, hidden: test.hidden)
      let (stride, before, direction) = (problem.stride, problem.adjoints, problem.direction)
      let results = everywhere { problem.pulledBack() }
      let pushed = problem.pushed()
      func isCounted(_ place: Int) -> Bool { place % stride < test.count }
      func momenta(_ rows: [Double]) -> [Double] { rows.indices.filter(isCounted).map { rows[$0] } }
      let left =
        dot(pushed[0], before.parameters) + dot(momenta(pushed[1]), momenta(before.momenta))
      let weights = zip(results[3], before.weights).map { $0 - $1 }
      let bias = zip(results[4], before.bias).map { $0 - $1 }
      let right =
        dot(direction.parameters, results[0])
        + dot(momenta(direction.momenta), momenta(results[1]))
        + dot(direction.gradient, results[2]) + dot(direction.weights, weights)
        + dot(direction.bias, bias)
      expectSame(left, right, size: 1e3)
      // Marks stay.
      for index in results[1].indices where !isCounted(index) {
        #expect(results[1][index] == before.momenta[index])
      }
      for index in weights.indices where before.weights[index] == OptimizerProblem<Double>.mark {
        #expect(weights[index] == 0)
      }
    }

    @Test(arguments: cases) func adjointsOfWeightsAlone(test: Case) {
      let problem = OptimizerProblem<Float>(
        count: test.count, layers: test.layers, hidden: test.hidden)
      let all = everywhere { problem.pulledBack() }
      let some = everywhere { problem.pulledBack(all: false) }
      #expect(some[3...4] == all[3...4])
      #expect(some[0] == problem.adjoints.parameters)
      #expect(some[1] == problem.adjoints.momenta)
    }

    /// Floats differ from doubles by some roundings. Those of tensors of one parameter, whose
    /// normalized features are ±1, are what is left of numbers up to 1e5 times larger, whose
    /// roundings count for more.
    @Test(arguments: cases) func derivativesInFloats(test: Case) {
      let floats = OptimizerProblem<Float>(
        count: test.count, layers: test.layers, hidden: test.hidden)
      let doubles = OptimizerProblem<Double>(floats)
      let results = everywhere { floats.pushed() } + everywhere { floats.pulledBack() }
      for (values, expected) in zip(results, doubles.pushed() + doubles.pulledBack()) {
        let isRead = expected.map { $0 != OptimizerProblem<Double>.mark }
        func read(_ values: [Float]) -> [Float] {
          zip(values, isRead).filter { $1 }.map { $0.0 }
        }
        let distance = relativeDistance(read(values), read(expected.map { Float($0) }))
        #expect(distance < (test.count > 1 ? 1e-5 : 1e-4))
      }
    }
  }
}

extension OptimizerProblem<Double> {
  fileprivate init(_ other: OptimizerProblem<Float>) {
    self.init(count: other.count, layers: other.layers, hidden: other.hidden)
    func vectors(_ vectors: OptimizerProblem<Float>.Vectors) -> Vectors {
      Vectors(
        weights: vectors.weights.map { Double($0) }, bias: vectors.bias.map { Double($0) },
        parameters: vectors.parameters.map { Double($0) },
        momenta: vectors.momenta.map { Double($0) }, gradient: vectors.gradient.map { Double($0) })
    }
    point = vectors(other.point)
    direction = vectors(other.direction)
    adjoints = vectors(other.adjoints)
  }
}
