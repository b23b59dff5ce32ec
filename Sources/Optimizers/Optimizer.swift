package import Settings

/// A rule that moves the parameters θ against a gradient, with whatever it remembers of the past.
///
/// Arithmetic is float32, with one rounding where XLA compiles a product and a sum into a fused
/// multiply-add: θ is that of optax 0.1.5 under jax 0.4.13's `jit` on a processor that has the
/// instruction, bit for bit. optax's operations one at a time round each product too (and Adam
/// divides twice); a step then differs by a few ulp of the terms it is summed from, and θ by 1 ulp
/// more.
///
/// Coding an optimizer and decoding it goes on exactly where it was.
package protocol Optimizer: Sendable, Codable {
  /// Its name in a specification, in upper case.
  static var id: String { get }

  /// What it has besides a schedule: a momentum. A specification gives them in brackets.
  associatedtype Settings: SettingsGroup & Codable = NoSettings

  /// Refuses settings that cannot be.
  static func check(_ settings: Settings) throws(SettingsError)

  /// The optimizer before its first update, for `count` parameters; `settings` were checked.
  init(_ settings: Settings, schedule: Schedule, count: Int)

  var schedule: Schedule { get }

  /// The number of parameters it was made for.
  var count: Int { get }

  /// The number of updates done.
  var updates: Int { get }

  /// Moves `theta` against `gradient`; both have ``count`` elements.
  mutating func update(_ theta: inout [Float], along gradient: [Float])
}

extension Optimizer {
  package static func check(_ settings: Settings) {}

  package static var ownGroup: any SettingsGroup.Type { Settings.self }

  /// The optimizer with its usual settings before its first update.
  package init(schedule: Schedule, count: Int) {
    self.init(Settings(), schedule: schedule, count: count)
  }

  /// The learning rate of the next update.
  package var rate: Float { schedule.rate(at: updates) }

  func check(_ theta: [Float], _ gradient: [Float]) {
    precondition(
      theta.count == count && gradient.count == count,
      "\(Self.id) for \(count) parameters given \(theta.count) and a gradient of \(gradient.count)")
  }
}
