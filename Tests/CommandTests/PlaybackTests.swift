import Envs
import Parameters
import Tasks
import TestSupport
import Testing
import Viewer

@testable import nres

/// What a window shows when, without a window.
struct PlaybackTests {
  /// Seconds of Swimmer's step and of an episode of 25.
  static let step = 0.04
  static let duration = 1.0

  /// A playback of episodes of 25 steps whose seed is 100 · iteration + episode.
  private func playback(_ playlist: Playlist) throws -> Playback {
    let task = ControlTask(
      simulator: try Simulator(Locomotion.swimmer, timeLimit: 25), initialization: .normal)
    let theta = [Float](repeating: 0.5, count: task.layout.count)
    return Playback(of: "Swimmer-v4", playlist) {
      try task.recordEpisode(theta: theta, seed: UInt32(100 * $0 + $1))
    }
  }

  /// Iterations 0 to 4, of which the third is looked at.
  private func middle() throws -> Playback { try playback(Playlist(of: 2, among: Array(0..<5))) }

  private func press(_ playback: inout Playback, _ keys: ViewerKey...) {
    for key in keys { #expect(playback.handle(.key(key)) == nil) }
  }

  /// Values of the overlay by their names.
  private func overlay(_ playback: inout Playback) throws -> [String: String] {
    let captions = try playback.frame().captions.filter { $0.corner == .topLeft }
    return Dictionary(
      uniqueKeysWithValues: captions.flatMap(\.lines).map { ($0.name, $0.value) })
  }

  @Test func overlayTellsWhatIsSeen() throws {
    var playback = try middle()
    try playback.advance(by: 0.1)
    let overlay = try overlay(&playback)
    let task = ControlTask(simulator: try Simulator(Locomotion.swimmer, timeLimit: 25))
    let recording = try task.recordEpisode(
      theta: [Float](repeating: 0.5, count: task.layout.count), seed: 200)
    #expect(
      overlay == [
        "environment": "Swimmer-v4", "iteration": "2", "seed": "200", "step": "2 of 25",
        "reward": decimal(recording.returns[2], 1), "speed": "1x", "help": "H",
      ])
    let moment = try playback.frame().moment
    #expect(moment.state == recording.states[2] && moment.next == recording.states[3])
    #expect(abs(moment.fraction - 0.5) < 1e-9)
    #expect(try playback.frame().name == "replay-Swimmer-v4-2-2")
  }

  @Test func policyThatCannotBePlayedIsSaidAndPassed() throws {
    struct Broken: Error, CustomStringConvertible {
      var description: String { "θ is not finite" }
    }
    let task = ControlTask(simulator: try Simulator(Locomotion.swimmer, timeLimit: 25))
    let theta = [Float](repeating: 0.5, count: task.layout.count)
    var attempts = 0
    var playback = Playback(of: "Swimmer-v4", Playlist(of: 1, among: Array(0..<4))) {
      if $0 == 2 {
        attempts += 1
        throw Broken()
      }
      return try task.recordEpisode(theta: theta, seed: UInt32($0 + $1))
    }
    _ = try playback.frame()
    press(&playback, .right)
    let names = try playback.frame().captions.flatMap(\.lines).map(\.name)
    #expect(names == ["iteration 2 cannot be played", "θ is not finite"])
    for _ in 0..<20 { try playback.advance(by: 0.2) }
    #expect(try overlay(&playback)["iteration"] == nil)
    #expect(attempts == 1)
    press(&playback, .right)
    #expect(try overlay(&playback)["iteration"] == "3")

    // Alone, it is an error: there is nothing to be seen.
    var alone = Playback(of: "Swimmer-v4", Playlist(of: [2])) { _, _ in throw Broken() }
    #expect(throws: Broken.self) { try alone.frame() }
  }

  @Test func allTextIsASCII() throws {
    for playlist in [Playlist(of: [0, 1]), Playlist(of: 0, among: [0, 1])] {
      var playback = try playback(playlist)
      press(&playback, .character("h"))
      playback.notify("saved")
      let lines = try playback.frame().captions.flatMap(\.lines)
      #expect(lines.count > 15)
      #expect(lines.allSatisfy { ($0.name + $0.value).allSatisfy(\.isASCII) })
    }
  }

