import Envs
import Parameters
import Tasks
import TestSupport
import Testing
import Trainer
import Viewer

@testable import Playback

/// What a window shows when, without a window.
struct PlayerTests {
  /// Seconds of Swimmer's step and of an episode of 25.
  static let step = 0.04
  static let duration = 1.0

  /// A player of episodes of 25 steps whose seed is 100 · iteration + episode.
  private func player(_ playlist: Playlist) throws -> Player {
    let task = ControlTask(
      simulator: try Simulator(Locomotion.swimmer, timeLimit: 25), initialization: .normal)
    let theta = [Float](repeating: 0.5, count: task.layout.count)
    return Player(of: "Swimmer-v4", playlist) {
      try task.recordEpisode(theta: theta, seed: UInt32(100 * $0 + $1))
    }
  }

  /// Iterations 0 to 4, of which the third is looked at.
  private func middle() throws -> Player { try player(Playlist(of: 2, among: Array(0..<5))) }

  private func press(_ player: inout Player, _ keys: ViewerKey...) {
    for key in keys { #expect(player.handle(.key(key)) == nil) }
  }

  /// Values of the overlay by their names.
  private func overlay(_ player: inout Player) throws -> [String: String] {
    let captions = try player.frame().captions.filter { $0.corner == .topLeft }
    return Dictionary(
      uniqueKeysWithValues: captions.flatMap(\.lines).map { ($0.name, $0.value) })
  }

  @Test func overlayTellsWhatIsSeen() throws {
    var player = try middle()
    try player.advance(by: 0.1)
    let overlay = try overlay(&player)
    let task = ControlTask(simulator: try Simulator(Locomotion.swimmer, timeLimit: 25))
    let recording = try task.recordEpisode(
      theta: [Float](repeating: 0.5, count: task.layout.count), seed: 200)
    #expect(
      overlay == [
        "environment": "Swimmer-v4", "iteration": "2", "seed": "200", "step": "2 of 25",
        "reward": decimal(recording.returns[2], 1), "speed": "1x", "help": "H",
      ])
    let moment = try player.frame().moment
    #expect(moment.state == recording.states[2] && moment.next == recording.states[3])
    #expect(abs(moment.fraction - 0.5) < 1e-9)
    #expect(try player.frame().name == "replay-Swimmer-v4-2-2")
  }

  @Test func policyThatCannotBePlayedIsSaidAndPassed() throws {
    struct Broken: Error, CustomStringConvertible {
      var description: String { "θ is not finite" }
    }
    let task = ControlTask(simulator: try Simulator(Locomotion.swimmer, timeLimit: 25))
    let theta = [Float](repeating: 0.5, count: task.layout.count)
    var attempts = 0
    var player = Player(of: "Swimmer-v4", Playlist(of: 1, among: Array(0..<4))) {
      if $0 == 2 {
        attempts += 1
        throw Broken()
      }
      return try task.recordEpisode(theta: theta, seed: UInt32($0 + $1))
    }
    _ = try player.frame()
    press(&player, .right)
    let names = try player.frame().captions.flatMap(\.lines).map(\.name)
    #expect(names == ["iteration 2 cannot be played", "θ is not finite"])
    for _ in 0..<20 { try player.advance(by: 0.2) }
    #expect(try overlay(&player)["iteration"] == nil)
    #expect(attempts == 1)
    press(&player, .right)
    #expect(try overlay(&player)["iteration"] == "3")

    // Alone, it is an error: there is nothing to be seen.
    var alone = Player(of: "Swimmer-v4", Playlist(of: [2])) { _, _ in throw Broken() }
    #expect(throws: Broken.self) { try alone.frame() }
  }

  @Test func allTextIsASCII() throws {
    for playlist in [Playlist(of: [0, 1]), Playlist(of: 0, among: [0, 1])] {
      var player = try player(playlist)
      press(&player, .character("h"))
      player.notify("saved")
      let lines = try player.frame().captions.flatMap(\.lines)
      #expect(lines.count > 15)
      #expect(lines.allSatisfy { ($0.name + $0.value).allSatisfy(\.isASCII) })
    }
  }

  @Test func pauseStopsTime() throws {
    var player = try middle()
    try player.advance(by: 0.2)
    press(&player, .space)
    try player.advance(by: 10)
    #expect(player.position == 0.2)
    #expect(try overlay(&player)["speed"] == "1x (paused)")
    #expect(player.secondsOfRest == .infinity)
    press(&player, .space)
    try player.advance(by: 0.2)
    #expect(player.position == 0.4 && player.secondsOfRest == 0)
  }

  @Test func stallsAreSkipped() throws {
    var player = try middle()
    try player.advance(by: 3600)
    #expect(player.position == Player.longestFrame)
  }

  @Test func speedDoublesAndHalvesWithinItsLimits() throws {
    var player = try middle()
    var texts: [String] = []
    for _ in 0..<5 {
      press(&player, .character("+"))
      texts.append(player.speed.text)
    }
    #expect(texts == ["2x", "4x", "8x", "16x", "16x"] && player.speed.factor == 16)
    for _ in 0..<9 { press(&player, .character("-")) }
    #expect(player.speed.text == "1/16x" && player.speed.factor == 0.0625)
    press(&player, .character("="))
    #expect(player.speed.text == "1/8x")
    try player.advance(by: 0.16)
    #expect(player.position == 0.02)
  }

