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

/// A θ of two parameters.
struct Place: Hashable {
  var x: Double
  var y: Double

  init(x: Double, y: Double) { (self.x, self.y) = (x, y) }

  /// - Parameter theta: Two numbers.
  init(_ theta: [Double]) { self.init(x: theta[0], y: theta[1]) }
}

/// Losses over a grid of θ, rows of the growing second parameter.
struct GridLosses: LossRecord {
  var map: LossMap
  var xs: [Double]
  var ys: [Double]
  var losses: Losses
  var title: String

  func picture() -> Picture {
    let (truth, start) = (Place(map.truth), Place(map.start))
    return SurfacePlot(
      xs: xs, ys: ys, losses: losses.smoothed ?? losses.plain, xLabel: map.labels[0],
      yLabel: map.labels[1], title: title,
      marks: [
        ("truth", truth.x, truth.y, Color(220, 50, 30)), ("start", start.x, start.y, .black),
      ]
    ).picture()
  }

  func table() -> String {
    let places = ys.flatMap { y in xs.map { x in "\(x),\(y)" } }
    return lines(map.names.joined(separator: ","), places, losses)
  }
}

/// Losses along a line between two θ's.
struct LineLosses: LossRecord {
  var map: LossMap
  /// At least two.
  var places: [Place]
  var losses: Losses
  var title: String

  func picture() -> Picture {
    func label(_ place: Place) -> String { String(format: "(%.4g, %.4g)", place.x, place.y) }
    return LinePlot(
      losses: losses.plain, smoothedLosses: losses.smoothed,
      startLabel: "θ = " + label(places[0]), endLabel: label(places[places.count - 1]),
      title: title
    ).picture()
  }

  func table() -> String {
    lines(map.names.joined(separator: ","), places.map { "\($0.x),\($0.y)" }, losses)
  }
}

extension LossMap {
  /// The parameters' names as words: `log a`.
  var labels: [String] { names.map { $0.replacing("_", with: " ") } }
}

/// A header and a line a place.
private func lines(_ header: String, _ places: [String], _ losses: Losses) -> String {
  guard let smoothed = losses.smoothed else {
    return zip(places, losses.plain).reduce(into: header + ",loss\n") { $0 += "\($1.0),\($1.1)\n" }
  }
  return zip(places, zip(losses.plain, smoothed))
    .reduce(into: header + ",loss,smoothed_loss\n") { $0 += "\($1.0),\($1.1.0),\($1.1.1)\n" }
}
