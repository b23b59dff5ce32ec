public import Randomness

/// A body that is rewarded for moving along x: Gymnasium's locomotion environments, of which each is
/// a setting.
///
/// Parameters are those of Gymnasium's constructors. Change a copy:
///
/// ```swift
/// var environment = Locomotion.halfCheetah
/// environment.controlCostWeight = 0.05
/// let simulator = try Simulator(environment)
/// ```
public struct Locomotion: Environment {
  /// Where the position that is rewarded is read.
  public enum Place: Sendable, Hashable {
    /// The first positions are x and, in two dimensions, y.
    case positions
    /// The first values of a quantity that the model computes.
    case quantity(ModelQuantity)
  }

  /// How initial velocities differ from 0.
  public enum VelocityNoise: Sendable, Hashable {
    /// Uniform in ± the noise scale.
    case uniform
    /// Normal, its standard deviation the noise scale.
    case normal
  }

  /// What can be reported of a step.
  public enum Info: Sendable, Hashable {
    case forwardReward, healthyReward, controlReward, x, y, xVelocity, yVelocity, distance
  }

  /// The name users type.
  public var id: String
  /// MJCF as UTF-8.
  public var model: [UInt8]
  /// The model's nq, nv and nu.
  public var positionCount, velocityCount, actionCount: Int
  public var frameSkip: Int
  /// Seconds of one simulation step, as the model has it.
  public var timestep: Double
  public var timeLimit: Int
  public var place: Place
  /// 1 where the body moves along a line, 2 in a plane: so many first positions say where it is.
  public var dimensionCount: Int
  public var excludesCurrentPositionsFromObservation: Bool
  /// Observed velocities are cut off at ± this.
  public var velocityLimit: Double?
  /// Observed after positions and velocities, and how many numbers they are.
  public var observedQuantities: (quantities: [ModelQuantity], count: Int)
  public var forwardRewardWeight: Double
  public var controlCostWeight: Double
  /// Whether the action is squared in double precision, however it was given.
  public var squaresActionInDouble: Bool
  /// Paid at each step while healthy, and always where being unhealthy ends the episode.
  public var healthyReward: Double?
  /// A state is healthy when all of these hold.
  public var healthyRanges: [StateRange]
  public var terminatesWhenUnhealthy: Bool
  public var resetNoiseScale: Double
  public var resetVelocityNoise: VelocityNoise
  /// What is reported, by Gymnasium's names.
  public var infos: [(name: String, info: Info)]

  /// Parameters that are not given have the values that most of Gymnasium's environments have.
  public init(
    id: String, model: [UInt8], positionCount: Int, velocityCount: Int, actionCount: Int,
    frameSkip: Int, timestep: Double, timeLimit: Int = 1000, place: Place = .positions,
    dimensionCount: Int = 1, excludesCurrentPositionsFromObservation: Bool = true,
    velocityLimit: Double? = nil,
    observedQuantities: (quantities: [ModelQuantity], count: Int) = ([], 0),
    forwardRewardWeight: Double = 1, controlCostWeight: Double,
    squaresActionInDouble: Bool = false, healthyReward: Double? = nil,
    healthyRanges: [StateRange] = [], terminatesWhenUnhealthy: Bool = true,
    resetNoiseScale: Double, resetVelocityNoise: VelocityNoise = .uniform,
    infos: [(name: String, info: Info)]
  ) {
    self.id = id
    self.model = model
    self.positionCount = positionCount
    self.velocityCount = velocityCount
    self.actionCount = actionCount
    self.frameSkip = frameSkip
    self.timestep = timestep
    self.timeLimit = timeLimit
    self.place = place
    self.dimensionCount = dimensionCount
    self.excludesCurrentPositionsFromObservation = excludesCurrentPositionsFromObservation
    self.velocityLimit = velocityLimit
    self.observedQuantities = observedQuantities
    self.forwardRewardWeight = forwardRewardWeight
    self.controlCostWeight = controlCostWeight
    self.squaresActionInDouble = squaresActionInDouble
    self.healthyReward = healthyReward
    self.healthyRanges = healthyRanges
    self.terminatesWhenUnhealthy = terminatesWhenUnhealthy
    self.resetNoiseScale = resetNoiseScale
    self.resetVelocityNoise = resetVelocityNoise
    self.infos = infos
  }

