public import Parameters
public import Randomness
public import Settings

/// A rule that updates the parameters of an inner network, with parameters θ of its own.
///
/// One that treats every number alike is an ``ElementwiseOptimizer``, which is written once.
public protocol LearnedOptimizer: Sendable, SendableMetatype {
  /// Its name on the command line.
  static var id: String { get }
  /// What it is, in a line.
  static var summary: String { get }

  /// What it is made by, its sizes.
  associatedtype Settings: SettingsGroup = NoSettings

  /// With its usual sizes.
  init()
  /// - Throws: `SettingsError` for sizes that cannot be.
  init(_ settings: Settings) throws(SettingsError)
  /// The settings that give θ the layout `layout`; nil if none do.
  static func settings(for layout: ParameterLayout) -> Settings?

  /// What tags call it, sizes included where they are not the usual ones.
  var name: String { get }
  /// θ's named tensors.
  var layout: ParameterLayout { get }
  /// Numbers that it keeps for each inner parameter, all 0 at first.
  var slotCount: Int { get }
  /// Whether the reference keeps the slots of a number side by side, in one array a tensor.
  var stacksSlots: Bool { get }

  /// θ at iteration 0.
  func initialParameters(key: PRNGKey) -> [Float]

  /// Numbers of scratch that it needs for an inner network.
  func scratchCount(for tensors: ParameterLayout) -> Int

  /// Takes one step: the state's values advance.
  ///
  /// A function that is generic over `KernelScalar` serves both precisions, here and below.
  func update(_ step: OptimizerStep<Float>)
  func update(_ step: OptimizerStep<Double>)

  /// The same with its derivative along the tangents of state, gradient and θ (0 where it has none):
  /// the state's tangents advance too.
  func pushForward(_ step: OptimizerStep<Float>)
  func pushForward(_ step: OptimizerStep<Double>)

  /// Goes back through the step, whose state is that before it.
  func pullBack(_ step: OptimizerStep<Float>, _ adjoints: OptimizerAdjoints<Float>)
  func pullBack(_ step: OptimizerStep<Double>, _ adjoints: OptimizerAdjoints<Double>)
}

extension LearnedOptimizer where Settings == NoSettings {
  public init(_ settings: NoSettings) { self.init() }
}

extension LearnedOptimizer {
  public static func settings(for layout: ParameterLayout) -> Settings? {
    Self().layout == layout ? Settings() : nil
  }

  public var name: String { Self.id }
  public var stacksSlots: Bool { false }
}

/// What an update works on.
public struct OptimizerStep<Real: KernelScalar> {
  /// The inner network's tensors.
  public var tensors: ParameterLayout
  /// Updates done since the episode began, this one not counted.
  public var updates: Int
  /// The learned optimizer's own parameters.
  public var theta: Signal<Real>
  /// The inner parameters, then a row as long for each slot.
  public var state: Signal<Real>
  /// The inner loss's gradient.
  public var gradient: Signal<Real>
  /// As many numbers as ``LearnedOptimizer/scratchCount(for:)`` says, of any content.
  public var scratch: UnsafeMutablePointer<Real>
}

/// The derivatives of a result by what an update works on.
public struct OptimizerAdjoints<Real: KernelScalar> {
  /// By the state after the update; replaced by those by the state before, without what passes
  /// through the gradient. Left in any state where `reachesState` is false.
  public var state: UnsafeMutablePointer<Real>
  /// By the gradient: written, unless `reachesState` is false.
  public var gradient: UnsafeMutablePointer<Real>
  /// By θ: added to.
  public var theta: UnsafeMutablePointer<Real>
  /// Whether any but θ's are asked for.
  public var reachesState: Bool
}
