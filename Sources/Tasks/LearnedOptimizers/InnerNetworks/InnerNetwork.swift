public import Datasets
public import Parameters
public import Randomness

/// The network that a learned optimizer trains: layers one after another, from images to logits.
public struct InnerNetwork: Sendable {
  /// What messages and tags call it: `MLP32-32-32_gelu_dropout0.0`.
  public let name: String
  /// Its parameters, leaves named as the reference's.
  public let layout: ParameterLayout
  let layers: [any Layer]
  /// Of each layer with parameters: where w and b are in the flat vector.
  let places: [(weights: Range<Int>, biases: Range<Int>)?]
  let classCount: Int
  /// Keys that the reference draws and drops before the first layer's.
  private let skippedKeys: Int

  /// A multilayer perceptron.
  ///
  /// - Parameters:
  ///   - hiddenSizes: Sizes of the hidden layers, all positive.
  ///   - shape: Of the images.
  public static func perceptron(
    hiddenSizes: [Int], activation: Activation, shape: ImageShape, classCount: Int
  ) -> InnerNetwork {
    precondition(hiddenSizes.allSatisfy { $0 > 0 }, "a hidden layer without units")
    var layers: [any Layer] = []
    if shape.channels > 1 {
      layers.append(FlatteningLayer(channels: shape.channels, places: shape.height * shape.width))
    }
    var rows = shape.pixelCount
    for size in hiddenSizes {
      layers.append(DenseLayer(inputRows: rows, outputRows: size))
      layers.append(ActivationLayer(activation: activation, inputRows: size))
      rows = size
    }
    layers.append(DenseLayer(inputRows: rows, outputRows: classCount))
    let sizes = hiddenSizes.map(String.init).joined(separator: "-")
    // The reference draws a key for dropout, which it does not use.
    return InnerNetwork(
      name: "MLP\(sizes)_\(activation)_dropout0.0", layers: layers, classCount: classCount,
      skippedKeys: 1, leafNames: (0...hiddenSizes.count).map { "MLP/~/mlp/~/linear_\($0)" })
  }

  /// A convolutional network: 3×3 convolution, activation and pooling for each number of channels,
  /// then a linear layer.
  ///
  /// - Throws: ``InnerNetworkError`` where images are too small to be halved so often.
  public static func convolutional(
    channels: [Int], activation: Activation, shape: ImageShape, classCount: Int
  ) throws(InnerNetworkError) -> InnerNetwork {
    precondition(channels.allSatisfy { $0 > 0 }, "a layer without channels")
    var layers: [any Layer] = []
    var (height, width, inputs) = (shape.height, shape.width, shape.channels)
    for outputs in channels {
      guard height >= 2, width >= 2 else {
        throw InnerNetworkError(shape: shape, poolings: channels.count)
      }
      let convolution = ConvolutionLayer(
        inputChannels: inputs, outputChannels: outputs, height: height, width: width)
      layers.append(convolution)
      layers.append(ActivationLayer(activation: activation, inputRows: convolution.outputRows))
      layers.append(PoolLayer(channels: outputs, height: height, width: width))
      (height, width, inputs) = (height / 2, width / 2, outputs)
    }
    layers.append(FlatteningLayer(channels: inputs, places: height * width))
    layers.append(DenseLayer(inputRows: inputs * height * width, outputRows: classCount))
    let sizes = channels.map(String.init).joined(separator: "-")
    let names = channels.indices.map { "FullConvNet/~/conv2_d" + ($0 == 0 ? "" : "_\($0)") }
    return InnerNetwork(
      name: "FullConvNet\(sizes)_\(activation)", layers: layers, classCount: classCount,
      skippedKeys: 0, leafNames: names + ["FullConvNet/~/linear"])
  }

  /// - Parameters:
  ///   - skippedKeys: Keys that the reference draws and drops before the first layer's.
  ///   - leafNames: Of each layer with parameters.
  init(
    name: String, layers: [any Layer], classCount: Int, skippedKeys: Int = 0, leafNames: [String]
  ) {
    self.name = name
    self.layers = layers
    self.classCount = classCount
    self.skippedKeys = skippedKeys
    var names = leafNames.makeIterator()
    let named = layers.map { layer in layer.weightShape.map { (names.next() ?? "", $0) } }
    let layout = ParameterLayout(
      named.compactMap { $0 }.flatMap { name, shape in
        [
          ParameterLeaf(name: "\(name)/w", shape: shape),
          ParameterLeaf(name: "\(name)/b", shape: [shape[shape.count - 1]]),
        ]
      })
    self.layout = layout
    places = named.map { layer in
      guard let (name, _) = layer, let weights = layout.range(of: "\(name)/w"),
        let biases = layout.range(of: "\(name)/b")
      else { return nil }
      return (weights, biases)
    }
  }

  /// Initial parameters: weights from a truncated normal distribution of deviation 1/√(fan-in), a key
  /// of haiku's sequence each, and biases 0.
  public func initialParameters(key: PRNGKey) -> [Float] {
    var keys = PRNGSequence(key)
    for _ in 0..<skippedKeys { _ = keys.next() }
    var parameters = [Float](repeating: 0, count: layout.count)
    for (layer, place) in zip(layers, places) {
      guard let shape = layer.weightShape, let place else { continue }
      let fanIn = shape.dropLast().reduce(1, *)
      let deviation = Float(1 / Double(fanIn).squareRoot())
      let draws = keys.next().truncatedNormal(place.weights.count)
      for (index, draw) in zip(place.weights, draws) { parameters[index] = deviation * draw }
    }
    return parameters
  }
}

/// A network that images are too small for.
public struct InnerNetworkError: Error, CustomStringConvertible, Sendable {
  /// Of the images.
  public let shape: ImageShape
  /// How often they would be halved.
  public let poolings: Int

  public var description: String {
    "images of \(shape) cannot be halved \(poolings) times: choose larger ones or fewer channels"
  }
}
