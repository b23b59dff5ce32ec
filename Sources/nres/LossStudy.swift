import Foundation
import Tasks
import Trainer
import Viewer
import Workers

/// A θ of the Lorenz system.
struct Place: Hashable {
  var logA: Double
  var logR: Double

  /// Where training starts unless it is told otherwise.
  static let start = Place(logA: 3.116, logR: 3.7)
  static let truth = Place(logA: log(10), logR: log(28))
}

/// Computes losses of the Lorenz system where pictures need them.
struct LossStudy {
  var surface: LossSurface<Lorenz>
  var smoothing: LossSurface<Lorenz>.Smoothing?
  var pool: WorkerPool

  func losses(over grid: (xs: [Double], ys: [Double])) throws -> GridLosses {
    let places = grid.ys.flatMap { y in grid.xs.map { x in Place(logA: x, logR: y) } }
    return GridLosses(
      xs: grid.xs, ys: grid.ys, losses: try losses(at: places, "grid"), smoothing: smoothing)
  }

  func losses(from start: Place, to end: Place, count: Int) throws -> LineLosses {
    let places = zip(
      spaced(start.logA, end.logA, count: count), spaced(start.logR, end.logR, count: count)
    ).map { Place(logA: $0, logR: $1) }
    return LineLosses(
      places: places, losses: try losses(at: places, "line"), smoothing: smoothing)
  }

  private func losses(at places: [Place], _ what: String) throws -> Losses {
    let thetas = places.map { [Float($0.logA), Float($0.logR)] }
    let plain = try surface.losses(at: thetas, pool: pool) { _ in try stopIfAsked() }
    guard let smoothing else { return Losses(plain: plain) }
    let progress = ProgressLine()
    defer { progress.finish() }
    let smoothed = try surface.losses(at: thetas, smoothing: smoothing, pool: pool) { done in
      try stopIfAsked()
      progress.show("smoothing the \(what): \(done)/\(thetas.count)")
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
