/// Gradient descent with a heavy ball: m ← g + 0.9 · m, θ ← θ − rate · m.
///
/// The ball is not damped: under an unchanging gradient g it tends to 10 · g.
public struct SGDM: Optimizer {
  public static let id = "SGDM"
  /// How much of m each update keeps.
  public static let decay: Float = 0.9

  public let schedule: Schedule
  public private(set) var updates = 0
  /// m, the decaying sum of the gradients.
  public private(set) var momentum: [Float]

  public var count: Int { momentum.count }

  public init(schedule: Schedule, count: Int) {
    self.schedule = schedule
    momentum = Array(repeating: 0, count: count)
  }

  public mutating func update(_ theta: inout [Float], along gradient: [Float]) {
    check(theta, gradient)
    let rate = rate
    for index in theta.indices {
      momentum[index] = gradient[index].addingProduct(SGDM.decay, momentum[index])
      theta[index].addProduct(-rate, momentum[index])
    }
    updates += 1
  }
}
