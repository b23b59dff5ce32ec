import Envs
import Parameters
import Tasks
import TestSupport
import Testing
import Trainer
import Viewer

@testable import Playback

/// The pictures of a film, without files.
struct FilmTests {
  @Test("the last picture shows the end and the whole reward, the first one step")
  func ends() throws {
    let task = ControlTask(
      simulator: try Simulator(Locomotion.swimmer, timeLimit: 5), initialization: .normal)
    let theta = [Float](repeating: 0.5, count: task.layout.count)
    let recording = try task.recordEpisode(theta: theta, seed: 3)
    let film = Film(
      simulator: task.simulator, iterations: [7], record: { _ in recording }, grid: nil,
      width: 240, height: 64, framesPerSecond: 25, camera: .tracking, quality: .fast)
    var pictures: [Picture] = []
    let takes = try film.shoot { picture, place in
      pictures.append(picture)
      #expect(place == "frame \(pictures.count)/5")
    }
    #expect(takes.map(\.reward) == [recording.reward] && takes.map(\.frameCount) == [5])

    let renderer = try OffscreenRenderer(task.simulator, width: 240, height: 64, quality: .fast)
    for (picture, step) in [(pictures.first, 1), (pictures.last, 5)] {
      let state = recording.states[min(step, 4)]
      let reward = "reward \(decimal(recording.returns[step], 1))"
      try renderer.draw(
        Moment(state), camera: .tracking,
        captions: [Caption(.topLeft, [.init("iteration 7", reward)])])
      #expect(try picture == renderer.picture())
    }
  }
  @Test("a film that is cancelled leaves nothing behind", arguments: [true, false])
  func cancellation(isVideo: Bool) throws {
    let folder = try TemporaryFolder()
    let task = ControlTask(simulator: try Simulator(Locomotion.swimmer, timeLimit: 5))
    let theta = [Float](repeating: 0, count: task.layout.count)
    var pictures = 0
    let film = Film(
      simulator: task.simulator, iterations: [0, 1],
      record: { try task.recordEpisode(theta: theta, seed: UInt32($0)) }, grid: nil, width: 64,
      height: 48, framesPerSecond: 25, camera: .tracking, quality: .fast,
      isCancelled: { pictures == 7 })
    let path = folder("film.mp4")
    #expect(throws: CancellationError.self) {
      _ =
        try isVideo
        ? film.write(video: path, as: .mp4) { _ in pictures += 1 }
        : film.write(frames: path) { _ in pictures += 1 }
    }
    #expect(pictures == 7)
    #expect(try folder.names.isEmpty)
  }
}
