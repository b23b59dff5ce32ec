public import Settings

/// Gradient descent with a heavy ball: m ← g + μ · m, θ ← θ − rate · m.
///
/// The ball is not damped: under an unchanging gradient g it tends to g / (1 − μ).
public struct SGDM: Optimizer {
  public static let id = "SGDM"

  public struct Settings: SettingsGroup, Codable {
    /// μ: how much of m each update keeps.
    public var momentum = 0.9

    public init() {}

    public static let settings: [Setting<Settings>] = [
      Setting("momentum", \.momentum, help: "how much of the last step is kept, 0 to 1")
    ]
  }

  private let settings: Settings
  public let schedule: Schedule
  public private(set) var updates = 0
  /// m, the decaying sum of the gradients.
  public private(set) var momentum: [Float]

  public var count: Int { momentum.count }

  public static func check(_ settings: Settings) throws(SettingsError) {
    _ = try inRange(settings.momentum, "momentum", 0...1)
  }

  public init(_ settings: Settings, schedule: Schedule, count: Int) {
    self.settings = settings
    self.schedule = schedule
    momentum = Array(repeating: 0, count: count)
  }

  public mutating func update(_ theta: inout [Float], along gradient: [Float]) {
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
