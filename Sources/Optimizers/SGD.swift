package import Settings

/// Gradient descent: θ ← θ − rate · g.
package struct SGD: Optimizer {
  package static let id = "SGD"

  package let schedule: Schedule
  package let count: Int
  package private(set) var updates = 0

  package init(_ settings: NoSettings, schedule: Schedule, count: Int) {
    self.schedule = schedule
    self.count = count
  }

  package mutating func update(_ theta: inout [Float], along gradient: [Float]) {
    check(theta, gradient)
    let rate = rate
    for index in theta.indices { theta[index].addProduct(-rate, gradient[index]) }
    updates += 1
  }
}
