import Envs
import Foundation
import Records
import Viewer

/// Plays in a window until a person closes it.
///
/// - Throws: `ViewerError` when no window can be opened, and what recording an episode throws.
@MainActor
func showWindow(
  _ playback: consuming Playback, simulator: Simulator, width: Int, height: Int,
  quality: DrawingQuality
) throws {
  let window = try ViewerWindow(
    simulator, title: "nres replay: \(playback.environment)", width: width, height: height,
    quality: quality)
  // After a stall, such as a laptop's sleep, it goes on where it was.
  let longestFrame = 0.25
  var frame = try playback.frame()
  func draw() throws {
    frame = try playback.frame()
    try window.show(frame.moment, camera: frame.camera, captions: frame.captions)
  }
  try draw()
  var last = ContinuousClock.now
  while true {
    let events = window.events(waitingAtMost: playback.secondsOfRest)
    let now = ContinuousClock.now
    let seconds = (now - last) / .seconds(1)
    last = now
    try playback.advance(by: playback.isPaused ? seconds : min(seconds, longestFrame))
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