  /// The first position that is observed.
  private var firstObserved: Int { excludesCurrentPositionsFromObservation ? dimensionCount : 0 }

  private var placeQuantities: [ModelQuantity] {
    if case .quantity(let quantity) = place { [quantity] } else { [] }
  }

  /// The place's numbers among those computed: all quantities that can be a place have three.
  private var placeCount: Int { if case .positions = place { 0 } else { 3 } }

  public var spec: EnvironmentSpec {
    EnvironmentSpec(
      id: id,
      observationCount: positionCount - firstObserved + velocityCount + observedQuantities.count,
      actionCount: actionCount, frameSkip: frameSkip, timestep: timestep, timeLimit: timeLimit,
      rewardNames: ["forward"] + (healthyReward == nil ? [] : ["healthy"]) + ["control"],
      infoNames: infos.map(\.name), quantities: placeQuantities + observedQuantities.quantities)
  }

  public func sampleReset(qpos: inout [Double], qvel: inout [Double], generator: inout PCG64) {
    let scale = resetNoiseScale
    for index in qpos.indices { qpos[index] += generator.uniform(-scale, scale) }
    for index in qvel.indices {
      switch resetVelocityNoise {
      case .uniform: qvel[index] += generator.uniform(-scale, scale)
      case .normal: qvel[index] += scale * generator.standardNormal()
      }
    }
  }

  /// Positions but those that say where it is, velocities, quantities.
  public func observe<Number: LaneNumber>(
    _ state: StateView<Number>, into observation: inout MutableSpan<Number>
  ) {
    var next = 0
    func write(_ value: Number, _ observation: inout MutableSpan<Number>) {
      observation[next] = value
      next += 1
    }
    for index in firstObserved..<state.qpos.count { write(state.qpos[index], &observation) }
    for index in 0..<state.qvel.count {
      let velocity = state.qvel[index]
      write(velocityLimit.map { velocity.clamped(to: $0) } ?? velocity, &observation)
    }
    for index in placeCount..<state.computed.count { write(state.computed[index], &observation) }
  }

  /// (weight · velocity + healthy reward) − weight · ‖a‖²
  public func outcome<Number: LaneNumber>(of step: Transition<Number>) -> Outcome<Number> {
    var outcome = Outcome<Number>()
    let before = position(in: step.before)
    let after = position(in: step.after)
    let duration = Number(step.duration)
    let velocity = (x: (after.x - before.x) / duration, y: (after.y - before.y) / duration)
    let forward = Number(forwardRewardWeight) * velocity.x
    let squares =
      squaresActionInDouble
      ? sumAsNumPy(step.action.count) { step.action[$0] * step.action[$0] } : step.squaredAction
    let control = Number(-controlCostWeight) * squares
    let isHealthy = StateRange.contain(step.after, all: healthyRanges)
    var healthy = Number(0)
    outcome.rewardTerms[0] = forward
    if let healthyReward {
      let isPaid = isHealthy.or(Number.Mask(terminatesWhenUnhealthy))
      healthy = Number(0).replacing(with: Number(healthyReward), where: isPaid)
      outcome.rewardTerms[1] = healthy
      outcome.rewardTerms[2] = control
      outcome.reward = (forward + healthy) + control
    } else {
      outcome.rewardTerms[1] = control
      outcome.reward = forward + control
    }
    outcome.isTerminated = isHealthy.inverted.and(Number.Mask(terminatesWhenUnhealthy))
    for index in infos.indices {
      outcome.infos[index] =
        switch infos[index].info {
        case .forwardReward: forward
        case .healthyReward: healthy
        case .controlReward: control
        case .x: after.x
        case .y: after.y
        case .xVelocity: velocity.x
        case .yVelocity: velocity.y
        case .distance: (after.x * after.x + after.y * after.y).squareRoot()
        }
    }
    return outcome
  }

  private func position<Number: LaneNumber>(in state: StateView<Number>) -> (x: Number, y: Number) {
    let values = placeCount == 0 ? state.qpos : state.computed
    return (values[0], dimensionCount == 2 ? values[1] : Number(0))
  }
}
