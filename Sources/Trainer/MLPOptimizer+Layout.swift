public import Parameters
public import Tasks

extension MLPOptimizer {
  /// The one whose θ has the given layout, if there is one.
  public init?(layout: ParameterLayout) {
    let layers = layout.leaves.count / 2 - 1
    guard (0...9).contains(layers),
      let bias = layout.leaves.first(where: { $0.name == "mlp/~/linear_0/b" }),
      bias.shape.count == 1
    else { return nil }
    let size = layers == 0 ? Self.usualHiddenSize : bias.shape[0]
    self.init(hiddenSize: size, hiddenLayers: layers)
    guard self.layout == layout else { return nil }
  }

  /// The settings that make it, as flags; empty for the usual sizes.
  public var flags: String {
    let isUsual = (hiddenSize, hiddenLayers) == (Self.usualHiddenSize, Self.usualHiddenLayers)
    return isUsual
      ? ""
      : "--lopt-mlplopt-hidden-size \(hiddenSize) "
        + "--lopt-mlplopt-num-hidden-layers \(hiddenLayers)"
  }
}
