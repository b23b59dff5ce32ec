import Foundation

/// Adam (Kingma and Ba, 2015): θ ← θ − rate · m̂ / (√(v̂ + 1e-8) + 1e-8), where m̂ and v̂ are the
/// running means of g and g² (decays 0.9 and 0.999), divided by what their weights sum to.
///
/// The 1e-8 inside the root is the reference's choice: gradients below 1e-4 move θ by less than
/// the rate. A gradient beyond 1.8e19 has an infinite square and stops its parameter for good.
public struct Adam: Optimizer {
  public static let id = "ADAM"

  public let schedule: Schedule
  public private(set) var updates = 0
  /// m, the running mean of the gradients.
  public private(set) var firstMoment: [Float]
  /// v, the running mean of their squares; as many as in ``firstMoment``.
  public private(set) var secondMoment: [Float]

  public var count: Int { firstMoment.count }

  public init(schedule: Schedule, count: Int) {
    self.schedule = schedule
    firstMoment = Array(repeating: 0, count: count)
    secondMoment = firstMoment
  }

  public mutating func update(_ theta: inout [Float], along gradient: [Float]) {
    check(theta, gradient)
    let rate = rate
    updates += 1
    let firstWeights = 1 - pow(Adam.firstDecay, Float(updates))
    let secondWeights = 1 - pow(Adam.secondDecay, Float(updates))
    for index in theta.indices {
      let slope = gradient[index]
      let first = (Adam.firstDecay * firstMoment[index]).addingProduct(Adam.firstShare, slope)
      let second = (Adam.secondDecay * secondMoment[index])
        .addingProduct(Adam.secondShare, slope * slope)
      let scale = (second / secondWeights + Adam.epsilon).squareRoot() + Adam.epsilon
      // XLA divides once, by the product, where optax's text divides twice.
      theta[index].addProduct(-rate, first / (firstWeights * scale))
      firstMoment[index] = first
      secondMoment[index] = second
    }
  }
}

/// A running mean keeps `decay` of itself and takes in `share` of what is new. The share is
/// rounded from double precision, as optax has it: in float32, 1 − 0.9 is another number.
extension Adam {
  private static let firstDecay: Float = 0.9
  private static let firstShare = Float(1 - 0.9)
  private static let secondDecay: Float = 0.999
  private static let secondShare = Float(1 - 0.999)
  private static let epsilon: Float = 1e-8
}

extension Adam {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    schedule = try container.decode(Schedule.self, forKey: .schedule)
    updates = try container.decode(Int.self, forKey: .updates)
    firstMoment = try container.decode([Float].self, forKey: .firstMoment)
    secondMoment = try container.decode([Float].self, forKey: .secondMoment)
    guard firstMoment.count == secondMoment.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .secondMoment, in: container,
        debugDescription: "\(secondMoment.count) values beside \(firstMoment.count) first moments")
    }
  }
}
