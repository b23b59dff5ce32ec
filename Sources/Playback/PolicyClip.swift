import Envs
package import Foundation
import Records
import Tasks
package import Trainer
import Viewer

/// How a saved policy moves: a short video and a picture of it, to be put into something else.
package struct PolicyClip {
  /// A PNG.
  package let picture: Data
  /// An MP4; nil without an encoder.
  package let video: Data?
  /// Why there is no video.
  package let problem: String?
  package let iteration: Int
  /// The reward of what the video shows, its seconds, and the seed of its reset.
  package let reward: Double
  package let seconds: Double
  package let seed: UInt32

  package static let width = 480
  package static let height = 360
  private static let longest = 10.0
  private static let rate = 25

  /// Plays the first seconds of the best iteration's evaluation, of the last one's without any.
  ///
  /// - Parameters:
  ///   - isCancelled: Asked often; true ends it with a `CancellationError` and nothing behind.
  ///   - progress: Told how far it is, picture by picture.
  /// - Throws: `ViewerError` where nothing can be drawn, and what is wrong with the policies' files.
  package init(
    of policies: SavedPolicies, isCancelled: @escaping () -> Bool,
    progress: (_ place: String) -> Void
  ) throws {
    let iteration = try policies.iterations(matching: .bestOrLast)[0]
    let simulator = policies.task.simulator
    let steps = max(1, Int(Self.longest / simulator.spec.stepDuration))
    let recording = try policies.record(iteration, steps: steps)
    let film = Film(
      simulator: simulator, iterations: [iteration], record: { _ in recording }, grid: nil,
      width: Self.width, height: Self.height, framesPerSecond: Self.rate, camera: .tracking,
      quality: .default, isCancelled: isCancelled)
    let renderer = try OffscreenRenderer(simulator, width: Self.width, height: Self.height)
    try renderer.draw(recording.moment(at: recording.duration / 3), camera: .tracking)
    picture = Data(try renderer.picture().png())
    (self.iteration, reward, seed) = (iteration, recording.reward, recording.seed)
    seconds = recording.duration
    let file = FileManager.default.temporaryDirectory.appending(path: "nres-\(UUID()).mp4").path
    defer { unlink(file) }
    do {
      _ = try film.write(video: file, as: .mp4, progress: progress)
      guard let bytes = FileManager.default.contents(atPath: file) else {
        throw RecordError(.ioError, file, "cannot be read")
      }
      (video, problem) = (bytes, nil)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      (video, problem) = (nil, "\(error)")
    }
  }
}
