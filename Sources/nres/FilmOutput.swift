import Foundation
import Records
import Tasks
import Trainer
import Viewer

/// Writes a film as a video file.
func writeVideo(_ film: Film, as format: VideoWriter.Format, to path: String) throws {
  let (width, height) = film.size
  try makeFileAtomically(path) { temporary in
    let writer = try VideoWriter(
      path: temporary, format: format, width: width, height: height,
      framesPerSecond: film.framesPerSecond, quality: film.quality)
    do {
      try shoot(film) { try writer.append($0) }
      try writer.finish()
    } catch ViewerError.encodingFailed(_, let cause) {
      throw ViewerError.encodingFailed(file: path, cause: cause)
    }
  }
  print(summary(of: film, in: path))
}

/// Writes a film as PNG files `frame-000001.png` and so on, in a folder of their own.
func writeFrames(_ film: Film, to path: String) throws {
  try makeFolderAtomically(path) { folder in
    var number = 0
    try shoot(film) { picture in
      number += 1
      let name = String(format: "frame-%06d.png", number)
      try writeAtomically(Data(picture.png()), to: "\(folder)/\(name)")
    }
  }
  print(summary(of: film, in: path))
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

/// Draws a film, showing how far it is; ends with an error on Ctrl-C.
private func shoot(_ film: Film, _ take: (Picture) throws -> Void) throws {
  let progress = ProgressLine()
  defer { progress.finish() }
  let count = film.frameCount
  var done = 0
  do {
    try film.shoot { picture in
      if Interrupt.wasRequested { throw Interrupt.Requested() }
      try take(picture)
      done += 1
      progress.show("frame \(done)/\(count)")
    }
  } catch  where Interrupt.wasRequested {
    // Ctrl-C reaches the encoder too, which may end before it is noticed here.
    throw Interrupt.Requested()
  }
}

private func summary(of film: Film, in path: String) -> String {
  let (width, height) = film.size
  let takes = film.takes
    .map { "iteration \($0.iteration) reward \(decimal($0.recording.reward, 2))" }
    .joined(separator: ", ")
  return "\(path): \(film.frameCount) frames of \(width)x\(height), "
    + "\(film.framesPerSecond) a second; \(takes)"
}
