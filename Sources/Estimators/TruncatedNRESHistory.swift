public import Randomness
public import Unrolls

/// NRES that also keeps each particle's losses of the episode so far.
public enum TruncatedNRESHistory: EstimatorAlgorithm {
  public static let id = "TruncatedNRESHistory"
  public static let summary = "NRES that keeps the losses of each particle's current episode"
  public static let isStepUnlocked = true

  public static func make<Task: UnrolledTask>(
    _ setup: EstimatorSetup<Task>
  ) throws -> any GradientEstimator {
    try BlockRuntime<NoiseReuseHistoryBlock<Task>>(setup)
  }
}

/// A block of NRES with its loss histories.
public struct NoiseReuseHistoryBlock<Task: UnrolledTask>: EstimatorBlock {
  public typealias Noise = EpisodeNoise

  public private(set) var block: NoiseReuseBlock<Task>
  /// Losses of θ + ε of each particle, then of θ − ε: entry t is the loss of the step that reached
  /// step t of this episode. Entries not reached yet are 0, and so is entry 0; the loss that ends an
  /// episode is not kept.
  public private(set) var histories: [[Float]]

  public static var carriesEpisodes: Bool { true }

  public static func startKeys(from key: PRNGKey, burnIn: Int) -> WindowKeys {
    NoiseReuseBlock<Task>.startKeys(from: key, burnIn: burnIn)
  }

  public static func windowKeys(
    from key: PRNGKey, length: Int, settings: EstimatorSettings
  ) -> WindowKeys {
    NoiseReuseBlock<Task>.windowKeys(from: key, length: length, settings: settings)
  }

  public init(_ window: Window<Task>, in workspace: inout Workspace<Task>) throws {
    block = try NoiseReuseBlock(window, in: &workspace)
    histories = block.motion.states.map { _ in [Float](repeating: 0, count: window.task.horizon) }
  }

  public mutating func accumulate(
    _ window: Window<Task>, into sum: inout BlockSum, directions: inout Directions,
    in workspace: inout Workspace<Task>
  ) throws {
    // Out of self, which the block belongs to.
    var histories: [[Float]] = []
    swap(&histories, &self.histories)
    defer { self.histories = histories }
    try block.accumulate(
      window, into: &sum, directions: &directions, in: &workspace
    ) { pairs, losses in
      for (index, state) in pairs.states.enumerated() {
        let reached = window.task.stepIndex(of: state)
        if reached == 0 {
          for entry in histories[index].indices { histories[index][entry] = 0 }
        } else {
          let before = reached - losses.stepCount
          for step in 0..<losses.stepCount {
            histories[index][before + step + 1] = losses[step, index]
          }
        }
      }
    }
  }

  public static func regrouped(_ blocks: [Self], into sizes: [Int]) -> [Self]? {
    NoiseReuseBlock.regrouped(blocks.map(\.block), into: sizes).map { parts in
      zip(parts, Estimators.regrouped(blocks.map(\.histories), sides: 2, into: sizes))
        .map(Self.init(block:histories:))
    }
  }

  private init(block: NoiseReuseBlock<Task>, histories: [[Float]]) {
    (self.block, self.histories) = (block, histories)
  }

  public func clocks(of task: Task) -> [Int] { block.clocks(of: task) }

  public var carriedNoise: EpisodeNoise? { block.noise }
}
