import CKernels
import Differentiation
public import Parameters
public import Randomness
public import Settings

/// MLPLOpt: a small network of each inner parameter's gradient, value and momenta makes its step
/// (Metz et al. 2019, arXiv 1810.10180).
///
/// Nineteen features: gradient g, parameter p and six momenta m ← d·m + (1 − d)·g, each over √(10⁻⁵ +
/// its mean square over the tensor), and tanh(t/τ − 1) for eleven timescales τ. ReLU layers give two
/// outputs; p ← p − 10⁻³ o₀ exp(10⁻³ o₁).
public struct MLPOptimizer: LearnedOptimizer {
  public static let id = "MLPLOpt"
  public static let summary = "a network of gradient, value and momenta makes each number's step"

  /// Its sizes.
  public struct Settings: SettingsGroup, Hashable {
    /// Units of a hidden layer.
    public var hiddenSize = 32
    /// Hidden layers, 0 to 9: they are ordered by name, in which a tenth would come second.
    public var hiddenLayers = 2

    public init() {}

    public static let settings: [Setting<Settings>] = [
      Setting(
        "lopt-mlplopt-hidden-size", \.hiddenSize,
        help: "Units of a hidden layer of MLPLOpt (default: 32).", valueName: "n"),
      Setting(
        "lopt-mlplopt-num-hidden-layers", \.hiddenLayers,
        help: "Hidden layers of MLPLOpt (default: 2).", valueName: "n"),
    ]
  }

  private static let features = 8
  private static let timescales: [Double] = [
    1, 3, 10, 30, 100, 300, 1000, 3000, 10000, 30000, 100_000,
  ]

  /// Units of a hidden layer.
  public let hiddenSize: Int
  /// Hidden layers, 0 to 9.
  public let hiddenLayers: Int
  public let layout: ParameterLayout
  public let slotCount = 6
  public let stacksSlots = true

  public init() { self.init(hiddenSize: Settings().hiddenSize) }

  public init(_ settings: Settings) throws(SettingsError) {
    self.init(
      hiddenSize: try inRange(settings.hiddenSize, "lopt-mlplopt-hidden-size", 1...1024),
      hiddenLayers: try inRange(settings.hiddenLayers, "lopt-mlplopt-num-hidden-layers", 0...9))
  }

  /// - Parameters:
  ///   - hiddenSize: Units of a hidden layer.
  ///   - hiddenLayers: 0 to 9.
  public init(hiddenSize: Int, hiddenLayers: Int = Settings().hiddenLayers) {
    precondition(hiddenSize > 0 && (0...9).contains(hiddenLayers), "sizes of MLPLOpt")
    self.hiddenSize = hiddenSize
    self.hiddenLayers = hiddenLayers
    layout = ParameterLayout(
      (0...hiddenLayers).flatMap { layer in
        let inputs = layer == 0 ? Self.features + Self.timescales.count : hiddenSize
        let outputs = layer == hiddenLayers ? 2 : hiddenSize
        return [
          ParameterLeaf(name: "mlp/~/linear_\(layer)/b", shape: [outputs]),
          ParameterLeaf(name: "mlp/~/linear_\(layer)/w", shape: [inputs, outputs]),
        ]
      })
  }

  public var name: String {
    let isUsual = layout == Self().layout
    return isUsual ? Self.id : "\(Self.id)-hiddensize\(hiddenSize)-hiddenlayers\(hiddenLayers)"
  }

  public static func settings(for layout: ParameterLayout) -> Settings? {
    let layers = layout.leaves.count / 2 - 1
    guard (0...9).contains(layers),
      let bias = layout.leaves.first(where: { $0.name == "mlp/~/linear_0/b" }),
      bias.shape.count == 1
    else { return nil }
    var settings = Settings()
    settings.hiddenLayers = layers
    if layers > 0 { settings.hiddenSize = bias.shape[0] }
    let isFitting = (try? Self(settings))?.layout == layout
    return isFitting ? settings : nil
  }

  /// Weights from a truncated normal distribution of deviation 1/√inputs, a key of haiku's sequence
  /// each; biases 0.
  public func initialParameters(key: PRNGKey) -> [Float] {
    var keys = PRNGSequence(key)
    return layout.leaves.flatMap { leaf in
      guard leaf.shape.count == 2 else { return [Float](repeating: 0, count: leaf.count) }
      let deviation = Float(1 / Double(leaf.shape[0]).squareRoot())
      return keys.next().truncatedNormal(leaf.count).map { deviation * $0 }
    }
  }

