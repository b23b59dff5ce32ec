public import Foundation

/// What ffprobe says of a video.
public struct Probe {
  struct Failure: Error {
    var command: [String]
  }

  public private(set) var frames = 0
  public private(set) var width = 0
  public private(set) var height = 0
  public private(set) var rate = ""
  public private(set) var format = ""

  public init(_ path: String) throws {
    let text = try Self.output(
      "ffprobe", "-v", "error", "-count_frames", "-show_entries",
      "stream=width,height,r_frame_rate,nb_read_frames:format=format_name", "-of",
      "default=noprint_wrappers=1", path)
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      let value = String(line.drop { $0 != "=" }.dropFirst())
      if line.hasPrefix("width") { width = Int(value) ?? 0 }
      if line.hasPrefix("height") { height = Int(value) ?? 0 }
      if line.hasPrefix("nb_read_frames") { frames = Int(value) ?? 0 }
      if line.hasPrefix("r_frame_rate") { rate = value }
      if line.hasPrefix("format_name") { format = value }
    }
  }

  /// RGB bytes of a picture of the video, or of a PNG file as its only one.
  public static func pixels(of path: String, frame: Int) throws -> Data {
    try output(
      "ffmpeg", "-v", "error", "-i", path, "-vf", "select=eq(n\\,\(frame))", "-frames:v", "1",
      "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
  }

  private static func output(_ command: String...) throws -> Data {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    try process.start()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(command: command) }
    return data
  }
}
