import Tasks
import Viewer

extension EpisodeRecording {
  /// Steps done `seconds` after the reset.
  func steps(at seconds: Double) -> Int {
    // A little more, so that a time that is a whole number of steps but for rounding counts them.
    min(max(Int(seconds / stepDuration + 1e-6), 0), states.count)
  }

  /// `, terminated` where `step` is the episode's last.
  func ending(after step: Int) -> String {
    step == states.count ? end.map { ", \($0.rawValue)" } ?? "" : ""
  }

  /// What there is to see `seconds` after the reset; at the end, the state before the last step.
  func moment(at seconds: Double) -> Moment {
    let place = max(seconds / stepDuration, 0)
    let step = Int(min(place, Double(states.count)))
    guard step + 1 < states.count else { return Moment(states[states.count - 1]) }
    return Moment(
      states[step], toward: states[step + 1], fraction: place - Double(step))
  }
}