  public func scratchCount(for tensors: ParameterLayout) -> Int {
    let most = tensors.leaves.map(\.count).max() ?? 0
    return 2 * paddedBiasCount
      + ckernels_mlp_optimizer_scratch(most, hiddenLayers + 1, hiddenSize)
  }

  public func update<Real: KernelScalar>(_ step: OptimizerStep<Real>) {
    setBiases(step.theta.values, updates: step.updates, to: step.scratch)
    forEachTensor(step) { count, first in
      Real.mlpOptimizerUpdate(
        count, hiddenLayers + 1, hiddenSize, step.theta.values, step.scratch,
        step.state.values + first, step.state.values + step.tensors.count + first,
        step.tensors.count, step.gradient.values + first, step.scratch + 2 * paddedBiasCount)
    }
  }

  public func pushForward<Real: KernelScalar>(_ step: OptimizerStep<Real>) {
    guard let stateTangents = step.state.tangents, let gradientTangents = step.gradient.tangents
    else { return }
    let biasTangents = step.scratch + paddedBiasCount
    setBiases(step.theta.values, updates: step.updates, to: step.scratch)
    if let tangents = step.theta.tangents {
      setBiases(tangents, updates: step.updates, to: biasTangents)
    }
    let stride = step.tensors.count
    forEachTensor(step) { count, first in
      Real.mlpOptimizerPushForward(
        count, hiddenLayers + 1, hiddenSize, step.theta.values, step.scratch, step.theta.tangents,
        biasTangents, step.state.values + first, step.state.values + stride + first, stride,
        step.gradient.values + first, stateTangents + first, stateTangents + stride + first,
        gradientTangents + first, step.scratch + 2 * paddedBiasCount)
    }
  }

  public func pullBack<Real: KernelScalar>(
    _ step: OptimizerStep<Real>, _ adjoints: OptimizerAdjoints<Real>
  ) {
    let biasAdjoints = step.scratch + paddedBiasCount
    setBiases(step.theta.values, updates: step.updates, to: step.scratch)
    for index in 0..<firstOutputs { biasAdjoints[index] = 0 }
    let stride = step.tensors.count
    forEachTensor(step) { count, first in
      Real.mlpOptimizerPullBack(
        count, hiddenLayers + 1, hiddenSize, step.theta.values, step.scratch,
        step.state.values + first, step.state.values + stride + first, stride,
        step.gradient.values + first, adjoints.state + first,
        adjoints.reachesState ? adjoints.state + stride + first : nil, adjoints.gradient + first,
        adjoints.theta, biasAdjoints, step.scratch + 2 * paddedBiasCount)
    }
    // The time features are the same for all parameters, whose sum the bias's adjoints are.
    for output in 0..<firstOutputs { adjoints.theta[output] += biasAdjoints[output] }
    for (row, feature) in timeFeatures(Real.self, updates: step.updates).enumerated() {
      let weights = adjoints.theta + timeRow(row)
      for output in 0..<firstOutputs { weights[output] += feature * biasAdjoints[output] }
    }
  }

  // MARK: The first layer's share of time

  private var firstOutputs: Int { hiddenLayers == 0 ? 2 : hiddenSize }
  private var paddedBiasCount: Int { (firstOutputs + 15) / 16 * 16 }

  /// Where in θ the first layer's weights of time feature `row` begin.
  private func timeRow(_ row: Int) -> Int { firstOutputs * (1 + Self.features + row) }

  /// tanh(t/τ − 1) for each timescale.
  private func timeFeatures<Real: KernelScalar>(_: Real.Type, updates: Int) -> [Real] {
    Self.timescales.map { Real.hyperbolicTangent(Real(updates) / Real($0) - 1) }
  }

  /// Adds up what the first layer makes of its bias and the time features, from θ or its tangents.
  private func setBiases<Real: KernelScalar>(
    _ theta: UnsafePointer<Real>, updates: Int, to biases: UnsafeMutablePointer<Real>
  ) {
    for output in 0..<firstOutputs { biases[output] = theta[output] }
    for (row, feature) in timeFeatures(Real.self, updates: updates).enumerated() {
      let weights = theta + timeRow(row)
      for output in 0..<firstOutputs { biases[output] += feature * weights[output] }
    }
  }

  private func forEachTensor<Real: KernelScalar>(
    _ step: OptimizerStep<Real>, _ body: (_ count: Int, _ first: Int) -> Void
  ) {
    for leaf in step.tensors.leaves.indices {
      body(step.tensors.leaves[leaf].count, step.tensors.offsets[leaf])
    }
  }
}