  @Test func arrowsStepThroughTheRunAndStopAtItsEnds() throws {
    var player = try middle()
    try player.advance(by: 0.2)
    press(&player, .right)
    #expect(player.playlist.current == 3 && player.position == 0)
    press(&player, .right)
    try player.advance(by: 0.2)
    press(&player, .right, .right)
    // Nothing begins anew where there is no further iteration.
    #expect(player.playlist.current == 4 && player.position == 0.2)
    for _ in 0..<6 { press(&player, .left) }
    #expect(player.playlist.current == 0)
    #expect(try overlay(&player)["seed"] == "0")
  }

  @Test func arrowsStayInTheChosenIterations() throws {
    var player = try player(Playlist(of: [30, 10, 20]))
    #expect(player.playlist.current == 30)
    press(&player, .right)
    #expect(player.playlist.current == 10)
    press(&player, .right, .right)
    #expect(player.playlist.current == 20)
    press(&player, .left)
    #expect(player.playlist.current == 10)
  }

  @Test func restartTakesTheNextSeed() throws {
    var player = try middle()
    try player.advance(by: 0.2)
    press(&player, .character("r"))
    #expect(player.position == 0)
    #expect(try overlay(&player)["seed"] == "201")
    // Another iteration is compared in the same episode.
    press(&player, .right)
    #expect(try overlay(&player)["seed"] == "301")
  }

  /// Plays an episode to the end of its hold, looking at the end.
  private func playToTheEnd(_ player: inout Player) throws {
    for _ in 0..<5 { try player.advance(by: Self.duration / 4 - 1e-12) }
    #expect(abs(player.position - Self.duration) < 1e-9)
    #expect(try overlay(&player)["step"] == "25 of 25, truncated")
    let before = (player.playlist.current, player.episode)
    try player.advance(by: Player.hold - 0.3)
    #expect((player.playlist.current, player.episode) == before)
    try player.advance(by: 0.31)
    #expect(player.position == 0)
  }

  @Test func oneIterationGoesOnWithItsNextEpisode() throws {
    var player = try middle()
    try playToTheEnd(&player)
    #expect(player.playlist.current == 2 && player.episode == 1)
    try playToTheEnd(&player)
    #expect(player.playlist.current == 2 && player.episode == 2)
  }

  @Test func severalIterationsFollowEachOther() throws {
    var player = try player(Playlist(of: [3, 5]))
    try playToTheEnd(&player)
    #expect(player.playlist.current == 5 && player.episode == 0)
    try playToTheEnd(&player)
    #expect(player.playlist.current == 5 && player.episode == 1)
  }

  @Test func wholeRewardIsSeenAtTheEnd() throws {
    var player = try middle()
    for _ in 0..<5 { try player.advance(by: 0.25) }
    let task = ControlTask(simulator: try Simulator(Locomotion.swimmer, timeLimit: 25))
    let recording = try task.recordEpisode(
      theta: [Float](repeating: 0.5, count: task.layout.count), seed: 200)
    #expect(try overlay(&player)["reward"] == decimal(recording.reward, 1))
    #expect(try player.frame().moment.state == recording.states[24])
  }

  @Test func keysSwitchWhatIsSeen() throws {
    var player = try middle()
    #expect(try player.frame().camera == .tracking)
    press(&player, .tab)
    #expect(try player.frame().camera == .free)
    press(&player, .tab, .character("h"))
    #expect(try player.frame().camera == .tracking)
    #expect(try player.frame().captions.map(\.corner) == [.topLeft, .topRight])
    press(&player, .character("i"))
    #expect(try player.frame().captions.map(\.corner) == [.topRight])
    press(&player, .character("h"))
    #expect(try player.frame().captions.isEmpty)
    press(&player, .character("i"), .up, .enter, .character("x"))
    #expect(try player.frame().captions.map(\.corner) == [.topLeft])
  }

  @Test func ownerSavesAndQuits() throws {
    var player = try middle()
    #expect(player.handle(.key(.character("s"))) == .save)
    #expect(player.handle(.key(.escape)) == .quit)
    #expect(player.handle(.key(.character("q"))) == .quit)
    #expect(player.handle(.close) == .quit)
  }

  @Test func messagesGoAway() throws {
    var player = try middle()
    press(&player, .space)
    func message() throws -> String? {
      try player.frame().captions.first { $0.corner == .bottomRight }?.lines[0].name
    }
    player.notify("saved a.png")
    try player.advance(by: 2)
    #expect(try message() == "saved a.png")
    #expect(player.secondsOfRest == Player.noticeDuration - 2)
    try player.advance(by: 1)
    #expect(try message() == nil && player.secondsOfRest == .infinity)
    // A picture does not show the name of the one before.
    player.notify("saved a.png")
    _ = player.handle(.key(.character("s")))
    #expect(try message() == nil)
  }

  @Test func recordingsAreMadeWhenTheyAreSeen() throws {
    let task = ControlTask(simulator: try Simulator(Locomotion.swimmer, timeLimit: 25))
    let theta = [Float](repeating: 0, count: task.layout.count)
    final class Log { var made: [Int] = [] }
    let log = Log()
    let playlist = Playlist(of: 2, among: Array(0..<5))
    var player = Player(of: "Swimmer-v4", playlist) { iteration, _ in
      log.made.append(iteration)
      return try task.recordEpisode(theta: theta, seed: 0)
    }
    #expect(log.made.isEmpty)
    _ = try player.frame()
    try player.advance(by: 0.1)
    _ = try player.frame()
    #expect(log.made == [2])
    // One that is only passed is not made, and one that was seen is not made again.
    press(&player, .right, .right)
    _ = try player.frame()
    press(&player, .left, .left)
    _ = try player.frame()
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
    var player = Player(of: "Swimmer-v4", Playlist(of: [0])) { _, _ in throw Failure() }
    #expect(throws: Failure.self) { try player.frame() }
    #expect(throws: Failure.self) { try player.advance(by: 0.1) }
  }
}
