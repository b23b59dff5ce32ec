public import Randomness
public import Settings

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
    /// The contacts' part where they are used, the control's where not: what Gymnasium's Ant calls
    /// `reward_ctrl`.
    case contactOrControlReward
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
  public var timeLimit = 1000
  public var place = Place.positions
  /// 1 where the body moves along a line, 2 in a plane: so many first positions say where it is.
  public var dimensionCount = 1
  public var excludesCurrentPositionsFromObservation = true
  /// Observed velocities are cut off at ± this.
  public var velocityLimit: Double?
  /// Observed after positions and velocities, and how many numbers they are.
  public var observedQuantities: (quantities: [ModelQuantity], count: Int) = ([], 0)
  /// The body has 6 contact forces and torques for each of its parts, the world among them, that can
  /// be used: so many numbers. 0 where they cannot.
  public var contactForceCount = 0
  /// Whether they are observed, after everything else, and cost their squared length.
  public var usesContactForces = false
  public var contactCostWeight = 5e-4
  /// Forces and torques are cut off at its ends.
  public var contactForceRange = Bounds(-1, 1)
  /// Nil where it is 1 and nothing to be set.
  public var forwardRewardWeight: Double? = 1
  public var controlCostWeight: Double
  /// Whether the action is squared in double precision, however it was given.
  public var squaresActionInDouble = false
  /// Paid at each step while healthy, and always where being unhealthy ends the episode.
  public var healthyReward: Double?
  /// A state is healthy when all of these hold.
  public var healthyRanges: [StateRange] = []
  public var terminatesWhenUnhealthy = true
  public var resetNoiseScale = 0.1
  public var resetVelocityNoise = VelocityNoise.uniform
  /// What is reported, by Gymnasium's names.
  public var infos: [(name: String, info: Info)]

  /// A body that moves along a line, with what most of Gymnasium's environments have in common.
  public init(
    id: String, model: [UInt8], positionCount: Int, velocityCount: Int, actionCount: Int,
    frameSkip: Int, timestep: Double, controlCostWeight: Double,
    infos: [(name: String, info: Info)]
  ) {
    self.id = id
    self.model = model
    self.positionCount = positionCount
    self.velocityCount = velocityCount
    self.actionCount = actionCount
    self.frameSkip = frameSkip
    self.timestep = timestep
    self.controlCostWeight = controlCostWeight
    self.infos = infos
  }

  /// The first position that is observed.
  private var firstObserved: Int { excludesCurrentPositionsFromObservation ? dimensionCount : 0 }

  private var placeQuantities: [ModelQuantity] {
    if case .quantity(let quantity) = place { [quantity] } else { [] }
  }

  private var contactQuantities: [ModelQuantity] { usesContactForces ? [.contactForces] : [] }
  private var observedContactCount: Int { usesContactForces ? contactForceCount : 0 }

  /// The place's numbers among those computed: all quantities that can be a place have three.
  private var placeCount: Int { if case .positions = place { 0 } else { 3 } }

  public var spec: EnvironmentSpec {
    EnvironmentSpec(
      id: id,
      observationCount: positionCount - firstObserved + velocityCount + observedQuantities.count
        + observedContactCount,
      actionCount: actionCount, frameSkip: frameSkip, timestep: timestep, timeLimit: timeLimit,
      rewardNames: ["forward"] + (healthyReward == nil ? [] : ["healthy"]) + ["control"]
        + (usesContactForces ? ["contact"] : []),
      infoNames: infos.map(\.name),
      quantities: placeQuantities + observedQuantities.quantities + contactQuantities)
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

  /// Positions but those that say where it is, velocities, quantities, contacts.
  public func observe<Number: LaneNumber>(
    _ state: StateView<Number>, into observation: inout MutableSpan<Number>
  ) {
    let first = firstObserved
    let positions = state.qpos.count - first
    for index in 0..<positions { observation[index] = state.qpos[first + index] }
    for index in 0..<state.qvel.count {
      var velocity = state.qvel[index]
      if let velocityLimit { velocity = velocity.clamped(to: velocityLimit) }
      observation[positions + index] = velocity
    }
    let next = positions + state.qvel.count
    let contacts = firstContact(of: state)
    for index in placeCount..<state.computed.count {
      observation[next + index - placeCount] =
        index < contacts ? state.computed[index] : contact(index, of: state)
    }
  }

  /// (weight · velocity + healthy reward) − (weight · ‖a‖² + weight · ‖contacts‖²)
  public func outcome<Number: LaneNumber>(of step: Transition<Number>) -> Outcome<Number> {
    var outcome = Outcome<Number>()
    let before = position(in: step.before)
    let after = position(in: step.after)
    let duration = Number(step.duration)
    let velocity = (x: (after.x - before.x) / duration, y: (after.y - before.y) / duration)
    let forward = Number(forwardRewardWeight ?? 1) * velocity.x
    let squares =
      squaresActionInDouble
      ? sumAsNumPy(step.action.count) { step.action[$0] * step.action[$0] } : step.squaredAction
    let control = Number(-controlCostWeight) * squares
    let isHealthy = StateRange.contain(step.after, all: healthyRanges)
    var healthy = Number(0)
    var term = 0
    func add(_ value: Number) {
      outcome.rewardTerms[term] = value
      term += 1
    }
    outcome.reward = forward
    add(forward)
    if let healthyReward {
      let isPaid = isHealthy.or(Number.Mask(terminatesWhenUnhealthy))
      healthy = Number(0).replacing(with: Number(healthyReward), where: isPaid)
      outcome.reward = outcome.reward + healthy
      add(healthy)
    }
    add(control)
    var contacts = control
    if usesContactForces {
      contacts = contactReward(of: step.after)
      outcome.reward = outcome.reward + (control + contacts)
      add(contacts)
    } else {
      outcome.reward = outcome.reward + control
    }
    outcome.isTerminated = isHealthy.inverted.and(Number.Mask(terminatesWhenUnhealthy))
    for index in infos.indices {
      outcome.infos[index] =
        switch infos[index].info {
        case .forwardReward: forward
        case .healthyReward: healthy
        case .controlReward: control
        case .contactOrControlReward: contacts
        case .x: after.x
        case .y: after.y
        case .xVelocity: velocity.x
        case .yVelocity: velocity.y
        case .distance: (after.x * after.x + after.y * after.y).squareRoot()
        }
    }
    return outcome
  }

  private func contactReward<Number: LaneNumber>(of state: StateView<Number>) -> Number {
    let first = firstContact(of: state)
    return Number(-contactCostWeight)
      * sumAsNumPy(contactForceCount) {
        let force = contact(first + $0, of: state)
        return force * force
      }
  }

  private func firstContact<Number>(of state: StateView<Number>) -> Int {
    state.computed.count - observedContactCount
  }

  private func contact<Number: LaneNumber>(_ index: Int, of state: StateView<Number>) -> Number {
    state.computed[index].clamped(from: contactForceRange.lower, to: contactForceRange.upper)
  }

  private func position<Number: LaneNumber>(in state: StateView<Number>) -> (x: Number, y: Number) {
    let values = placeCount == 0 ? state.qpos : state.computed
    return (values[0], dimensionCount == 2 ? values[1] : Number(0))
  }
}
