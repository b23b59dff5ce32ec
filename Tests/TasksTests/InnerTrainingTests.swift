import Datasets
import Foundation
import Randomness
import TestSupport
import Testing

@testable import Tasks

/// Derivatives through inner training, in double precision.
struct InnerTrainingTests {
  /// Every optimizer on a perceptron, and networks of each kind with the one that has most to go back
  /// through.
  static let cases: [Case] =
    LearnedOptimizerCatalogue.samples.map { Case(optimizer: $0, network: .perceptron) }
    + [Case.Network.perceptronOfColors, .convolutional, .rectified].map {
      Case(optimizer: MLPOptimizer(hiddenSize: 5), network: $0)
    }

  /// Central differences over ± 10⁻⁶ err by some 10⁻¹² of third derivatives and 10⁻¹⁰ of rounding.
  @Test(arguments: cases) func pullBackAgreesWithDifferences(_ sample: Case) throws {
    let check = try Check(sample, outerLoss: .crossEntropy)
    let direction = check.direction
    let (after, before) = (check.loss(1e-6), check.loss(-1e-6))
    let slope = (after - before) / 2e-6
    let product = zip(check.gradient(), direction).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(slope) > 1e-6)
    #expect(abs(product - slope) < 1e-6 * abs(slope) + 1e-9)
  }

  /// The same number by two ways, which differ by rounding.
  @Test(arguments: cases) func pushForwardAgreesWithPullBack(_ sample: Case) throws {
    for outerLoss in [OuterLoss.crossEntropy, .thresholdedCrossEntropy] {
      let check = try Check(sample, outerLoss: outerLoss)
      let product = zip(check.gradient(), check.direction).reduce(0) { $0 + $1.0 * $1.1 }
      let tangent = check.tangent()
      #expect(abs(product - tangent) < 1e-9 * abs(tangent) + 1e-13)
    }
  }

  /// Losses as large as the limit have no derivative; here about half of them are.
  @Test func lossesBeyondTheLimitDoNotCount() throws {
    let sample = Case(optimizer: LearnableSGD(), network: .perceptron)
    let plain = try Check(sample, outerLoss: .crossEntropy, spread: 8)
    let cut = try Check(sample, outerLoss: .thresholdedCrossEntropy, spread: 8)
    #expect(cut.loss(0) < plain.loss(0))
    let slope = (cut.loss(1e-7) - cut.loss(-1e-7)) / 2e-7
    let product = zip(cut.gradient(), cut.direction).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(product - slope) < 1e-6 * abs(slope) + 1e-9)
  }

  @Test func accuracyIsTheShareOfHitsAndHasNoDerivative() throws {
    let sample = Case(optimizer: LearnableSGD(), network: .perceptron)
    for seed in 1...6 as ClosedRange<UInt64> {
      let check = try Check(sample, outerLoss: .accuracy, spread: 8, seed: seed)
      for step in 0..<Check.steps {
        let hits = check.hits(step)
        #expect(hits.found == hits.expected)
      }
      #expect(check.gradient().allSatisfy { $0 == 0 })
    }
  }

  /// Of classes whose logits are the same, the first is the network's.
  @Test(arguments: [[0, 0, 0], [0, 1, 1], [1, 0, 1]] as [[Double]])
  func ofEqualLogitsTheFirstCounts(biases: [Double]) throws {
    let best = Int32(biases == [0, 1, 1] ? 1 : 0)
    let sample = Case(optimizer: LearnableSGD(), network: .perceptron)
    var check = try Check(sample, outerLoss: .accuracy, spread: 0)
    let place = try #require(check.problem.network.places.compactMap { $0 }.last)
    check.start.replaceSubrange(place.biases, with: biases)
    let labels = check.problem.data.validation.labels
    for step in 0..<Check.steps {
      let hits = check.hits(step)
      #expect(hits.found == hits.expected)
      let count = check.batches.judging[step].count { labels[Int($0)] == best }
      #expect(hits.found == Check.share(count))
    }
  }
}

/// An optimizer and a network.
struct Case: CustomTestStringConvertible, Sendable {
  enum Network { case perceptron, perceptronOfColors, convolutional, rectified }

  var optimizer: any LearnedOptimizer
  var network: Network

  var testDescription: String { "\(optimizer.name), \(network)" }

  func makeProblem(_ outerLoss: OuterLoss, batchSize: Int) throws -> InnerProblem {
    let channels = network == .perceptron ? 1 : 2
    let data = ImageDataset.random(
      shape: ImageShape(height: 5, width: 4, channels: channels), count: 40, classCount: 3)
    let activation: Activation = network == .rectified ? .relu : .gelu
    let inner =
      switch network {
      case .perceptron, .perceptronOfColors:
        InnerNetwork.perceptron(
          hiddenSizes: [4, 3], activation: activation, shape: data.shape, classCount: 3)
      case .convolutional, .rectified:
        try InnerNetwork.convolutional(
          channels: [3, 2], activation: activation, shape: data.shape, classCount: 3)
      }
    return try InnerProblem(
      data: data, network: inner, optimizer: optimizer, outerLoss: outerLoss, batchSize: batchSize)
  }
}

/// Two steps of inner training in double precision.
private struct Check {
  static let batchSize = 7
  static let steps = 2
  let problem: InnerProblem
  let theta: [Double]
  let direction: [Double]
  var start: [Double]
  let batches: (training: [[Int32]], judging: [[Int32]])

