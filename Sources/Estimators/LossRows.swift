/// The losses that trajectories met in consecutive steps: of θ + ε of each particle, then of θ − ε
/// where there are pairs.
public struct LossRows: Sendable {
  /// That of step i of trajectory j at i · ``stride`` + j.
  public var values: [Float] = []
  public let stride: Int
  public private(set) var stepCount = 0

  init(stride: Int) { self.stride = stride }

  public subscript(step: Int, trajectory: Int) -> Float { values[step * stride + trajectory] }

  /// Makes room for the losses of at most `steps` steps.
  mutating func makeRoom(for steps: Int) {
    let count = steps * stride
    if values.count < count { values = [Float](repeating: 0, count: count) }
  }

  /// Says how many steps the losses are of.
  mutating func keep(_ steps: Int) { stepCount = steps }

  /// Takes the losses of a trajectory from the first one of other rows.
  mutating func set(_ trajectory: Int, from rows: LossRows, steps: Int) {
    for step in 0..<steps { values[step * stride + trajectory] = rows.values[step * rows.stride] }
  }

  /// Adds each trajectory's losses to its sum, step by step.
  func add<Sum: BinaryFloatingPoint>(to sums: inout [Sum]) {
    var sums = sums.mutableSpan
    let values = values.span
    for step in 0..<stepCount {
      let row = values.extracting(step * stride..<step * stride + sums.count)
      for trajectory in row.indices { sums[trajectory] += Sum(row[trajectory]) }
    }
  }

  /// Appends the losses of a trajectory, step by step.
  func append(_ trajectory: Int, to numbers: inout [Float]) {
    let first = numbers.count
    numbers.append(contentsOf: repeatElement(0, count: stepCount))
    var span = numbers.mutableSpan
    let values = values.span
    precondition(trajectory < stride && stepCount * stride <= values.count, "a row each step")
    var place = trajectory
    for index in first..<span.count {
      span[index] = values[unchecked: place]
      place &+= stride
    }
  }

  /// Appends the multiplier of each step's noise to those of a particle among `particleCount`.
  func appendMultipliers(
    of particle: Int, among particleCount: Int, settings: EstimatorSettings,
    to multipliers: inout [Float]
  ) {
    let first = multipliers.count
    multipliers.append(contentsOf: repeatElement(0, count: stepCount))
    var span = multipliers.mutableSpan
    let values = values.span
    precondition(
      particle + particleCount < stride && stepCount * stride <= values.count,
      "both sides are in the rows")
    var loss = particle
    for index in first..<span.count {
      span[index] = values[unchecked: loss] - values[unchecked: loss &+ particleCount]
      loss &+= stride
    }
    // In a loop of its own, which computes several at once.
    for index in first..<span.count { span[index] = settings.multiplier(of: span[index]) }
  }
}
