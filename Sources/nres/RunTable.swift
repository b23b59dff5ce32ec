import Foundation
import Records
import Trainer

/// Runs as lines of columns. Where there is little room the beginnings of long names are left out, then the
/// last columns, and then more of the names.
struct RunTable {
  private struct Column {
    var title: String
    var isNumber = false
    var texts: [String]

    var width: Int { texts.reduce(title.count) { max($0, $1.count) } }

    /// Leaves out the beginnings of texts of more than `count` characters.
    mutating func cut(to count: Int) {
      texts = texts.map { $0.count > count ? "…" + $0.suffix(count - 1) : $0 }
    }

    /// Its line `row`; the title for nil.
    func text(_ row: Int?, width: Int) -> String {
      let text = row.map { texts[$0] } ?? title
      let space = String(repeating: " ", count: max(0, width - text.count))
      return isNumber ? space + text : text + space
    }
  }

  private let columns: [Column]
  private let count: Int
  private static let gap = 2

  init(_ rows: [RunRow]) {
    func column(
      _ title: String, isNumber: Bool = false, _ text: (RunRow) -> String?
    ) -> Column {
      Column(title: title, isNumber: isNumber, texts: rows.map { text($0) ?? "-" })
    }
    count = rows.count
    // What matters most comes first.
    columns = [
      column("run") { printable($0.name) },
      column("state") { $0.state.rawValue },
      column("iteration", isNumber: true) { row in
        row.iteration.flatMap { done in row.iterations.map { "\(done)/\($0)" } }
      },
      column("latest") { $0.latestText },
      column("best") { $0.bestText },
      column("age", isNumber: true) { $0.age.map { age($0) } },
      column("env steps", isNumber: true) { $0.envSteps.map { "\($0)" } },
      column("seed", isNumber: true) { $0.seed },
      column("experiment") { $0.experiment.map { printable($0) } },
      column("size", isNumber: true) { sizeText($0.bytes) },
    ]
  }

  /// The lines, the titles first.
  ///
  /// - Parameter room: The longest that a line may be; nil for any.
  func text(columns room: Int?) -> String {
    var shown = columns
    func width() -> Int { shown.reduce(-Self.gap) { $0 + $1.width + Self.gap } }
    if let room {
      shown[0].cut(to: max(32, room / 3))
      while shown.count > 2, width() > room { shown.removeLast() }
      shown[0].cut(to: max(8, shown[0].width - max(0, width() - room)))
    }
    let widths = shown.map(\.width)
    let lines = ([nil] + (0..<count).map { $0 }).map { (row: Int?) in
      let line = zip(shown, widths).map { $0.text(row, width: $1) }
        .joined(separator: String(repeating: " ", count: Self.gap))
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    return lines.joined(separator: "\n")
  }
}
