import Distribution
import Foundation

/// Shows how far several things are: some live lines on a terminal, the first of them now and then elsewhere.
final class ProgressBoard {
  private let isLive: Bool
  private let elsewhere = ProgressLine()
  private var lastShown: ContinuousClock.Instant?
  /// How many lines are there.
  private var height = 0

  /// The start of the line, and what wipes all from there on.
  private static let wipe = "\r\u{1b}[J"

  init() { isLive = isatty(STDOUT_FILENO) == 1 && Together.exchange == nil }

  /// Shows `lines` if the last ones have been seen for a while.
  ///
  /// - Parameter lines: Given the columns and rows there are room for; what goes beyond is cut.
  func show(_ lines: (_ columns: Int, _ rows: Int) -> [String]) {
    guard isLive else {
      let first = lines(.max, 1).first ?? ""
      return elsewhere.show { _ in first }
    }
    let now = ContinuousClock.now
    if let lastShown, now - lastShown < .milliseconds(300) { return }
    lastShown = now
    let (columns, rows) = terminalSize
    let room = (columns: max(1, columns - 1), rows: max(1, rows - 2))
    let shown = lines(room.columns, room.rows).prefix(room.rows)
      .map { shortened($0, to: room.columns) }
    tell(back + Self.wipe + shown.joined(separator: "\n") + "\n", terminator: "")
    height = shown.count
  }

  /// Shows a line that stays, above the others.
  func note(_ line: String) {
    guard isLive else { return elsewhere.note(line) }
    tell(back + Self.wipe + line)
    (height, lastShown) = (0, nil)
  }

  /// Takes the lines away.
  func finish() {
    guard isLive else { return elsewhere.finish() }
    if height > 0 { tell(back + Self.wipe, terminator: "") }
    height = 0
  }

  /// The way back to the first line.
  private var back: String { height > 0 ? "\u{1b}[\(height)A" : "" }
}
