public import Datasets
public import Tasks

extension ImageDataset {
  /// The 250 images that the reference's learned-optimizer runs were made with.
  public static func golden() throws -> ImageDataset {
    let golden = try Golden("estimators/lopt_tiny_dataset")
    return ImageDataset(
      name: "fashion_mnist", classCount: 10, shape: ImageShape(height: 8, width: 8, channels: 1),
      pixels: try golden.integers("X").map { UInt8($0) },
      labels: try golden.integers("y").map { UInt8($0) })
  }
}

extension TemporaryFolder {
  /// Writes these images as an idx pair and returns their folder.
  public func goldenImages() throws -> String {
    let golden = try Golden("estimators/lopt_tiny_dataset")
    let (pixels, labels) = (try golden.integers("X"), try golden.integers("y"))
    func header(_ type: UInt8, _ sizes: [Int]) -> [UInt8] {
      [0, 0, 8, type] + sizes.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] }
    }
    _ = try file(
      "train-images-idx3-ubyte", header(3, [labels.count, 8, 8]) + pixels.map { UInt8($0) })
    _ = try file("train-labels-idx1-ubyte", header(1, [labels.count]) + labels.map { UInt8($0) })
    return path
  }
}

extension GoldenRun.Flags {
  /// The task of a learned-optimizer run, on the tiny data.
  public func learnedOptimizerTask() throws -> LearnedOptimizerTask {
    let data = try ImageDataset.golden()
    func numbers(_ text: String?) -> [Int] {
      (text ?? "").split(separator: ",").compactMap { Int($0) }
    }
    let activation = Activation(rawValue: innerActivation ?? "") ?? .relu
    let network =
      innerModel == "cnn"
      ? try InnerNetwork.convolutional(
        channels: numbers(innerChannels), activation: activation, shape: data.shape,
        classCount: data.classCount)
      : .perceptron(
        hiddenSizes: numbers(innerHiddenSizes), activation: activation, shape: data.shape,
        classCount: data.classCount)
    let optimizer: any LearnedOptimizer =
      switch learnedOptimizer {
      case LearnableAdam.id: LearnableAdam()
      case LearnableSGDM.id: LearnableSGDM()
      default: MLPOptimizer()
      }
    return LearnedOptimizerTask(
      try InnerProblem(
        data: data, network: network, optimizer: optimizer,
        outerLoss: thresholdsOuterLoss == true ? .thresholdedCrossEntropy : .crossEntropy,
        batchSize: innerBatchSize ?? 0, usesValidation: usesValidation ?? true),
      horizon: horizonLength, singleSequenceSeed: singleSequenceSeed)
  }
}
