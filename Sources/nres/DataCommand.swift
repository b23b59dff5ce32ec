import ArgumentParser

/// `nres data`: the images that learned optimizers train on.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Say which image data is there, check it, prepare copies of it.",
    discussion: """
      fashion_mnist comes with Debian's package dataset-fashion-mnist. For cifar10 and cifar100 \
      --data-dir names the folder of their binary versions. An idx pair (train-images-idx3-ubyte \
      and train-labels-idx1-ubyte, .gz or not) in that folder takes the place of fashion_mnist; one \
      with three channels (train-images-idx4-ubyte) that of any of them.
      """,
    subcommands: [DataInfo.self, DataPrepare.self])
}
