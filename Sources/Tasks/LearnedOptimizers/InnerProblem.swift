public import Datasets
import Differentiation
import Parameters

/// What an episode of a learned optimizer trains and how it is judged.
public struct InnerProblem: Sendable {
  /// The images to learn.
  public let data: ImageDataset
  /// What is trained on them.
  public let network: InnerNetwork
  /// What trains it.
  public var optimizer: any LearnedOptimizer
  /// What the trained network is judged by.
  public let outerLoss: OuterLoss
  /// Images of a batch, of training and of the outer loss.
  public let batchSize: Int
  /// Whether the outer loss is of validation images, not of training ones.
  public let usesValidation: Bool

  /// - Throws: ``InnerProblemError`` where a split has fewer images than a batch.
  public init(
    data: ImageDataset, network: InnerNetwork, optimizer: any LearnedOptimizer,
    outerLoss: OuterLoss, batchSize: Int, usesValidation: Bool = true
  ) throws(InnerProblemError) {
    precondition(batchSize > 0, "a batch needs an image")
    self.data = data
    self.network = network
    self.optimizer = optimizer
    self.outerLoss = outerLoss
    self.batchSize = batchSize
    self.usesValidation = usesValidation
    for (name, split) in [("training", data.training), ("validation", judging)]
    where split.count < batchSize {
      throw InnerProblemError(batchSize: batchSize, split: name, count: split.count)
    }
  }

  /// The images of the outer loss.
  var judging: ImageSplit { usesValidation ? data.validation : data.training }
  /// Columns of a batch: images, made up to a multiple of 16.
  var columns: Int { (batchSize + 15) / 16 * 16 }
  /// Numbers of a state: the network's parameters and the optimizer's slots.
  var valueCount: Int { network.layout.count * (1 + optimizer.slotCount) }
}

/// What the network is judged by after each of its steps.
public enum OuterLoss: Hashable, Sendable {
  /// The mean cross entropy.
  case crossEntropy
  /// The mean of each image's cross entropy, cut to 1.5 · log(classes).
  case thresholdedCrossEntropy
  /// Minus the share of images whose class has the greatest logit; its derivative is 0.
  case accuracy

  /// What an image's cross entropy is cut to.
  func limit(classCount: Int) -> Double {
    self == .thresholdedCrossEntropy
      ? Double(Float(1.5) * Float.logarithm(Float(classCount))) : .infinity
  }
}

/// A batch that a split is too small for.
public struct InnerProblemError: Error, CustomStringConvertible, Sendable {
  /// Images of a batch.
  public let batchSize: Int
  /// `training` or `validation`.
  public let split: String
  /// Images that it has.
  public let count: Int

  public var description: String {
    "a batch of \(batchSize) images is larger than the \(split) split, which has \(count): "
      + "choose a smaller one"
  }
}
