public import Settings

/// Gradient descent: θ ← θ − rate · g.
public struct SGD: Optimizer {
  public static let id = "SGD"

  public let schedule: Schedule
  public let count: Int
  public private(set) var updates = 0

  public init(_ settings: NoSettings, schedule: Schedule, count: Int) {
    self.schedule = schedule
    self.count = count
  }

  public mutating func update(_ theta: inout [Float], along gradient: [Float]) {
    check(theta, gradient)
    let rate = rate
    for index in theta.indices { theta[index].addProduct(-rate, gradient[index]) }
    updates += 1
  }
}
