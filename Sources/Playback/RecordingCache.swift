import Tasks

/// Makes recordings of episodes, and keeps the latest ones as far as a bounded memory allows.
struct RecordingCache {
  /// Records an episode of an iteration's policy.
  typealias Recorder = (_ iteration: Int, _ episode: Int) throws -> EpisodeRecording

  private let record: Recorder
  /// The one that was used last comes last.
  private var kept: [(iteration: Int, episode: Int, recording: EpisodeRecording)] = []

  /// A state takes some 300 bytes, so these take some 15 MB.
  static let stateLimit = 50_000

  init(_ record: @escaping Recorder) { self.record = record }

  mutating func recording(of iteration: Int, episode: Int) throws -> EpisodeRecording {
    if let index = kept.firstIndex(where: { $0.iteration == iteration && $0.episode == episode }) {
      kept.append(kept.remove(at: index))
    } else {
      kept.append((iteration, episode, try record(iteration, episode)))
    }
    var stateCount = kept.reduce(0) { $0 + $1.recording.states.count }
    while stateCount > Self.stateLimit, kept.count > 1 {
      stateCount -= kept.removeFirst().recording.states.count
    }
    return kept[kept.count - 1].recording
  }
}
