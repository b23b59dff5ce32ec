import Foundation

/// Writes pictures as a video, which the program ffmpeg encodes.
public final class VideoWriter {
  /// A kind of video file.
  public enum Format: String, Sendable, CaseIterable {
    /// H.264; the sides must be even.
    case mp4
    /// VP9; the sides must be even.
    case webm
    /// 256 colours, taken from the first pictures.
    case gif

    /// Whether a picture of this size can be encoded.
    public func accepts(width: Int, height: Int) -> Bool {
      self == .gif || (width.isMultiple(of: 2) && height.isMultiple(of: 2))
    }
  }

  private let path: String
  private let width: Int
  private let height: Int
  private let encoder: Process
  /// Our end of the encoder's input: a socket, because a broken pipe ends the program by a signal.
  private let input: Int32
  private let messages: Pipe
  private var isFinished = false

  /// Starts the encoder.
  ///
  /// - Parameters:
  ///   - path: The file to write; one that is there is replaced. It is whole after ``finish()``,
  ///     and removed if that is never called or fails.
  ///   - width: Pixels of each picture.
  ///   - height: Pixels of each picture.
  ///   - quality: `fast` spends the least time on compressing, `best` the most.
  /// - Precondition: The format accepts the size.
  /// - Throws: ``ViewerError/noEncoder`` without ffmpeg.
  public init(
    path: String, format: Format, width: Int, height: Int, framesPerSecond: Int,
    quality: DrawingQuality = .default
  ) throws(ViewerError) {
    precondition(format.accepts(width: width, height: height), "a size the format accepts")
    guard let program = Self.program else { throw .noEncoder }
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
      throw .encodingFailed(file: path, cause: String(cString: strerror(errno)))
    }
    // No other program may hold either end, or the encoder would wait for more for ever.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    self.path = path
    self.width = width
    self.height = height
    input = ends[0]
    messages = Pipe()
    encoder = Process()
    encoder.executableURL = URL(filePath: program)
    encoder.arguments =
      ["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
      + ["-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", "\(width)x\(height)"]
      + ["-framerate", "\(framesPerSecond)", "-i", "pipe:0"]
      + format.arguments(quality) + ["-f", format.rawValue, path]
    let encodersEnd = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    encoder.standardInput = encodersEnd
    encoder.standardOutput = FileHandle.nullDevice
    encoder.standardError = messages
    do {
      try encoder.run()
    } catch {
      close(input)
      throw .encodingFailed(file: path, cause: error.localizedDescription)
    }
    try? encodersEnd.close()
  }

  deinit {
    if isFinished { return }
    close(input)
    encoder.terminate()
    encoder.waitUntilExit()
    unlink(path)
  }

  /// Adds a picture of the video's size.
  public func append(_ picture: Picture) throws(ViewerError) {
    precondition(!isFinished, "the video is finished")
    precondition((picture.width, picture.height) == (width, height), "a picture of another size")
    let wasSent = picture.pixels.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let count = send(input, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
    if wasSent { return }
    try finish()
    unlink(path)
    throw .encodingFailed(file: path, cause: "it ended early")
  }

  /// Ends the video and waits until the file is whole.
  public func finish() throws(ViewerError) {
    if isFinished { return }
    isFinished = true
    close(input)
    let said = (try? messages.fileHandleForReading.readToEnd()) ?? nil
    encoder.waitUntilExit()
    guard encoder.terminationStatus == 0, encoder.terminationReason == .exit else {
      unlink(path)
      let lines = String(decoding: said ?? Data(), as: UTF8.self)
        .split(whereSeparator: \.isNewline)
      throw .encodingFailed(
        file: path, cause: lines.last.map { String($0) } ?? "exit \(encoder.terminationStatus)")
    }
  }

  /// Where ffmpeg is, by the PATH.
  private static var program: String? {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return folders.split(separator: ":").map { "\($0)/ffmpeg" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

extension VideoWriter.Format {
  /// The encoder's flags.
  fileprivate func arguments(_ quality: DrawingQuality) -> [String] {
    switch self {
    case .mp4:
      let (preset, rate) =
        switch quality {
        case .fast: ("ultrafast", "23")
        case .default: ("veryfast", "20")
        case .best: ("medium", "17")
        }
      return ["-c:v", "libx264", "-preset", preset, "-crf", rate, "-pix_fmt", "yuv420p"]
        + ["-movflags", "+faststart"]
    case .webm:
      let (speed, rate) =
        switch quality {
        case .fast: ("8", "40")
        case .default: ("6", "34")
        case .best: ("4", "28")
        }
      return ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", speed, "-row-mt", "1"]
        + ["-crf", rate, "-b:v", "0", "-pix_fmt", "yuv420p"]
    case .gif:
      // A palette of the whole video would keep every picture in memory.
      let palette = "[first]trim=end_frame=10,palettegen=stats_mode=full[palette]"
      let use = "[all][palette]paletteuse=dither=bayer:bayer_scale=5:diff_mode=rectangle"
      return ["-filter_complex", "[0:v]split[first][all];\(palette);\(use)"]
    }
  }
}
