import Datasets
import Parameters
import Testing

@testable import Benchmarks

/// Counts beside those of the loops that a plain program would run.
struct LearnedOptimizerWorkTests {
  private let sizes = [6, 4, 3]
  private let batchSize = 7
  private let parameterCount = 28 + 15

  private var work: LearnedOptimizerWork {
    LearnedOptimizerWork(
      network: layout([[4], [6, 4], [3], [4, 3]]),
      images: ImageShape(height: 3, width: 2, channels: 1), batchSize: batchSize, hidden: [6, 6])
  }

  private func layout(_ shapes: [[Int]]) -> ParameterLayout {
    ParameterLayout(
      shapes.enumerated().map { ParameterLeaf(name: "leaf\($0.offset)", shape: $0.element) })
  }

  @Test func step() {
    var count = 0
    for layer in 0..<2 {
      let product = batchSize * sizes[layer] * sizes[layer + 1]
      // Forward and weights' gradients in training, forward in validation.
      count += 3 * product
      // Inputs' gradients, but for the images'.
      if layer > 0 { count += product }
    }
    for (inputs, outputs) in [(8, 6), (6, 6), (6, 2)] { count += parameterCount * inputs * outputs }
    #expect(work.step == count)
    #expect(work.antitheticStep == 2 * count)
  }

  @Test("a derivative of a product x·w along ẋ and ẇ is two products, one where x is an image")
  func derivatives() {
    var gradient = 0
    var loss = 0
    for layer in 0..<2 {
      let product = batchSize * sizes[layer] * sizes[layer + 1]
      // z = xw: ẋw and xẇ. w's gradient xᵀδ: ẋᵀδ and xᵀδ̇. x's gradient δwᵀ: δ̇wᵀ and δẇᵀ.
      gradient += layer == 0 ? 2 * product : 6 * product
      loss += layer == 0 ? product : 2 * product
    }
    let update = parameterCount * (8 * 6 + 6 * 6 + 6 * 2)
    #expect(work.forwardModeStep == work.step + gradient + loss + 2 * update)
    let toThetaAlone = 2 * update - parameterCount * 8 * 6
    #expect(work.reverse(steps: 1) == work.step + loss + toThetaAlone)
    #expect(work.reverse(steps: 5) == work.reverse(steps: 1) + 4 * work.forwardModeStep)
    #expect(work.rankOneStep == work.step + gradient + loss + update + toThetaAlone)
  }

  @Test("a convolution multiplies at each place of images that pools halve")
  func convolutions() {
    let work = LearnedOptimizerWork(
      network: layout([[5], [3, 3, 2, 5], [4], [3, 3, 5, 4], [10], [16, 10]]),
      images: ImageShape(height: 8, width: 8, channels: 2), batchSize: batchSize, hidden: [6])
    #expect(work.firstForward == batchSize * 64 * 9 * 2 * 5)
    #expect(work.forward == work.firstForward + batchSize * (16 * 9 * 5 * 4 + 16 * 10))
  }
}
