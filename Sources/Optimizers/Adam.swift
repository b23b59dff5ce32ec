import Foundation
package import Settings

/// Adam (Kingma and Ba, 2015): θ ← θ − rate · m̂ / (√(v̂ + ε) + ε), where m̂ and v̂ are the
/// running means of g and g² (decays β₁ and β₂), divided by what their weights sum to.
///
/// The ε inside the root is the reference's choice: gradients below 1e-4 move θ by less than
/// the rate. A gradient beyond 1.8e19 has an infinite square and stops its parameter for good.
package struct Adam: Optimizer {
  package static let id = "ADAM"

  package struct Settings: SettingsGroup, Codable {
    /// β₁: how much of m each update keeps.
    package var beta1 = 0.9
    /// β₂: how much of v each update keeps.
    package var beta2 = 0.999
    /// ε.
    package var epsilon = 1e-8

    package init() {}

    package static let settings: [Setting<Settings>] = [
      Setting("beta1", \.beta1, help: "how much of the gradients' mean is kept"),
      Setting("beta2", \.beta2, help: "how much of their squares' mean is kept"),
      Setting("epsilon", \.epsilon, help: "what is added to its root"),
    ]
  }

  private let settings: Settings
  package let schedule: Schedule
  package private(set) var updates = 0
  /// m, the running mean of the gradients.
  package private(set) var firstMoment: [Float]
  /// v, the running mean of their squares; as many as in ``firstMoment``.
  package private(set) var secondMoment: [Float]

  package var count: Int { firstMoment.count }

  package static func check(_ settings: Settings) throws(SettingsError) {
    // Float32 has numbers up to this below 1.
    let decays = 0...Double(Float(1).nextDown)
    _ = try inRange(settings.beta1, "beta1", decays)
    _ = try inRange(settings.beta2, "beta2", decays)
    _ = try positiveFloat(settings.epsilon, "epsilon")
  }

  package init(_ settings: Settings, schedule: Schedule, count: Int) {
    self.settings = settings
    self.schedule = schedule
    firstMoment = Array(repeating: 0, count: count)
    secondMoment = firstMoment
  }

  package mutating func update(_ theta: inout [Float], along gradient: [Float]) {
    check(theta, gradient)
    let rate = rate
    updates += 1
    // A running mean keeps `decay` of itself and takes in `share` of what is new. The share is
    // rounded from double precision, as optax has it: in float32, 1 − 0.9 is another number.
    let (firstDecay, firstShare) = (Float(settings.beta1), Float(1 - settings.beta1))
    let (secondDecay, secondShare) = (Float(settings.beta2), Float(1 - settings.beta2))
    let epsilon = Float(settings.epsilon)
    let firstWeights = 1 - pow(firstDecay, Float(updates))
    let secondWeights = 1 - pow(secondDecay, Float(updates))
    for index in theta.indices {
      let slope = gradient[index]
      let first = (firstDecay * firstMoment[index]).addingProduct(firstShare, slope)
      let second = (secondDecay * secondMoment[index])
        .addingProduct(secondShare, slope * slope)
      let scale = (second / secondWeights + epsilon).squareRoot() + epsilon
      // XLA divides once, by the product, where optax's text divides twice.
      theta[index].addProduct(-rate, first / (firstWeights * scale))
      firstMoment[index] = first
      secondMoment[index] = second
    }
  }
}

extension Adam {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    settings = try container.decodeIfPresent(Settings.self, forKey: .settings) ?? Settings()
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
