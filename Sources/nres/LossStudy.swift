import Foundation
import Randomness
import Tasks
import Trainer
import Unrolls
import Workers

/// Computes losses of a system of two parameters where pictures need them.
struct LossStudy<System: ListedSystem> {
  private let map: LossMap
  private let surface: LossSurface<System>
  private let smoothing: LossSurface<System>.Smoothing?
  private let pool: WorkerPool
  /// What the pictures are called: after all that the losses depend on.
  let title: String
  /// Gets a line about what is done, now and then, of what takes longer than `patience`.
  private let report: (String) -> Void
  private let patience: Duration

  /// - Parameter seed: Of the noise.
  init(
    _ system: System, _ map: LossMap, smoothing: LossSurface<System>.Smoothing?, seed: Int,
    threads: Int?,
    patience: Duration = .seconds(1), report: @escaping (String) -> Void
  ) throws {
    self.map = map
    surface = LossSurface(system, key: PRNGKey(seed: UInt64(seed)))
    (self.smoothing, pool) = (smoothing, try WorkerPool(threads: threads))
    (self.patience, self.report) = (patience, report)
    let noise = smoothing.map { smoothing in
      "  σ \(String(format: "%g", smoothing.sigma))"
        + "  \(smoothing.draws) draw\(smoothing.draws == 1 ? "" : "s")  seed \(seed)"
    }
    let timestep = String(format: "%g", system.timestep)
    title = "\(System.id)  T \(system.horizon)  dt \(timestep)" + (noise ?? "")
  }

  func losses(over grid: (xs: [Double], ys: [Double])) throws -> GridLosses {
    let places = grid.ys.flatMap { y in grid.xs.map { x in Place(x: x, y: y) } }
    return GridLosses(
      map: map, xs: grid.xs, ys: grid.ys, losses: try losses(at: places, "grid"), title: title)
  }

  func losses(from start: Place, to end: Place, count: Int) throws -> LineLosses {
    let places = zip(
      spaced(start.x, end.x, count: count), spaced(start.y, end.y, count: count)
    ).map { Place(x: $0, y: $1) }
    return LineLosses(
      map: map, places: places, losses: try losses(at: places, "line"), title: title)
  }

  private func losses(at places: [Place], _ what: String) throws -> Losses {
    let thetas = places.map { [Float($0.x), Float($0.y)] }
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
