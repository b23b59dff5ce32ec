import Foundation
import Records
import Tasks
package import Trainer
package import Viewer

/// A window that plays policies.
package struct ReplayWindow {
  package var width: Int
  package var height: Int
  /// Steps of an episode that are shown; nil for all.
  package var steps: Int?
  package var camera: Camera
  package var quality: DrawingQuality

  package init(
    width: Int, height: Int, steps: Int?, camera: Camera, quality: DrawingQuality
  ) {
    (self.width, self.height, self.steps) = (width, height, steps)
    (self.camera, self.quality) = (camera, quality)
  }

  /// Plays until a person closes the window; needs the main thread.
  ///
  /// - Parameters:
  ///   - movesOn: Whether one iteration follows the other, and not its own next episode.
  ///   - seed: Of the first episode; nil for that of each iteration's evaluation.
  ///   - report: Told the file that a picture was saved in, or why it could not be.
  /// - Throws: `ViewerError` when no window can be opened, and what recording an episode throws.
  package func run(
    _ policies: SavedPolicies, at iterations: [Int], movesOn: Bool, seed: UInt32?,
    report: @MainActor (Result<String, any Error>) -> Void
  ) throws {
    let playlist =
      movesOn
      ? Playlist(of: iterations) : Playlist(of: iterations[0], among: Array(policies.iterations))
    let player = Player(of: policies.environment, playlist, camera: camera) {
      try policies.record($0, episode: $1, seed: seed, steps: steps)
    }
    try MainActor.assumeIsolated { try play(player, policies, report) }
  }

  @MainActor
  private func play(
    _ player: Player, _ policies: SavedPolicies, _ report: (Result<String, any Error>) -> Void
  ) throws {
    var player = player
    // A θ that cannot be played is an error before there is a window.
    var frame = try player.frame()
    let window = try ViewerWindow(
      policies.task.simulator, title: "nres replay: \(policies.environment)", width: width,
      height: height, quality: quality)
    func draw() throws {
      frame = try player.frame()
      try window.show(frame.moment, camera: frame.camera, captions: frame.captions)
    }
    try draw()
    var last = ContinuousClock.now
    while true {
      let events = window.events(waitingAtMost: player.secondsOfRest)
      let now = ContinuousClock.now
      try player.advance(by: (now - last) / .seconds(1))
      last = now
      for event in events {
        switch player.handle(event) {
        case .quit: return
        case .save:
          // Events before this one may have changed what is to be seen.
          try draw()
          let picture = try window.picture()
          let saved = Result { try picture.save(as: frame.name) }
          report(saved)
          player.notify(
            (try? saved.get()).map { "saved \($0)" } ?? "could not save \(frame.name).png")
        case nil: break
        }
      }
      try draw()
    }
  }
}

extension Picture {
  /// Saves it in the current folder under `name`, or, so as not to replace a file, with a number
  /// after it; returns the file's name.
  fileprivate func save(as name: String) throws -> String {
    var path = "\(name).png"
    var number = 1
    while FileManager.default.fileExists(atPath: path) {
      number += 1
      path = "\(name)-\(number).png"
    }
    try writeAtomically(Data(try png()), to: path)
    return path
  }
}
