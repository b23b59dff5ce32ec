import Foundation

/// A number and its derivative in one direction.
struct Dual {
  var value: Double
  var tangent = 0.0

  static func + (a: Dual, b: Dual) -> Dual {
    Dual(value: a.value + b.value, tangent: a.tangent + b.tangent)
  }
  static func - (a: Dual, b: Dual) -> Dual {
    Dual(value: a.value - b.value, tangent: a.tangent - b.tangent)
  }
  static func * (a: Dual, b: Dual) -> Dual {
    Dual(value: a.value * b.value, tangent: a.tangent * b.value + a.value * b.tangent)
  }
  static func * (a: Double, b: Dual) -> Dual { Dual(value: a * b.value, tangent: a * b.tangent) }

  var exponential: Dual { Dual(value: exp(value), tangent: exp(value) * tangent) }
  var rectified: Dual { value > 0 ? self : Dual(value: 0) }
  /// 1/√x
  var inverseRoot: Dual {
    let root = 1 / value.squareRoot()
    return Dual(value: root, tangent: -root / value * tangent / 2)
  }
}

/// MLPLOpt's update in plain words.
struct PlainOptimizer {
  var parameters: [Dual] = []
  /// Six rows of as many.
  var momenta: [Dual] = []
  /// Of each step: what it would be if no two terms of the network cancelled.
  var sizes: [Double] = []

  init<Real: Precision>(_ problem: OptimizerProblem<Real>) {
    typealias Vectors = OptimizerProblem<Real>.Vectors
    func dual(_ vector: KeyPath<Vectors, [Real]>, _ index: Int) -> Dual {
      Dual(
        value: Double(problem.point[keyPath: vector][index]),
        tangent: Double(problem.direction[keyPath: vector][index]))
    }
    let count = problem.count
    let gradient = (0..<count).map { dual(\.gradient, $0) }
    let before = (0..<count).map { dual(\.parameters, $0) }
    var features = [gradient, before]
    for (row, decay) in OptimizerProblem<Real>.decays.enumerated() {
      let moved = (0..<count).map { index in
        Double(decay) * dual(\.momenta, row * problem.stride + index)
          + Double(1 - decay) * gradient[index]
      }
      momenta += moved
      features.append(moved)
    }
    features = features.map { row in
      let mean = 1 / Double(count) * row.reduce(Dual(value: 0)) { $0 + $1 * $1 }
      let normalizer = (Dual(value: 1e-5) + mean).inverseRoot
      return row.map { $0 * normalizer }
    }

    let layers = OptimizerProblem<Real>.sizes(layers: problem.layers, hidden: problem.hidden)
    for index in 0..<count {
      var values = features.map { $0[index] }
      var bounds = values.map { abs($0.value) }
      var start = 0
      for (k, layer) in layers.enumerated() {
        var outputs: [Dual] = []
        var outputBounds: [Double] = []
        for o in 0..<layer.outputs {
          var sum = k == 0 ? dual(\.bias, o) : dual(\.weights, start + o)
          var bound = abs(sum.value)
          for i in 0..<layer.inputs {
            let weight = dual(\.weights, start + layer.outputs * (1 + i) + o)
            sum = sum + weight * values[i]
            bound += abs(weight.value) * bounds[i]
          }
          outputs.append(k + 1 < layers.count ? sum.rectified : sum)
          outputBounds.append(bound)
        }
        start += layer.outputs * (1 + layer.inputs + (k == 0 ? 11 : 0))
        (values, bounds) = (outputs, outputBounds)
      }
      let step = 0.001 * values[0] * (0.001 * values[1]).exponential
      parameters.append(before[index] - step)
      sizes.append(0.001 * bounds[0] * exp(0.001 * values[1].value) * (1 + 0.001 * bounds[1]))
    }
  }
}
