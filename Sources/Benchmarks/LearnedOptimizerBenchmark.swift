import Datasets
import Estimators
import Parameters
import Randomness
import Tasks
import Unrolls
import Workers

/// Time of estimates that meta-train MLPLOpt, and their share of the machine's peak.
///
/// The paper's inner problems on random images: Fashion-MNIST's perceptron and CIFAR's convolutional
/// network, one sequence of batches in all episodes.
package struct LearnedOptimizerBenchmark {
  /// What is measured.
  package struct Case: Codable, Hashable, Sendable {
    /// What tables call it; `scripts/bench-jax.py` has the same names.
    package var name: String
    package var estimator: String
    /// Whether the inner network is the convolutional one.
    package var isConvolutional = false
    /// N
    package var particleCount: Int
    /// W; T for what takes whole episodes.
    package var windowLength: Int
    /// T
    package var horizon = 1000
    package var threads: Int
  }

  /// Medians over the windows.
  package struct Result: Codable, Hashable, Sendable {
    package var measured: Case
    /// Seconds of an estimate.
    package var seconds: Double
    package var least: Double
    package var most: Double
    /// Thousands of millions of floating-point operations that an estimate needs, a second.
    package var gigaflops: Double
    /// The machine's peak on as many threads, measured before.
    package var peak: Peak
    package var windows: Int

    /// `gigaflops` of the peak.
    package var share: Double { gigaflops / peak.gigaflops }
  }

  /// The paper's experiments, and shorter episodes in reverse.
  package static func cases(threads: Int) -> [Case] {
    let online = [
      ("NRES", TruncatedNRES.id), ("TBPTT", TruncatedBPTT.id),
      ("DODGE", TruncatedForwardModeK.id), ("UORO", UORO.id),
    ].map { name, estimator in
      Case(
        name: "\(name) W=1 N=100", estimator: estimator, particleCount: 100, windowLength: 1,
        threads: threads)
    }
    let whole = [100, 1000].map { horizon in
      Case(
        name: "BPTT T=\(horizon) N=1", estimator: FullGradient.id, particleCount: 1,
        windowLength: horizon, horizon: horizon, threads: threads)
    }
    let convolutional = Case(
      name: "CNN NRES W=1 N=10", estimator: TruncatedNRES.id, isConvolutional: true,
      particleCount: 10, windowLength: 1, threads: threads)
    return online + whole + [convolutional]
  }

  private let measured: Case

  package init(_ measured: Case) { self.measured = measured }

  /// Measures `windows` estimates.
  package func run(windows: Int) throws -> Result {
    let optimizer = MLPOptimizer()
    let shape =
      measured.isConvolutional
      ? ImageShape(height: 32, width: 32, channels: 3)
      : ImageShape(height: 8, width: 8, channels: 1)
    let data = Self.randomImages(shape, count: measured.isConvolutional ? 10_000 : 60_000)
    let network =
      measured.isConvolutional
      ? try InnerNetwork.convolutional(
        channels: [32, 32, 32, 32], activation: .relu, shape: shape, classCount: data.classCount)
      : .perceptron(
        hiddenSizes: [32, 32, 32], activation: .gelu, shape: shape, classCount: data.classCount)
    let batchSize = measured.isConvolutional ? 32 : 128
    let task = LearnedOptimizerTask(
      try InnerProblem(
        data: data, network: network, optimizer: optimizer, outerLoss: .crossEntropy,
        batchSize: batchSize),
      horizon: measured.horizon, singleSequenceSeed: 88)
    // As after the first episode.
    task.drawBatches()
    let settings = EstimatorSettings(
      particleCount: measured.particleCount, windowLength: measured.windowLength,
      noisePeriod: measured.horizon, sigma: 0.01, burnInLength: 0)
    let theta = task.initialParameters(key: PRNGKey(seed: 2))
    let estimator = try EstimatorCatalogue.named(measured.estimator).make(
      task, settings: settings, theta: theta, key: PRNGKey(seed: 53),
      pool: WorkerPool(threadCount: measured.threads))
    let peak = try Peak.measure(threads: measured.threads)
    var times: [Double] = []
    var keys = PRNGSequence(PRNGKey(seed: 23))
    for window in 0...windows {
      let key = keys.next()
      let taken = try seconds { _ = try estimator.estimate(theta: theta, key: key) }
      // The first window warms caches up.
      if window > 0 { times.append(taken) }
    }
    let work = LearnedOptimizerWork(
      network: network.layout, images: shape, batchSize: batchSize,
      hidden: Array(repeating: optimizer.hiddenSize, count: optimizer.hiddenLayers))
    let operations = Double(2 * measured.particleCount * multiplyAdds(work))
    return Result(
      measured: measured, seconds: median(times), least: times.min() ?? 0, most: times.max() ?? 0,
      gigaflops: operations / median(times) * 1e-9, peak: peak, windows: windows)
  }

  /// What a particle's window needs.
  private func multiplyAdds(_ work: LearnedOptimizerWork) -> Int {
    switch measured.estimator {
    case TruncatedBPTT.id, FullGradient.id: work.reverse(steps: measured.windowLength)
    case TruncatedForwardModeK.id: measured.windowLength * work.forwardModeStep
    case UORO.id: measured.windowLength * work.rankOneStep
    default: measured.windowLength * work.antitheticStep
    }
  }

  /// Images and labels of ten classes that mean nothing.
  static func randomImages(_ shape: ImageShape, count: Int) -> ImageDataset {
    var words = PCG64(seed: 7)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * shape.pixelCount + 7)
    while pixels.count < count * shape.pixelCount {
      withUnsafeBytes(of: words.next()) { pixels.append(contentsOf: $0) }
    }
    pixels.removeLast(pixels.count - count * shape.pixelCount)
    let labels = (0..<count).map { _ in UInt8(words.next() % 10) }
    return ImageDataset(
      name: "random", classCount: 10, shape: shape, pixels: pixels, labels: labels)
  }
}