  @Test func pauseStopsTime() throws {
    var playback = try middle()
    try playback.advance(by: 0.2)
    press(&playback, .space)
    try playback.advance(by: 10)
    #expect(playback.position == 0.2)
    #expect(try overlay(&playback)["speed"] == "1x (paused)")
    #expect(playback.secondsOfRest == .infinity)
    press(&playback, .space)
    try playback.advance(by: 0.2)
    #expect(playback.position == 0.4 && playback.secondsOfRest == 0)
  }

  @Test func stallsAreSkipped() throws {
    var playback = try middle()
    try playback.advance(by: 3600)
    #expect(playback.position == Playback.longestFrame)
  }

  @Test func speedDoublesAndHalvesWithinItsLimits() throws {
    var playback = try middle()
    var texts: [String] = []
    for _ in 0..<5 {
      press(&playback, .character("+"))
      texts.append(playback.speed.text)
    }
    #expect(texts == ["2x", "4x", "8x", "16x", "16x"] && playback.speed.factor == 16)
    for _ in 0..<9 { press(&playback, .character("-")) }
    #expect(playback.speed.text == "1/16x" && playback.speed.factor == 0.0625)
    press(&playback, .character("="))
    #expect(playback.speed.text == "1/8x")
    try playback.advance(by: 0.16)
    #expect(playback.position == 0.02)
  }

  @Test func arrowsStepThroughTheRunAndStopAtItsEnds() throws {
    var playback = try middle()
    try playback.advance(by: 0.2)
    press(&playback, .right)
    #expect(playback.playlist.current == 3 && playback.position == 0)
    press(&playback, .right)
    try playback.advance(by: 0.2)
    press(&playback, .right, .right)
    // Nothing begins anew where there is no further iteration.
    #expect(playback.playlist.current == 4 && playback.position == 0.2)
    for _ in 0..<6 { press(&playback, .left) }
    #expect(playback.playlist.current == 0)
    #expect(try overlay(&playback)["seed"] == "0")
  }

  @Test func arrowsStayInTheChosenIterations() throws {
    var playback = try playback(Playlist(of: [30, 10, 20]))
    #expect(playback.playlist.current == 30)
    press(&playback, .right)
    #expect(playback.playlist.current == 10)
    press(&playback, .right, .right)
    #expect(playback.playlist.current == 20)
    press(&playback, .left)
    #expect(playback.playlist.current == 10)
  }

  @Test func restartTakesTheNextSeed() throws {
    var playback = try middle()
    try playback.advance(by: 0.2)
    press(&playback, .character("r"))
    #expect(playback.position == 0)
    #expect(try overlay(&playback)["seed"] == "201")
    // Another iteration is compared in the same episode.
    press(&playback, .right)
    #expect(try overlay(&playback)["seed"] == "301")
  }

  /// Plays an episode to the end of its hold, looking at the end.
  private func playToTheEnd(_ playback: inout Playback) throws {
    for _ in 0..<5 { try playback.advance(by: Self.duration / 4 - 1e-12) }
    #expect(abs(playback.position - Self.duration) < 1e-9)
    #expect(try overlay(&playback)["step"] == "25 of 25")
    let before = (playback.playlist.current, playback.episode)
    try playback.advance(by: Playback.hold - 0.3)
    #expect((playback.playlist.current, playback.episode) == before)
    try playback.advance(by: 0.31)
    #expect(playback.position == 0)
  }

  @Test func oneIterationGoesOnWithItsNextEpisode() throws {
    var playback = try middle()
    try playToTheEnd(&playback)
    #expect(playback.playlist.current == 2 && playback.episode == 1)
    try playToTheEnd(&playback)
    #expect(playback.playlist.current == 2 && playback.episode == 2)
  }

  @Test func severalIterationsFollowEachOther() throws {
    var playback = try playback(Playlist(of: [3, 5]))
    try playToTheEnd(&playback)
    #expect(playback.playlist.current == 5 && playback.episode == 0)
    try playToTheEnd(&playback)
    #expect(playback.playlist.current == 5 && playback.episode == 1)
  }

