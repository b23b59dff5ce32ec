import Envs
import Tasks
import Trainer
import Viewer

/// Episodes of chosen iterations as pictures: one after another, or side by side in a grid.
package struct Film {
  /// Cells side by side and one above another.
  package struct Grid: Equatable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) { (self.columns, self.rows) = (columns, rows) }
  }

  /// One iteration's episode, as far as it was filmed.
  struct Take {
    var iteration: Int
    var reward: Double
    /// How it ended, if it was filmed to its end.
    var end: EpisodeRecording.End?
    var frameCount: Int
  }

  let simulator: Simulator
  let iterations: [Int]
  /// Plays an iteration's episode.
  let record: (_ iteration: Int) throws -> EpisodeRecording
  /// Nil for one after another.
  let grid: Grid?
  /// Pixels of a take.
  let width: Int
  let height: Int
  let framesPerSecond: Int
  let camera: Camera
  let quality: DrawingQuality
  /// Asked before each episode and picture; true ends it with a `CancellationError`.
  var isCancelled: () -> Bool = { false }

  /// Pixels of a picture.
  var size: (width: Int, height: Int) {
    (width * (grid?.columns ?? 1), height * (grid?.rows ?? 1))
  }

  /// Draws the pictures in their order.
  ///
  /// - Parameter take: Called for each, with where it is: `frame 3/1000`.
  func shoot(_ take: (Picture, _ place: String) throws -> Void) throws -> [Take] {
    let renderer = try OffscreenRenderer(
      simulator, width: width, height: height, columns: grid?.columns ?? 1, rows: grid?.rows ?? 1,
      quality: quality)
    func record(_ iteration: Int) throws -> EpisodeRecording {
      if isCancelled() { throw CancellationError() }
      return try self.record(iteration)
    }
    func show(_ place: String) throws {
      let picture = try renderer.picture()
      if isCancelled() { throw CancellationError() }
      try take(picture, place)
    }
    if grid == nil {
      return try iterations.map { iteration in
        let recording = try record(iteration)
        let count = frameCount(of: recording)
        for frame in 0..<count {
          try draw(recording, of: iteration, frame, cell: 0, with: renderer)
          let place = "frame \(frame + 1)/\(count)"
          try show(iterations.count == 1 ? place : "iteration \(iteration), \(place)")
        }
        return Take(
          iteration: iteration, reward: recording.reward, end: recording.end, frameCount: count)
      }
    }
    let recordings = try iterations.map(record)
    let counts = recordings.map { frameCount(of: $0) }
    let count = counts.max() ?? 0
    for frame in 0..<count {
      for (cell, recording) in recordings.enumerated() {
        // An episode that has ended earlier stands still.
        try draw(
          recording, of: iterations[cell], min(frame, counts[cell] - 1), cell: cell,
          with: renderer)
      }
      try show("frame \(frame + 1)/\(count)")
    }
    return zip(iterations, recordings).map {
      Take(iteration: $0, reward: $1.reward, end: $1.end, frameCount: count)
    }
  }

  private func frameCount(of recording: EpisodeRecording) -> Int {
    max(1, Int((recording.duration * Double(framesPerSecond)).rounded()))
  }

  /// Draws what there is to see at the end of a frame, so that the last one shows the whole reward.
  private func draw(
    _ recording: EpisodeRecording, of iteration: Int, _ frame: Int, cell: Int,
    with renderer: OffscreenRenderer
  ) throws {
    let seconds = Double(frame + 1) / Double(framesPerSecond)
    try renderer.draw(
      recording.moment(at: seconds), camera: camera,
      captions: [caption(recording, of: iteration, at: seconds)], cell: cell)
  }

  private func caption(
    _ recording: EpisodeRecording, of iteration: Int, at seconds: Double
  ) -> Caption {
    let step = recording.steps(at: seconds)
    let reward = decimal(recording.returns[step], 1)
    // Letters do not shrink with the picture: a small one has room for a line.
    if width < 200 { return Caption(.topLeft, [.init("\(iteration)", reward)]) }
    if grid != nil || height < 320 {
      return Caption(.topLeft, [.init("iteration \(iteration)", "reward \(reward)")])
    }
    return Caption(
      .topLeft,
      [
        .init(simulator.spec.id, ""), .init("iteration", "\(iteration)"),
        .init("step", "\(step)" + recording.ending(after: step)), .init("reward", reward),
      ])
  }
}
