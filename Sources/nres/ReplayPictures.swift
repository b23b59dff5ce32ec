import Envs
import Settings
import Tasks
import Trainer
import Viewer

/// `nres replay --video` and `--frames`: films without a screen.
struct ReplayPictures {
  enum Output {
    case video(String, VideoWriter.Format)
    case frames(String)
  }

  let output: Output
  let grid: Film.Grid?
  let width: Int
  let height: Int
  /// Nil for one picture a step.
  let framesPerSecond: Int?
  let steps: Int?
  let camera: Camera
  let quality: DrawingQuality

  func run(_ policies: SavedPolicies, at iterations: [Int], seed: UInt32?) throws {
    if let grid, grid.columns * grid.rows != iterations.count {
      throw SettingsError(
        "--grid \(grid.columns)x\(grid.rows) has \(grid.columns * grid.rows) cells, but "
          + "--iterations chooses \(iterations.count)")
    }
    Interrupt.installForTidyEnd()
    let natural = Int((1 / policies.task.simulator.spec.stepDuration).rounded())
    let film = Film(
      simulator: policies.task.simulator, iterations: iterations,
      record: { iteration in
        if Interrupt.wasRequested { throw Interrupt.Requested() }
        return try policies.record(iteration, seed: seed, steps: steps)
      }, grid: grid, width: width, height: height,
      framesPerSecond: framesPerSecond ?? min(max(natural, 1), highestRate), camera: camera,
      quality: quality)
    switch output {
    case .video(let file, let format): try writeVideo(film, as: format, to: file)
    case .frames(let folder): try writeFrames(film, to: folder)
    }
  }

  /// The most pictures a second.
  var highestRate: Int {
    switch output {
    case .video(_, let format): format.highestRate
    case .frames: 240
    }
  }
}
