import Foundation
import Randomness
import Tasks
import Trainer
import Viewer
import Workers

/// A θ of the Lorenz system.
struct Place: Hashable {
  var logA: Double
  var logR: Double

  /// Where training starts unless it is told otherwise.
  static let start = Place(logA: Lorenz.paperTheta.logA, logR: Lorenz.paperTheta.logR)
  static let truth = Place(logA: log(10), logR: log(28))
}

/// Computes losses of the Lorenz system where pictures need them.
struct LossStudy {
  private let surface: LossSurface<Lorenz>
  private let smoothing: LossSurface<Lorenz>.Smoothing?
  private let pool: WorkerPool
  /// What the pictures are called: after all that the losses depend on.
  let title: String
  /// Gets a line about what is done, now and then, of what takes longer than `patience`.
  private let report: (String) -> Void
  private let patience: Duration

  /// - Parameter seed: Of the noise.
  init(
    _ lorenz: Lorenz, smoothing: LossSurface<Lorenz>.Smoothing?, seed: Int, threads: Int?,
    patience: Duration = .seconds(1), report: @escaping (String) -> Void
  ) throws {
    surface = LossSurface(lorenz, key: PRNGKey(seed: UInt64(seed)))
    (self.smoothing, pool) = (smoothing, try WorkerPool(threads: threads))
    (self.patience, self.report) = (patience, report)
    let noise = smoothing.map { smoothing in
      "  σ \(String(format: "%g", smoothing.sigma))"
        + "  \(smoothing.draws) draw\(smoothing.draws == 1 ? "" : "s")  seed \(seed)"
    }
    let timestep = String(format: "%g", lorenz.timestep)
    title = "lorenz  T \(lorenz.horizon)  dt \(timestep)" + (noise ?? "")
  }

  func losses(over grid: (xs: [Double], ys: [Double])) throws -> GridLosses {
    let places = grid.ys.flatMap { y in grid.xs.map { x in Place(logA: x, logR: y) } }
    return GridLosses(
      xs: grid.xs, ys: grid.ys, losses: try losses(at: places, "grid"), title: title)
  }

  func losses(from start: Place, to end: Place, count: Int) throws -> LineLosses {
    let places = zip(
      spaced(start.logA, end.logA, count: count), spaced(start.logR, end.logR, count: count)
    ).map { Place(logA: $0, logR: $1) }
    return LineLosses(
      places: places, losses: try losses(at: places, "line"), title: title)
  }

  private func losses(at places: [Place], _ what: String) throws -> Losses {
    let thetas = places.map { [Float($0.logA), Float($0.logR)] }
    let start = ContinuousClock.now
    func show(_ done: Int, _ doing: String) throws {
      try stopIfAsked()
      guard ContinuousClock.now - start >= patience else { return }
      report("\(doing) the \(what): \(done)/\(thetas.count)")
    }
    let plain = try surface.losses(at: thetas, pool: pool) { try show($0, "computing") }
    guard let smoothing else { return Losses(plain: plain) }
    let smoothed = try surface.losses(at: thetas, smoothing: smoothing, pool: pool) {
      try show($0, "smoothing")
    }
    return Losses(plain: plain, smoothed: smoothed)
  }

  private func stopIfAsked() throws {
    if Interrupt.wasRequested { throw Interrupt.Requested() }
  }
}

/// Losses, one a place.
struct Losses {
  var plain: [Double]
  var smoothed: [Double]?
}

/// Equally spaced numbers, both ends included.
func spaced(_ first: Double, _ last: Double, count: Int) -> [Double] {
  (0..<count - 1).map { first + (last - first) * Double($0) / Double(count - 1) } + [last]
}
