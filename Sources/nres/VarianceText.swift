import Foundation
import Trainer

/// Variances as a table for a terminal.
struct VarianceText {
  let text: String

  init(_ records: [VarianceRecord], title: String) {
    var lines = [title, ""]
    let hasBias = records.contains { $0.bias != nil }
    var titles = ["estimator", "K", "total variance", "at equal steps", "bias", "cosine"]
    titles += ["env steps", "samples"]
    var table = [titles] + records.map(Self.cells)
    if !hasBias { for row in table.indices { table[row].remove(at: 4) } }
    lines += textTable(table)
    let errors = records.compactMap { record in
      record.totalVariance.flatMap { variance in
        record.totalVarianceError.flatMap { variance > 0 ? $0 / variance : nil }
      }
    }
    if let least = errors.min(), let most = errors.max() {
      let (low, high) = (Self.percent(least), Self.percent(most))
      lines += [
        "",
        "relative error of the variances: "
          + (low == high ? "\(low) %" : "from \(low) % to \(high) %"),
      ]
    }
    text = lines.joined(separator: "\n")
  }

  private static func cells(_ record: VarianceRecord) -> [String] {
    var cells = [record.name, record.noisePeriod.map { "\($0)" } ?? "-"]
    cells.append(text(record.totalVariance, record.totalVarianceError))
    cells.append(record.varianceAtEqualSteps.map { text($0) } ?? "-")
    cells.append(biasText(record))
    let error = record.cosineError.map { " ± " + decimal($0, 3) } ?? ""
    cells.append(record.cosine.map { decimal($0, 3) + error } ?? "-")
    cells.append(decimal(record.environmentSteps, 0))
    cells.append("\(record.samples)")
    return cells
  }

  private static func text(_ value: Double) -> String { String(format: "%.4g", value) }

  private static func text(_ value: Double?, _ error: Double?) -> String {
    guard let value else { return "-" }
    return text(value) + (error.map { String(format: " ± %.2g", $0) } ?? "")
  }

  private static func biasText(_ record: VarianceRecord) -> String {
    guard let bias = record.bias, let interval = record.biasInterval else { return "-" }
    return text(bias) + " [\(text(interval[0])), \(text(interval[1]))]"
  }

  private static func percent(_ part: Double) -> String { decimal(100 * part, part < 0.1 ? 1 : 0) }
}
