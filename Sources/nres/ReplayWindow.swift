import Foundation
import Records
import Tasks
import Trainer
import Viewer

/// `nres replay`: plays policies in a window.
struct ReplayWindow {
  let width: Int
  let height: Int
  /// Steps of an episode that are shown; nil for all.
  let steps: Int?
  let camera: Camera
  let quality: DrawingQuality

  /// Plays until a person closes the window; needs the main thread.
  ///
  /// - Parameters:
  ///   - movesOn: Whether one iteration follows the other, and not its own next episode.
  ///   - seed: Of the first episode; nil for that of each iteration's evaluation.
  /// - Throws: `ViewerError` when no window can be opened, and what recording an episode throws.
  func run(
    _ policies: SavedPolicies, at iterations: [Int], movesOn: Bool, seed: UInt32?
  ) throws {
    let playlist =
      movesOn
      ? Playlist(of: iterations) : Playlist(of: iterations[0], among: Array(policies.iterations))
    let playback = Playback(of: policies.environment, playlist, camera: camera) {
      try policies.record($0, episode: $1, seed: seed, steps: steps)
    }
    try MainActor.assumeIsolated { try play(playback, policies) }
  }

  @MainActor
  private func play(_ playback: Playback, _ policies: SavedPolicies) throws {
    var playback = playback
    // A θ that cannot be played is an error before there is a window.
    var frame = try playback.frame()
    let window = try ViewerWindow(
      policies.task.simulator, title: "nres replay: \(policies.environment)", width: width,
      height: height, quality: quality)
    func draw() throws {
      frame = try playback.frame()
      try window.show(frame.moment, camera: frame.camera, captions: frame.captions)
    }
    try draw()
    var last = ContinuousClock.now
    while true {
      let events = window.events(waitingAtMost: playback.secondsOfRest)
      let now = ContinuousClock.now
      try playback.advance(by: (now - last) / .seconds(1))
      last = now
      for event in events {
        switch playback.handle(event) {
        case .quit: return
        case .save:
          // Events before this one may have changed what is to be seen.
          try draw()
          playback.notify(save(try window.picture(), as: frame.name))
        case nil: break
        }
      }
      try draw()
    }
  }
}

/// Saves a picture in the current folder, under the name or, so as not to replace a file, with a
/// number after it; says how that went on the terminal and in words for the window.
private func save(_ picture: Picture, as name: String) -> String {
  do {
    let names = sequence(first: 1) { $0 + 1 }.lazy
      .map { $0 == 1 ? "\(name).png" : "\(name)-\($0).png" }
    guard let path = names.first(where: { !FileManager.default.fileExists(atPath: $0) }) else {
      return ""
    }
    try writeAtomically(Data(try picture.png()), to: path)
    print(path)
    return "saved \(path)"
  } catch {
    FileHandle.standardError.write(Data("nres: \(error)\n".utf8))
    return "could not save \(name).png"
  }
}
