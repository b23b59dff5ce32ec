import Tasks
import Trainer
import Viewer

/// What a window of recorded episodes shows when; it knows of no window.
struct Player {
  /// What only the owner of the window can do.
  enum Request: Equatable { case save, quit }

  let environment: String
  private(set) var playlist: Playlist
  /// Counts from 0; each has a seed of its own.
  private(set) var episode = 0
  /// Simulated seconds since the episode began.
  private(set) var position = 0.0
  private(set) var speed = PlaybackSpeed()
  private(set) var isPaused = false
  private(set) var camera: Camera
  private(set) var showsInformation = true
  private(set) var showsHelp = false
  /// A message and the seconds that it is still to be seen.
  private var notice: (text: String, seconds: Double)?
  /// Seconds that the episode's last state has been shown.
  private var secondsAtEnd = 0.0
  private var recordings: RecordingCache
  /// What was played last, and what of later cannot be played and why.
  private var latest: EpisodeRecording?
  private var problem: (iteration: Int, episode: Int, cause: String)?

  /// Seconds for which an episode's last state stays.
  static let hold = 1.0
  /// After a stall, such as a laptop's sleep, it goes on where it was.
  static let longestFrame = 0.25
  /// Seconds for which a message stays.
  static let noticeDuration = 3.0

  /// - Parameter record: Records an episode of an iteration's policy when it is first shown.
  init(
    of environment: String, _ playlist: Playlist, camera: Camera = .tracking,
    record: @escaping RecordingCache.Recorder
  ) {
    self.environment = environment
    self.playlist = playlist
    self.camera = camera
    recordings = RecordingCache(record)
  }

  /// Does what a key asks for, or says who must.
  mutating func handle(_ event: ViewerEvent) -> Request? {
    guard case .key(let key) = event else { return .quit }
    switch key {
    case .escape, .character("q"): return .quit
    case .character("s"):
      // A picture of this playback and not of an earlier picture's name.
      notice = nil
      return .save
    case .space: isPaused.toggle()
    case .right: move(by: 1)
    case .left: move(by: -1)
    case .character("+"), .character("="): speed.raise()
    case .character("-"): speed.lower()
    case .character("r"): beginNextEpisode()
    case .tab: camera = camera == .tracking ? .free : .tracking
    case .character("i"): showsInformation.toggle()
    case .character("h"): showsHelp.toggle()
    default: break
    }
    return nil
  }

  /// Lets time go by.
  ///
  /// - Parameter seconds: By the clock on the wall.
  mutating func advance(by seconds: Double) throws {
    if let left = notice?.seconds { notice?.seconds = left - seconds }
    if let left = notice?.seconds, left <= 0 { notice = nil }
    guard !isPaused else { return }
    let duration = try recording().duration
    if position < duration && !hasProblem {
      let seconds = min(seconds, Self.longestFrame)
      position = min(position + seconds * speed.factor, duration)
      return
    }
    secondsAtEnd += seconds
    guard secondsAtEnd >= Self.hold else { return }
    if playlist.movesOn && !playlist.isAtEnd {
      move(by: 1)
    } else if !hasProblem {
      beginNextEpisode()
    }
  }

  /// Shows a message for a while.
  mutating func notify(_ text: String) { notice = (text, Self.noticeDuration) }

  /// Seconds after which the picture changes by itself: none while it plays.
  var secondsOfRest: Double { isPaused ? notice?.seconds ?? .infinity : 0 }

  private mutating func move(by count: Int) {
    if playlist.move(by: count) { rewind() }
  }

  private mutating func beginNextEpisode() {
    episode += 1
    rewind()
  }

  private mutating func rewind() {
    position = 0
    secondsAtEnd = 0
  }

  private var hasProblem: Bool {
    problem.map { ($0.iteration, $0.episode) == (playlist.current, episode) } ?? false
  }

  /// The current episode; where its policy cannot be played, the one that was played before.
  private mutating func recording() throws -> EpisodeRecording {
    if let latest, hasProblem { return latest }
    do {
      let recording = try recordings.recording(of: playlist.current, episode: episode)
      latest = recording
      return recording
    } catch {
      guard let latest else { throw error }
      problem = (playlist.current, episode, "\(error)")
      return latest
    }
  }

  /// What is to be seen.
  mutating func frame() throws -> Frame {
    let recording = try recording()
    let step = recording.steps(at: position)
    var captions: [Caption] = []
    if hasProblem, let problem {
      captions.append(
        Caption(
          .topLeft,
          [.init("iteration \(problem.iteration) cannot be played", "")]
            + lines(of: problem.cause).map { .init($0, "") }))
    } else if showsInformation {
      captions.append(
        Caption(
          .topLeft,
          [
            .init("environment", environment),
            .init("iteration", "\(playlist.current)"),
            .init("seed", "\(recording.seed)"),
            .init("step", "\(step) of \(recording.states.count)" + recording.ending(after: step)),
            .init("reward", decimal(recording.returns[step], 1)),
            .init("speed", speed.text + (isPaused ? " (paused)" : "")),
            .init("help", "H"),
          ]))
    }
    if showsHelp { captions.append(Caption(.topRight, help)) }
    if let notice { captions.append(Caption(.bottomRight, [.init(notice.text, "")])) }
    return Frame(
      moment: recording.moment(at: position), camera: camera, captions: captions,
      name: "replay-\(environment)-\(playlist.current)-\(step)")
  }

  /// A text in lines of at most 60 characters.
  private func lines(of text: String) -> [String] {
    text.split(separator: " ").reduce(into: []) { lines, word in
      if let last = lines.last, last.count + word.count < 60 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
  }

  /// One picture.
  struct Frame {
    var moment: Moment
    var camera: Camera
    var captions: [Caption]
    /// The name of a file that keeps it, without `.png`.
    var name: String
  }

  private var help: [Caption.Line] {
    [
      .init("space", "pause, go on"),
      .init("left, right", "previous, next iteration"),
      .init("+, -", "twice, half the speed"),
      .init("R", "restart with the next seed"),
      .init("tab", "camera: tracking, free"),
      .init("mouse", "left: orbit, right: pan, wheel: zoom"),
      .init("I", "information"),
      .init("S", "save a PNG picture"),
      .init("H", "this help"),
      .init("Q, esc", "quit"),
      .init(
        "at the end",
        playlist.movesOn ? "next iteration; of the last, next seed" : "restart with the next seed"),
    ]
  }
}