  @Test func wholeRewardIsSeenAtTheEnd() throws {
    var playback = try middle()
    for _ in 0..<5 { try playback.advance(by: 0.25) }
    let task = ControlTask(simulator: try Simulator(Locomotion.swimmer, timeLimit: 25))
    let recording = try task.recordEpisode(
      theta: [Float](repeating: 0.5, count: task.layout.count), seed: 200)
    #expect(try overlay(&playback)["reward"] == decimal(recording.reward, 1))
    #expect(try playback.frame().moment.state == recording.states[24])
  }

  @Test func keysSwitchWhatIsSeen() throws {
    var playback = try middle()
    #expect(try playback.frame().camera == .tracking)
    press(&playback, .tab)
    #expect(try playback.frame().camera == .free)
    press(&playback, .tab, .character("h"))
    #expect(try playback.frame().camera == .tracking)
    #expect(try playback.frame().captions.map(\.corner) == [.topLeft, .topRight])
    press(&playback, .character("i"))
    #expect(try playback.frame().captions.map(\.corner) == [.topRight])
    press(&playback, .character("h"))
    #expect(try playback.frame().captions.isEmpty)
    press(&playback, .character("i"), .up, .enter, .character("x"))
    #expect(try playback.frame().captions.map(\.corner) == [.topLeft])
  }

  @Test func ownerSavesAndQuits() throws {
    var playback = try middle()
    #expect(playback.handle(.key(.character("s"))) == .save)
    #expect(playback.handle(.key(.escape)) == .quit)
    #expect(playback.handle(.close) == .quit)
  }

  @Test func messagesGoAway() throws {
    var playback = try middle()
    press(&playback, .space)
    func message() throws -> String? {
      try playback.frame().captions.first { $0.corner == .bottomRight }?.lines[0].name
    }
    playback.notify("saved a.png")
    try playback.advance(by: 2)
    #expect(try message() == "saved a.png")
    #expect(playback.secondsOfRest == Playback.noticeDuration - 2)
    try playback.advance(by: 1)
    #expect(try message() == nil && playback.secondsOfRest == .infinity)
    // A picture does not show the name of the one before.
    playback.notify("saved a.png")
    _ = playback.handle(.key(.character("s")))
    #expect(try message() == nil)
  }

  @Test func recordingsAreMadeWhenTheyAreSeen() throws {
    let task = ControlTask(simulator: try Simulator(Locomotion.swimmer, timeLimit: 25))
    let theta = [Float](repeating: 0, count: task.layout.count)
    final class Log { var made: [Int] = [] }
    let log = Log()
    let playlist = Playlist(of: 2, among: Array(0..<5))
    var playback = Playback(of: "Swimmer-v4", playlist) { iteration, _ in
      log.made.append(iteration)
      return try task.recordEpisode(theta: theta, seed: 0)
    }
    #expect(log.made.isEmpty)
    _ = try playback.frame()
    try playback.advance(by: 0.1)
    _ = try playback.frame()
    #expect(log.made == [2])
    // One that is only passed is not made, and one that was seen is not made again.
    press(&playback, .right, .right)
    _ = try playback.frame()
    press(&playback, .left, .left)
    _ = try playback.frame()
    #expect(log.made == [2, 4])
  }

  @Test func memoryIsBounded() throws {
    let length = 20_000
    let task = ControlTask(simulator: try Simulator(Locomotion.swimmer, timeLimit: length))
    let recording = try task.recordEpisode(
      theta: [Float](repeating: 0, count: task.layout.count), seed: 0)
    final class Log { var made: [Int] = [] }
    let log = Log()
    var cache = RecordingCache { iteration, _ in
      log.made.append(iteration)
      return recording
    }
    #expect(2 * length < RecordingCache.stateLimit && 3 * length > RecordingCache.stateLimit)
    for iteration in [0, 1, 0, 2, 0, 1] { _ = try cache.recording(of: iteration, episode: 0) }
    // 0 was used after 1, so 1 made room for 2.
    #expect(log.made == [0, 1, 2, 1])
  }

  @Test func failureToRecordIsThrown() throws {
    struct Failure: Error {}
    var playback = Playback(of: "Swimmer-v4", Playlist(of: [0])) { _, _ in throw Failure() }
    #expect(throws: Failure.self) { try playback.frame() }
    #expect(throws: Failure.self) { try playback.advance(by: 0.1) }
  }
}
