import ArgumentParser
import Trainer

/// The learned optimizer and what it trains.
struct LearnedOptimizerFlags: ParsableArguments {
  @Option(
    name: .customLong("lopt-dataset-name"), parsing: .unconditional,
    help: ArgumentHelp("fashion_mnist, cifar10 or cifar100; required.", valueName: "name"))
  var datasetName: String?

  @Option(
    name: .customLong("image-length"), parsing: .unconditional,
    help: ArgumentHelp(
      "Rows and columns of an image; others are resized; required.", valueName: "n"))
  var imageLength: Int?

  @Option(
    name: .customLong("data-dir"), parsing: .unconditional,
    help: ArgumentHelp(
      "The folder of the images, an idx pair of one's own included: see `nres help data`; "
        + "fashion_mnist is found without.",
      valueName: "path"))
  var dataDirectory: String?

  @Option(
    name: .customLong("lopt-batch-size"), parsing: .unconditional,
    help: ArgumentHelp(
      "Images of a batch, of training and of the outer loss (default: 128).", valueName: "n"))
  var batchSize: Int?

  @Flag(
    name: .customLong("use-val"), inversion: .prefixedNo,
    help: "Take the outer loss of validation images (default), or else of training images.")
  var usesValidation: Bool?

  @Flag(
    name: .customLong("use-accuracy"), inversion: .prefixedNo,
    help: "Take minus the accuracy as outer loss; not with estimators that differentiate.")
  var usesAccuracy: Bool?

  @Flag(
    name: .customLong("use-threshold-outer-cross-entropy-loss"), inversion: .prefixedNo,
    help: ArgumentHelp(
      "Cut each image's outer cross entropy to 1.5 log(classes); cifar10 needs it, but with "
        + "--use-accuracy it changes nothing."))
  var usesThreshold: Bool?

  @Option(
    name: .customLong("lopt-inner-model"), parsing: .unconditional,
    help: ArgumentHelp("The network under training: mlp or cnn; required.", valueName: "name"))
  var innerModel: String?

  @Option(
    name: .customLong("lopt-activation"), parsing: .unconditional,
    help: ArgumentHelp("relu or gelu (default: relu).", valueName: "name"))
  var activation: String?

  @Option(
    name: .customLong("lopt-hidden-dims"), parsing: .unconditional,
    help: ArgumentHelp(
      "Sizes of mlp's hidden layers: 32,32,32 (default: 32).", valueName: "sizes"))
  var hiddenDimensions: String?

  @Option(
    name: .customLong("lopt-hidden-channels"), parsing: .unconditional,
    help: ArgumentHelp("Channels of cnn's convolutions: 32,32,32,32.", valueName: "sizes"))
  var hiddenChannels: String?

  @Option(
    name: .customLong("lopt-architecture"), parsing: .unconditional,
    help: ArgumentHelp(
      "The learned optimizer: MLPLOpt, LearnableSGD, LearnableSGDM or LearnableAdam (default: "
        + "LearnableSGDM).", valueName: "name"))
  var architecture: String?

  @Option(
    name: .customLong("lopt-mlplopt-hidden-size"), parsing: .unconditional,
    help: ArgumentHelp("Units of a hidden layer of MLPLOpt (default: 32).", valueName: "n"))
  var hiddenSize: Int?

  @Option(
    name: .customLong("lopt-mlplopt-num-hidden-layers"), parsing: .unconditional,
    help: ArgumentHelp("Hidden layers of MLPLOpt (default: 2).", valueName: "n"))
  var hiddenLayers: Int?

  @Option(
    name: .customLong("lopt-single-sequence-seed"), parsing: .unconditional,
    help: ArgumentHelp(
      "Begin every episode with one network and show it the same batches, drawn from this seed "
        + "(default: draw them anew).", valueName: "seed"))
  var singleSequenceSeed: Int?

  func apply(to settings: inout RunSettings) {
    settings.loptDatasetName = datasetName
    settings.imageLength = imageLength
    settings.dataDir = dataDirectory
    settings.loptBatchSize = batchSize
    settings.useVal = usesValidation
    settings.useAccuracy = usesAccuracy
    settings.useThresholdOuterCrossEntropyLoss = usesThreshold
    settings.loptInnerModel = innerModel
    settings.loptActivation = activation
    settings.loptHiddenDims = hiddenDimensions
    settings.loptHiddenChannels = hiddenChannels
    settings.loptArchitecture = architecture
    settings.loptMlploptHiddenSize = hiddenSize
    settings.loptMlploptNumHiddenLayers = hiddenLayers
    settings.loptSingleSequenceSeed = singleSequenceSeed
  }
}
