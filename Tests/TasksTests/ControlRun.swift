import Envs
import Estimators
import Randomness
import Synchronization
import Tasks
import TestSupport
import Unrolls
import Workers

/// A reinforcement learning run of the reference: its numbers, and how to begin it here.
struct ControlRun {
  let golden: Golden
  let run: GoldenRun
  let task: ControlTask

  init(_ name: String, in folder: String = "estimators") throws {
    run = try GoldenRun(name, in: folder)
    golden = run.golden
    task = ControlTask(
      simulator: try Simulator(
        EnvironmentCatalogue.named(run.flags.environment ?? ""),
        timeLimit: run.flags.horizonLength))
    hasBurnIn = !(name.hasPrefix("rl_short_") && run.flags.horizonLength == 1000)
  }

  /// The short runs of long episodes were started without one.
  private let hasBurnIn: Bool

  /// Whether its gradients are the reference's to the last bit. Not where they are made of means
  /// over more than 20 steps, which the reference's compiler sums in an order of its own, where
  /// they are scaled by a standard deviation, or (TES) from states reached with a product that the
  /// reference rounds otherwise.
  var hasEqualGradients: Bool {
    if run.flags.normalizesLoss { return false }
    switch run.flags.estimator {
    case FullES.id: return run.flags.horizonLength <= 20
    case ShortHorizonES.id: return run.flags.windowLength <= 20
    case TruncatedESBiased.id: return false
    default: return true
    }
  }

  /// Every golden RL run.
  static let names = [
    "rl_FullES", "rl_ShortHorizonES", "rl_TruncatedESBiased", "rl_TruncatedNRES_unjitted",
    "rl_TruncatedPESK_K100", "rl_TruncatedPESK_K1000",
    "rl_short_cheetahT20_FullES", "rl_short_cheetahT20_NRESclass",
    "rl_short_cheetahT20_PESK_K10", "rl_short_cheetahT20_PESK_K20_lossnorm",
    "rl_short_cheetahT20_PESK_K21", "rl_short_cheetah_SHES_W10",
    "rl_short_swimmerT40_FullES", "rl_short_swimmerT40_NRESclass",
    "rl_short_swimmerT40_PESK_K10", "rl_short_swimmerT40_PESK_K40",
    "rl_short_swimmerT40_PESK_K41", "rl_short_swimmerT40_ShortHorizonES",
    "rl_short_swimmer_NRES_W100_resets", "rl_short_swimmer_NRES_W50",
    "rl_short_swimmer_NRESclass_W10", "rl_short_swimmer_PES_W10", "rl_short_swimmer_SHES_W20",
  ]

  /// θ of `iteration` as the reference had it.
  func theta(_ iteration: Int) throws -> [Float] {
    try run.vector("theta", iteration, layout: task.layout)
  }

  /// - Parameter observe: Told of each step.
  func makeEstimator(
    threads: Int = 2, observe: @escaping @Sendable (StepLog.Step) -> Void = { _ in }
  ) throws -> any GradientEstimator {
    let flags = run.flags
    let settings = EstimatorSettings(
      particleCount: flags.particleCount, windowLength: flags.windowLength,
      noisePeriod: flags.noisePeriod ?? 1, sigma: flags.sigma, normalizesLoss: flags.normalizesLoss,
      burnInLength: hasBurnIn ? nil : 0)
    return try EstimatorCatalogue.named(flags.estimator).make(
      TracedTask(task, observe: observe), settings: settings, theta: theta(0), key: run.startKey,
      pool: WorkerPool(threadCount: threads))
  }
}

/// The steps of all trajectories in the order in which they were made.
final class StepLog: Sendable {
  typealias Step = TracedTask<ControlTask>.Step

  private let steps = Mutex<[Step]>([])

  func append(_ step: Step) { steps.withLock { $0.append(step) } }

  /// What was logged since the last time.
  func take() -> [Step] {
    steps.withLock { steps in
      defer { steps = [] }
      return steps
    }
  }
}

/// What an estimator carries from window to window, by the reference's names.
struct Carried {
  typealias State = TracedTask<ControlTask>.State

  /// One state a particle.
  var states: [String: [State]] = [:]
  /// One noise a particle, flat.
  var noises: [String: [Float]] = [:]

  init(_ estimator: any GradientEstimator) {
    switch estimator {
    case let estimator as BlockRuntime<PersistentBlock<TracedTask<ControlTask>>>:
      set(estimator.blocks.map(\.motion))
      noises["current_epsilons"] = estimator.blocks.flatMap { $0.noise.noises.joined() }
      noises["accumulated_epsilons"] = estimator.blocks.flatMap { $0.noise.accumulated.joined() }
    case let estimator as BlockRuntime<NoiseReuseBlock<TracedTask<ControlTask>>>:
      set(estimator.blocks.map(\.motion))
      noises["epsilons"] = estimator.blocks.flatMap { $0.noise.noises.joined() }
    case let estimator as BlockRuntime<UnperturbedBlock<TracedTask<ControlTask>>>:
      states["current_unroll_states"] = estimator.blocks.flatMap(\.states)
    default: break
    }
  }

  private mutating func set(_ pairs: [AntitheticPairs<TracedTask<ControlTask>>]) {
    states["pos_unroll_states"] = pairs.flatMap(\.positives)
    states["neg_unroll_states"] = pairs.flatMap(\.negatives)
  }
}