  init(_ sample: Case, outerLoss: OuterLoss, spread: Float = 1, seed: UInt64 = 3) throws {
    problem = try sample.makeProblem(outerLoss, batchSize: Self.batchSize)
    let key = PRNGKey(seed: seed)
    // Where all of a layer's units are 0 and the next one's biases too, a unit is at its kink.
    let initial = problem.optimizer.initialParameters(key: key)
    theta = zip(initial, key.normal(initial.count)).map { Double($0 + 0.1 * $1) }
    direction = key.split().0.normal(theta.count).map { Double($0) }
    let parameters = problem.network.initialParameters(key: key).map { Double(spread * $0) }
    start =
      parameters + [Double](repeating: 0, count: problem.valueCount - parameters.count)
    let keys = key.split(2 * Self.steps)
    batches = (
      keys[..<Self.steps].map { $0.choice(Self.batchSize, from: 32) },
      keys[Self.steps...].map { $0.choice(Self.batchSize, from: 8) }
    )
  }

  private func load(_ step: Int, _ training: InnerTraining<Double>) {
    // The key stands for the batch only.
    let key = PRNGKey(seed: UInt64(step))
    training.training.load(key, from: problem.data.training) { _ in batches.training[step] }
    training.judging.load(key, from: problem.data.validation) { _ in batches.judging[step] }
  }

  /// The perceptron's share of hits at the start among the images that a step is judged by: minus the
  /// loss, and with the first of the greatest logits, computed an image at a time.
  func hits(_ step: Int) -> (found: Double, expected: Double) {
    let training = InnerTraining<Double>(problem)
    load(step, training)
    var state = start
    let found = -training.outerLoss(of: &state)
    let expected = batches.judging[step].count { image in
      let logits = logits(ofImage: Int(image))
      return logits.firstIndex(of: logits.max() ?? 0).map(Int32.init)
        == problem.data.validation.labels[Int(image)]
    }
    return (found, Self.share(expected))
  }

  static func share(_ hits: Int) -> Double { Double(hits) / Double(batchSize) }

  private func logits(ofImage image: Int) -> [Double] {
    let split = problem.data.validation
    var values = (0..<split.shape.pixelCount).map { Double(split.value(image: image, pixel: $0)) }
    let layers = problem.network.places.compactMap { $0 }
    for (index, layer) in layers.enumerated() {
      var outputs = Array(start[layer.biases])
      for (input, value) in values.enumerated() {
        for output in outputs.indices {
          outputs[output] +=
            value * start[layer.weights.lowerBound + input * outputs.count + output]
        }
      }
      values = outputs
      guard index + 1 < layers.count else { break }
      values = outputs.map {
        $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
      }
    }
    return values
  }

  /// The sum of losses at θ + distance · direction.
  func loss(_ distance: Double) -> Double {
    let training = InnerTraining<Double>(problem)
    var theta = zip(theta, direction).map { $0 + distance * $1 }
    var state = start
    var sum = 0.0
    for step in 0..<Self.steps {
      load(step, training)
      training.advance(&state, updates: step, theta: &theta)
      sum += training.outerLoss(of: &state)
    }
    return sum
  }

  func gradient() -> [Double] {
    let training = InnerTraining<Double>(problem)
    var (state, theta) = (start, theta)
    var gradient = [Double](repeating: 0, count: theta.count)
    training.pullBack(
      &state, updates: 0, theta: &theta, steps: Self.steps, load: { load($0, training) },
      history: InnerHistory(problem), into: &gradient, note: { _, _ in })
    return gradient
  }

  func tangent() -> Double {
    let training = InnerTraining<Double>(problem)
    var (state, theta, direction) = (start, theta, direction)
    var tangents = [Double](repeating: 0, count: state.count)
    var sum = 0.0
    state.withUnsafeMutableBufferPointer { state in
      tangents.withUnsafeMutableBufferPointer { tangents in
        theta.withUnsafeMutableBufferPointer { theta in
          direction.withUnsafeMutableBufferPointer { direction in
            guard let values = state.baseAddress, let theta = theta.baseAddress else { return }
            let moving = Signal(values, tangents: tangents.baseAddress)
            for step in 0..<Self.steps {
              load(step, training)
              training.pushForward(
                moving, updates: step, theta: Signal(theta, tangents: direction.baseAddress))
              sum += training.outerLoss(of: moving).tangent
            }
          }
        }
      }
    }
    return sum
  }
}

extension InnerTraining {
  fileprivate func outerLoss(of state: UnsafeMutablePointer<Real>) -> Real {
    outerLoss(of: Signal(state)).loss
  }
}

extension LearnedOptimizerCatalogue {
  /// One of each kind.
  static var samples: [any LearnedOptimizer] {
    [MLPOptimizer(hiddenSize: 5), LearnableSGD(), LearnableSGDM(), LearnableAdam()]
  }
}

extension ImageDataset {
  /// Images of random bytes.
  static func random(shape: ImageShape, count: Int, classCount: Int) -> ImageDataset {
    var random = SplitMix(state: 11)
    return ImageDataset(
      name: "random", classCount: classCount, shape: shape,
      pixels: (0..<count * shape.pixelCount).map { _ in UInt8.random(in: 0...255, using: &random) },
      labels: (0..<count).map { _ in UInt8.random(in: 0..<UInt8(classCount), using: &random) })
  }
}
