import Envs
import Settings
import Tasks
package import Trainer
package import Viewer

/// A film that is asked for: what it is to look like, and where it goes.
package struct ReplayPictures {
  package enum Output {
    case video(String, VideoWriter.Format)
    case frames(String)
  }

  package var output: Output
  package var grid: Film.Grid?
  package var width: Int
  package var height: Int
  /// Nil for one picture a step.
  package var framesPerSecond: Int?
  package var steps: Int?
  package var camera: Camera
  package var quality: DrawingQuality

  package init(
    output: Output, grid: Film.Grid?, width: Int, height: Int, framesPerSecond: Int?, steps: Int?,
    camera: Camera, quality: DrawingQuality
  ) {
    (self.output, self.grid, self.width, self.height) = (output, grid, width, height)
    (self.framesPerSecond, self.steps) = (framesPerSecond, steps)
    (self.camera, self.quality) = (camera, quality)
  }

  /// Writes the film, and says in a line what was written.
  ///
  /// - Parameters:
  ///   - seed: Of each episode; nil for that of the iteration's evaluation.
  ///   - isCancelled: Asked often; true ends it with a `CancellationError` and nothing behind.
  ///   - progress: Told how far it is, picture by picture.
  /// - Throws: `SettingsError` for a grid of another number of cells, and what recording, drawing
  ///   and writing throw.
  package func write(
    _ policies: SavedPolicies, at iterations: [Int], seed: UInt32?,
    isCancelled: @escaping () -> Bool, progress: (_ place: String) -> Void
  ) throws -> String {
    if let grid, grid.columns * grid.rows != iterations.count {
      throw SettingsError(
        "--grid \(grid.columns)x\(grid.rows) has \(grid.columns * grid.rows) cells, but "
          + "--iterations chooses \(iterations.count)")
    }
    let natural = Int((1 / policies.task.simulator.spec.stepDuration).rounded())
    let film = Film(
      simulator: policies.task.simulator, iterations: iterations,
      record: { try policies.record($0, seed: seed, steps: steps) }, grid: grid, width: width,
      height: height, framesPerSecond: framesPerSecond ?? min(max(natural, 1), highestRate),
      camera: camera, quality: quality, isCancelled: isCancelled)
    switch output {
    case .video(let path, let format):
      return film.summary(of: try film.write(video: path, as: format, progress: progress), in: path)
    case .frames(let path):
      return film.summary(of: try film.write(frames: path, progress: progress), in: path)
    }
  }

  /// The most pictures a second.
  package var highestRate: Int {
    switch output {
    case .video(_, let format): format.highestRate
    case .frames: 240
    }
  }
}
