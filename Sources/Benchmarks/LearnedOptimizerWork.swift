import Datasets
import Parameters

/// The multiply-adds of matrix products and convolutions that a step of inner training needs.
///
/// What the algorithm needs is counted, and each product once: nothing for activations,
/// normalization, momenta and losses, and nothing for what a program computes again instead of
/// keeping it. With F multiply-adds of the inner network's forward pass over a batch, F₁ of them in
/// the first layer, and MLPLOpt's U multiply-adds for all inner parameters, U₁ of them in its first
/// layer:
///
/// | | |
/// |---|---|
/// | inner gradient g(p) | 3F − F₁: forward, and pulled back to weights and, but for the first layer, to inputs |
/// | MLPLOpt | U: its time features are the same for all parameters and count as nothing |
/// | outer loss | F |
/// | … and its derivative by p | 2F − F₁, pulled back or pushed forward |
/// | ∂g/∂p times a vector | 6F − 4F₁: two products for one, but for the first layer's inputs |
/// | MLPLOpt's derivative by θ alone | 2U − U₁: products with weights' and inputs' adjoints |
/// | … by state alone | U |
/// | … by both | 2U |
struct LearnedOptimizerWork: Hashable {
  /// F
  let forward: Int
  /// F₁
  let firstForward: Int
  /// U
  let update: Int
  /// U₁
  let firstUpdate: Int

  /// - Parameters:
  ///   - network: The inner network's tensors, layer by layer; convolutions give images of the size
  ///     that they get, which are halved then.
  ///   - batchSize: Examples of a batch, for training as for validation.
  ///   - hidden: Sizes of MLPLOpt's hidden layers.
  init(network: ParameterLayout, images: ImageShape, batchSize: Int, hidden: [Int]) {
    var (height, width) = (images.height, images.width)
    let layers = network.leaves.map(\.shape).filter { $0.count > 1 }.map { shape in
      let products = shape.reduce(1, *)
      guard shape.count == 4 else { return products }
      defer { (height, width) = (height / 2, width / 2) }
      return products * height * width
    }
    forward = batchSize * layers.reduce(0, +)
    firstForward = batchSize * layers[0]
    // Gradient, parameter and six momenta go in; direction and magnitude come out.
    let sizes = [8] + hidden + [2]
    update = network.count * zip(sizes, sizes.dropFirst()).map { $0 * $1 }.reduce(0, +)
    firstUpdate = network.count * sizes[0] * sizes[1]
  }

  private var gradient: Int { 3 * forward - firstForward }
  private var lossDerivative: Int { 2 * forward - firstForward }
  private var curvature: Int { 6 * forward - 4 * firstForward }

  /// A step and its outer loss.
  var step: Int { gradient + update + forward }

  /// Both trajectories of an antithetic pair.
  var antitheticStep: Int { 2 * step }

  /// Several steps in reverse, of which the first leads to θ, but to no state before it.
  func reverse(steps: Int) -> Int {
    let first = step + lossDerivative + 2 * update - firstUpdate
    return first + (steps - 1) * (step + lossDerivative + 2 * update + curvature)
  }

  /// A step along a direction.
  var forwardModeStep: Int { step + lossDerivative + 2 * update + curvature }

  /// A step of UORO: the transition pushed along s̃ and pulled back to θ, and the loss along s̃.
  var rankOneStep: Int {
    step + lossDerivative + curvature + update + 2 * update - firstUpdate
  }
}
