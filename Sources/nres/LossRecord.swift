import Foundation
import Tasks
import Trainer
import Viewer

/// What a loss record can be written as.
enum LossFormat: String, CaseIterable {
  case png, csv
}

/// Losses that can be drawn and written as a table.
protocol LossRecord {
  func picture() -> Picture
  /// CSV with a header.
  func table() -> String
}

extension LossRecord {
  func data(as format: LossFormat) throws -> Data {
    switch format {
    case .png: Data(try picture().png())
    case .csv: Data(table().utf8)
    }
  }
}

/// Losses over a grid of θ, rows of growing log r.
struct GridLosses: LossRecord {
  var xs: [Double]
  var ys: [Double]
  var losses: Losses
  var title: String

  func picture() -> Picture {
    SurfacePlot(
      xs: xs, ys: ys, losses: losses.smoothed ?? losses.plain, xLabel: "log a", yLabel: "log r",
      title: title,
      marks: [
        ("truth", Place.truth.logA, Place.truth.logR, Color(220, 50, 30)),
        ("start", Place.start.logA, Place.start.logR, .black),
      ]
    ).picture()
  }

  func table() -> String {
    let places = ys.flatMap { y in xs.map { x in "\(x),\(y)" } }
    return lines("log_a,log_r", places, losses)
  }
}

/// Losses along a line between two θ's.
struct LineLosses: LossRecord {
  /// At least two.
  var places: [Place]
  var losses: Losses
  var title: String

  func picture() -> Picture {
    func label(_ place: Place) -> String {
      String(format: "(%.4g, %.4g)", place.logA, place.logR)
    }
    return LinePlot(
      losses: losses.plain, smoothedLosses: losses.smoothed,
      startLabel: "θ = " + label(places[0]), endLabel: label(places[places.count - 1]),
      title: title
    ).picture()
  }

  func table() -> String { lines("log_a,log_r", places.map { "\($0.logA),\($0.logR)" }, losses) }
}

/// A header and a line a place.
private func lines(_ header: String, _ places: [String], _ losses: Losses) -> String {
  guard let smoothed = losses.smoothed else {
    return zip(places, losses.plain).reduce(into: header + ",loss\n") { $0 += "\($1.0),\($1.1)\n" }
  }
  return zip(places, zip(losses.plain, smoothed))
    .reduce(into: header + ",loss,smoothed_loss\n") { $0 += "\($1.0),\($1.1.0),\($1.1.1)\n" }
}
