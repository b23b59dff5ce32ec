import Distribution
import Foundation
import Trainer

/// Shows how far something is: one live line on a terminal, plain lines now and then elsewhere.
final class ProgressLine {
  /// How often it is shown where there is no terminal.
  enum Elsewhere {
    case everyFewSeconds
    case never
  }

  /// How long what is under way stays unsaid elsewhere.
  private static let patience = Duration.seconds(2)

  private let isLive: Bool
  private let interval: Duration?
  private var lastShown: ContinuousClock.Instant?
  private var pending: ((Int) -> String)?
  private var width = 0
  /// Shows a line unless another comes first.
  private var waiting: DispatchWorkItem?
  /// Since when there were only lines of what is under way.
  private var underWaySince: ContinuousClock.Instant?

  init(elsewhere: Elsewhere = .everyFewSeconds) {
    // What mpirun gives a program looks like a terminal even where its own output is none.
    isLive = isatty(STDOUT_FILENO) == 1 && Together.exchange == nil
    switch elsewhere {
    case _ where isLive: interval = .milliseconds(100)
    case .everyFewSeconds: interval = .seconds(5)
    case .never: interval = nil
    }
  }

  /// Shows `line` if the last one has been seen for a while; else keeps it for the end.
  ///
  /// - Parameter line: Given the columns there are room for, makes the line, which is cut where it
  ///   is longer all the same.
  func show(_ line: @escaping (_ columns: Int) -> String) {
    waiting?.cancel()
    if underWaySince != nil { lastShown = nil }
    underWaySince = nil
    present(line)
  }

  private func present(_ line: @escaping (_ columns: Int) -> String) {
    guard let interval else { return }
    pending = line
    let now = ContinuousClock.now
    if let lastShown, now - lastShown < interval { return }
    lastShown = now
    flush()
  }

  /// Shows what is under way until it is done; elsewhere than on a terminal only if that takes seconds.
  func showMeanwhile(_ line: @escaping (_ columns: Int) -> String) {
    let now = ContinuousClock.now
    let since = underWaySince ?? now
    underWaySince = since
    if isLive { lastShown = nil }
    if isLive || now - since > Self.patience { return present(line) }
    guard interval != nil else { return }
    waiting?.cancel()
    let text = line(.max)
    let showing = DispatchWorkItem { tell(text) }
    waiting = showing
    let rest = (Self.patience - (now - since)) / .seconds(1)
    DispatchQueue.global().asyncAfter(deadline: .now() + rest, execute: showing)
    lastShown = since + Self.patience
  }

  /// Shows a line that stays, once.
  func note(_ line: String) {
    pending = nil
    leave()
    tell(line)
  }

  /// Shows the last state and leaves the line.
  func finish() {
    waiting?.cancel()
    flush()
    leave()
  }

  private func leave() {
    if width > 0 { tell("") }
    width = 0
  }

  private func flush() {
    guard let line = pending else { return }
    pending = nil
    guard isLive else { return tell(line(.max)) }
    // Many terminals go to the next line once the last column is filled.
    let room = max(1, terminalColumns - 1)
    let text = shortened(line(room), to: room)
    // Spaces wipe what a longer line left.
    let length = max(text.count, min(width, room))
    tell("\r" + text.padding(toLength: length, withPad: " ", startingAt: 0), terminator: "")
    width = text.count
  }
}

/// `text` in at most `count` characters: with less space between its parts, or else cut.
func shortened(_ text: String, to count: Int) -> String {
  if text.count <= count { return text }
  let text = text.replacingOccurrences(of: "   ", with: " ")
  return text.count <= count ? text : text.prefix(max(0, count - 1)) + "…"
}

/// The columns of the terminal at standard output, as wide as it is at this moment; 80 where it
/// does not say.
private var terminalColumns: Int { terminalSize.columns }

/// The same with its rows, 24 where it does not say.
var terminalSize: (columns: Int, rows: Int) {
  var size = winsize()
  guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
  return (Int(size.ws_col), size.ws_row > 0 ? Int(size.ws_row) : 24)
}

/// How long a line on standard output may be; nil where that is no terminal.
var outputColumns: Int? { isatty(STDOUT_FILENO) == 1 ? terminalColumns : nil }

extension TrainingProgress {
  /// The progress in a line, which says less where it would have more than `columns` characters.
  func line(_ headline: Headline, columns: Int) -> String {
    let line = line(headline, hasSpeed: true)
    return line.count <= columns ? line : self.line(headline, hasSpeed: false)
  }

  private func line(_ headline: Headline, hasSpeed: Bool) -> String {
    if let burnIn {
      return "burn-in: \(burnIn.done) of \(burnIn.of) particles have run their first episode"
    }
    var parts = ["iteration \(iteration)/\(iterations)"]
    if isEvaluating {
      parts[0] = "evaluating " + parts[0]
    } else if stepsPerSecond > 0, hasSpeed {
      parts.append("\(Int(stepsPerSecond.rounded())) env steps/s")
    }
    if let latest {
      let age = evaluatedIteration.map { $0 == iteration ? "" : " at iteration \($0)" } ?? ""
      parts.append(headline.text(latest.value) + age)
    } else if let meanLoss {
      parts.append("mean loss \(decimal(meanLoss, headline.decimals))")
    }
    if let slowest, slowest.ratio >= 1.05 {
      parts.append(
        "\(Together.name(of: slowest.rank)) takes "
          + String(format: "%.2f of the mean", slowest.ratio))
    }
    if let left = secondsLeft, iteration < iterations {
      parts.append("\(clock(left)) left")
    }
    return parts.joined(separator: "   ")
  }
}

extension Headline {
  /// "reward 324.1"
  func text(_ value: Double) -> String { "\(label) \(decimal(value, decimals))" }
}

/// Seconds as `1:05` or `1:02:05`.
func clock(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "?" }
  let total = Int(seconds.rounded())
  let (hours, minutes) = (total / 3600, total / 60 % 60)
  return hours > 0
    ? String(format: "%d:%02d:%02d", hours, minutes, total % 60)
    : String(format: "%d:%02d", minutes, total % 60)
}
