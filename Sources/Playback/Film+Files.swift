import Foundation
import Records
import Tasks
import Trainer
import Viewer

extension Film {
  /// Writes a video file.
  ///
  /// - Parameter progress: Told how far it is, picture by picture.
  /// - Throws: `ViewerError`, `RecordError`, `CancellationError`; then nothing is left behind.
  func write(
    video path: String, as format: VideoWriter.Format, progress: (_ place: String) -> Void
  ) throws -> [Take] {
    var takes: [Take] = []
    try makeFileAtomically(path) { temporary in
      do {
        let writer = try VideoWriter(
          path: temporary, format: format, width: size.width, height: size.height,
          framesPerSecond: framesPerSecond, quality: quality, isCancelled: isCancelled)
        takes = try shoot { picture, place in
          try writer.append(picture)
          progress(place)
        }
        try writer.finish()
      } catch ViewerError.encodingFailed(_, let cause) {
        // What an interrupt stops fails for that reason.
        if isCancelled() { throw CancellationError() }
        throw ViewerError.encodingFailed(
          file: path, cause: cause.replacingOccurrences(of: temporary, with: path))
      }
    }
    return takes
  }

  /// Writes PNG files `frame-000001.png` and so on, in a folder of their own.
  ///
  /// - Parameter progress: Told how far it is, picture by picture.
  /// - Throws: `ViewerError`, `RecordError`, `CancellationError`; then nothing is left behind.
  func write(
    frames path: String, progress: (_ place: String) -> Void
  ) throws -> [Take] {
    var takes: [Take] = []
    try makeFolderAtomically(path) { folder in
      var number = 0
      takes = try shoot { picture, place in
        number += 1
        let name = String(format: "frame-%06d.png", number)
        let png = try picture.png()
        do throws(RecordError) {
          try writeFile(png, to: "\(folder)/\(name)")
        } catch {
          throw RecordError(error.kind, "\(path)/\(name)", error.cause)
        }
        progress(place)
      }
    }
    return takes
  }

  /// What was written, in a line.
  func summary(of takes: [Take], in path: String) -> String {
    let frames = grid == nil ? takes.reduce(0) { $0 + $1.frameCount } : takes[0].frameCount
    let rewards = takes.prefix(6)
      .map { take in
        "iteration \(take.iteration) reward \(decimal(take.reward, 2))"
          + (take.end.map { " (\($0.rawValue))" } ?? "")
      }
      .joined(separator: ", ")
    return "\(path): \(frames) frames of \(size.width)x\(size.height), "
      + "\(framesPerSecond) a second; \(rewards)"
      + (takes.count > 6 ? ", … (\(takes.count) iterations)" : "")
  }
}
