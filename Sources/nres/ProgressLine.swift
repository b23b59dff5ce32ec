import Foundation
import Trainer

/// Shows how far something is: one live line on a terminal, a plain line every few seconds elsewhere.
final class ProgressLine {
  private let isLive: Bool
  private let interval: Duration
  private var lastShown: ContinuousClock.Instant?
  private var pending: (() -> String)?
  private var width = 0
  /// Shows a line unless another comes first.
  private var waiting: DispatchWorkItem?

  init(isLive: Bool = isatty(STDOUT_FILENO) == 1) {
    self.isLive = isLive
    interval = isLive ? .milliseconds(100) : .seconds(5)
  }

  /// Shows `line` if the last one has been seen for a while; else keeps it for the end.
  func show(_ line: @autoclosure @escaping () -> String) {
    waiting?.cancel()
    pending = line
    let now = ContinuousClock.now
    if let lastShown, now - lastShown < interval { return }
    lastShown = now
    flush()
  }

  /// Shows a line until the next one is there; elsewhere than on a terminal only if that takes seconds.
  func showMeanwhile(_ line: String) {
    if isLive {
      show(line)
      lastShown = nil
      return
    }
    let showing = DispatchWorkItem {
      print(line)
      fflush(nil)
    }
    waiting = showing
    DispatchQueue.global().asyncAfter(deadline: .now() + 2, execute: showing)
  }

  /// Shows a line that stays, once.
  func note(_ line: String) {
    pending = nil
    if isLive && width > 0 { print() }
    width = 0
    print(line)
  }

  /// Shows the last state and leaves the line.
  func finish() {
    waiting?.cancel()
    flush()
    if isLive && width > 0 { print() }
    width = 0
  }

  private func flush() {
    guard let line = pending?() else { return }
    pending = nil
    guard isLive else { return print(line) }
    // Spaces wipe what a longer line left.
    print(
      "\r" + line.padding(toLength: max(width, line.count), withPad: " ", startingAt: 0),
      terminator: "")
    fflush(nil)
    width = line.count
  }
}

extension TrainingProgress {
  /// The progress in a line.
  func line(_ headline: Headline) -> String {
    if isStarting { return "burn-in: every particle runs its first episode" }
    var parts = ["iteration \(iteration)/\(iterations)"]
    if isEvaluating {
      parts[0] = "evaluating " + parts[0]
    } else if stepsPerSecond > 0 {
      parts.append("\(Int(stepsPerSecond.rounded())) env steps/s")
    }
    if let latest {
      parts.append(headline.text(latest.value))
    } else if let meanLoss {
      parts.append("mean loss \(decimal(meanLoss, headline.decimals))")
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
