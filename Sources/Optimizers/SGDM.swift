package import Settings

/// Gradient descent with a heavy ball: m ← g + μ · m, θ ← θ − rate · m.
///
/// The ball is not damped: under an unchanging gradient g it tends to g / (1 − μ).
package struct SGDM: Optimizer {
  package static let id = "SGDM"

  package struct Settings: SettingsGroup, Codable {
    /// μ: how much of m each update keeps.
    package var momentum = 0.9

    package init() {}

    package static let settings: [Setting<Settings>] = [
      Setting("momentum", \.momentum, help: "how much of the last step is kept, 0 to 1")
    ]
  }

  private let settings: Settings
  package let schedule: Schedule
  package private(set) var updates = 0
  /// m, the decaying sum of the gradients.
  package private(set) var momentum: [Float]

  package var count: Int { momentum.count }

  package static func check(_ settings: Settings) throws(SettingsError) {
    _ = try inRange(settings.momentum, "momentum", 0...1)
  }

  package init(_ settings: Settings, schedule: Schedule, count: Int) {
    self.settings = settings
    self.schedule = schedule
    momentum = Array(repeating: 0, count: count)
  }

  package mutating func update(_ theta: inout [Float], along gradient: [Float]) {
    check(theta, gradient)
    let rate = rate
    let decay = Float(settings.momentum)
    for index in theta.indices {
      momentum[index] = gradient[index].addingProduct(decay, momentum[index])
      theta[index].addProduct(-rate, momentum[index])
    }
    updates += 1
  }
}
