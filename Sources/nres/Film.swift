import Envs
import Tasks
import Viewer

/// Episodes of chosen iterations as pictures: one after another, or side by side in a grid.
struct Film {
  /// One iteration's episode.
  struct Take {
    var iteration: Int
    var recording: EpisodeRecording
  }

  /// Cells side by side and one above another.
  struct Grid: Equatable {
    var columns: Int
    var rows: Int
  }

  let simulator: Simulator
  let takes: [Take]
  /// Nil for one after another.
  let grid: Grid?
  /// Pixels of a take.
  let width: Int
  let height: Int
  let framesPerSecond: Int
  let camera: Camera
  let quality: DrawingQuality

  /// Number of pictures.
  var frameCount: Int {
    let counts = takes.map { frameCount(of: $0) }
    return grid == nil ? counts.reduce(0, +) : counts.max() ?? 0
  }

  /// Pixels of a picture.
  var size: (width: Int, height: Int) {
    (width * (grid?.columns ?? 1), height * (grid?.rows ?? 1))
  }

  private func frameCount(of take: Take) -> Int {
    max(1, Int((take.recording.duration * Double(framesPerSecond)).rounded()))
  }

  /// Draws the pictures in their order.
  func shoot(_ show: (Picture) throws -> Void) throws {
    let renderer = try OffscreenRenderer(
      simulator, width: width, height: height, columns: grid?.columns ?? 1, rows: grid?.rows ?? 1,
      quality: quality)
    if grid == nil {
      for take in takes {
        for frame in 0..<frameCount(of: take) {
          try draw(take, frame, cell: 0, with: renderer)
          try show(renderer.picture())
        }
      }
    } else {
      for frame in 0..<frameCount {
        for (cell, take) in takes.enumerated() {
          // A take that has ended earlier stands still.
          try draw(take, min(frame, frameCount(of: take) - 1), cell: cell, with: renderer)
        }
        try show(renderer.picture())
      }
    }
  }

  /// Draws what there is to see at the end of a frame, so that the last one shows the whole reward.
  private func draw(
    _ take: Take, _ frame: Int, cell: Int, with renderer: OffscreenRenderer
  ) throws {
    let seconds = Double(frame + 1) / Double(framesPerSecond)
    try renderer.draw(
      take.recording.moment(at: seconds), camera: camera, captions: [caption(take, at: seconds)],
      cell: cell)
  }

  private func caption(_ take: Take, at seconds: Double) -> Caption {
    let step = take.recording.steps(at: seconds)
    let iteration = "\(take.iteration)"
    let reward = decimal(take.recording.returns[step], 1)
    // Letters do not shrink with the picture: a small one has room for a line.
    if grid != nil || height < 320 {
      return Caption(.topLeft, [.init("iteration " + iteration, "reward " + reward)])
    }
    return Caption(
      .topLeft,
      [
        .init(simulator.spec.id, ""), .init("iteration", iteration), .init("step", "\(step)"),
        .init("reward", reward),
      ])
  }
}
