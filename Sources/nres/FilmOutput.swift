import Foundation
import Records
import Settings
import Trainer
import Viewer

/// Writes a film as a video file.
func writeVideo(_ film: Film, as format: VideoWriter.Format, to path: String) throws {
  let (width, height) = film.size
  var takes: [Film.Take] = []
  try makeFileAtomically(path) { temporary in
    do {
      let writer = try VideoWriter(
        path: temporary, format: format, width: width, height: height,
        framesPerSecond: film.framesPerSecond, quality: film.quality,
        isCancelled: { Interrupt.wasRequested })
      takes = try shoot(film) { try writer.append($0) }
      try writer.finish()
    } catch ViewerError.encodingFailed(_, let cause) {
      // A failure after an interrupt is its consequence.
      if Interrupt.wasRequested { throw Interrupt.Requested() }
      throw ViewerError.encodingFailed(
        file: path, cause: cause.replacingOccurrences(of: temporary, with: path))
    }
  }
  print(summary(of: film, takes, in: path))
}

/// Writes a film as PNG files `frame-000001.png` and so on, in a folder of their own.
func writeFrames(_ film: Film, to path: String) throws {
  var takes: [Film.Take] = []
  try makeFolderAtomically(path) { folder in
    var number = 0
    takes = try shoot(film) { picture in
      number += 1
      let name = String(format: "frame-%06d.png", number)
      let png = try picture.png()
      do throws(RecordError) {
        try writeFile(png, to: "\(folder)/\(name)")
      } catch {
        throw RecordError(error.kind, "\(path)/\(name)", error.cause)
      }
    }
  }
  print(summary(of: film, takes, in: path))
}

/// The format that a file name asks for.
func videoFormat(of path: String) throws -> VideoWriter.Format {
  let suffix = path.split(separator: "/").last?.split(separator: ".").dropFirst().last
  if let format = suffix.flatMap({ VideoWriter.Format(rawValue: $0.lowercased()) }) {
    return format
  }
  let choices = VideoWriter.Format.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
  throw SettingsError("--video is '\(path)': the name must end in one of \(choices)")
}

/// Draws a film, showing how far it is; ends with an error when it is interrupted.
private func shoot(_ film: Film, _ take: (Picture) throws -> Void) throws -> [Film.Take] {
  let progress = ProgressLine()
  defer { progress.finish() }
  return try film.shoot { picture, place in
    if Interrupt.wasRequested { throw Interrupt.Requested() }
    try take(picture)
    progress.show(place)
  }
}

private func summary(of film: Film, _ takes: [Film.Take], in path: String) -> String {
  let (width, height) = film.size
  let frames = film.grid == nil ? takes.reduce(0) { $0 + $1.frameCount } : takes[0].frameCount
  let rewards = takes.prefix(6)
    .map { "iteration \($0.iteration) reward \(decimal($0.reward, 2))" }
    .joined(separator: ", ")
  return "\(path): \(frames) frames of \(width)x\(height), "
    + "\(film.framesPerSecond) a second; \(rewards)"
    + (takes.count > 6 ? ", … (\(takes.count) iterations)" : "")
}
