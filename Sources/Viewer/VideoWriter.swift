import Foundation

/// Writes pictures as a video, which the program ffmpeg encodes.
public final class VideoWriter {
  /// A kind of video file.
  public enum Format: String, Sendable, CaseIterable {
    /// H.264; the sides must be even.
    case mp4
    /// VP9; the sides must be even.
    case webm
    /// 256 colours, taken from the first pictures; 50 pictures a second at the most.
    case gif

    /// The most pictures a second. A GIF counts in hundredths, and viewers slow down single ones.
    public var highestRate: Int { self == .gif ? 50 : 240 }

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
  /// What the encoder says, a file without a name: a full pipe would make it wait.
  private let messages: FileHandle
  private let isCancelled: () -> Bool
  private var isFinished = false

  /// Starts the encoder.
  ///
  /// - Parameters:
  ///   - path: The file to write; one that is there is replaced. It is whole after ``finish()``,
  ///     and removed if that is never called or fails.
  ///   - width: Pixels of each picture.
  ///   - height: Pixels of each picture.
  ///   - quality: `fast` spends the least time on compressing, `best` the most.
  ///   - isCancelled: Asked while it waits for the encoder; true ends the waiting with an error.
  /// - Precondition: The format accepts the size and the rate.
  /// - Throws: ``ViewerError/noEncoder`` without ffmpeg.
  public init(
    path: String, format: Format, width: Int, height: Int, framesPerSecond: Int,
    quality: DrawingQuality = .default, isCancelled: @escaping () -> Bool = { false }
  ) throws(ViewerError) {
    precondition(format.accepts(width: width, height: height), "a size the format accepts")
    precondition((1...format.highestRate).contains(framesPerSecond), "a rate the format accepts")
    guard let program = Self.program else { throw .noEncoder }
    var ends: [Int32] = [-1, -1]
    // No other program may hold either end, or the encoder would wait for more for ever.
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    let messages = try Self.namelessFile()
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw .encodingFailed(file: path, cause: String(cString: strerror(errno)))
    }
    self.path = path
    self.width = width
    self.height = height
    self.messages = messages
    self.isCancelled = isCancelled
    input = ends[0]
    encoder = Process()
    encoder.executableURL = URL(filePath: program)
    encoder.arguments =
      ["-nostdin", "-hide_banner", "-loglevel", "error", "-xerror", "-y"]
      + ["-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", "\(width)x\(height)"]
      + ["-framerate", "\(framesPerSecond)", "-i", "pipe:0"]
      + format.arguments(quality) + ["-f", format.rawValue, "file:" + path]
    let encodersEnd = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    encoder.standardInput = encodersEnd
    encoder.standardOutput = FileHandle.nullDevice
    encoder.standardError = messages
    do {
      try encoder.run()
    } catch {
      isFinished = true
      close(input)
      throw .encodingFailed(file: path, cause: error.localizedDescription)
    }
    try? encodersEnd.close()
  }

  deinit {
    if isFinished { return }
    close(input)
    stop()
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
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let count = send(input, part.baseAddress, part.count, flags)
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN || errno == EINTR {
          if isCancelled() { return false }
          var request = pollfd(fd: input, events: Int16(POLLOUT), revents: 0)
          poll(&request, 1, 100)
        } else {
          return false
        }
      }
      return true
    }
    if wasSent { return }
    try finish()
    unlink(path)
    throw .encodingFailed(file: path, cause: "it ended early")
  }

  /// Ends the video and waits until the file is whole and on the disk.
  public func finish() throws(ViewerError) {
    if isFinished { return }
    isFinished = true
    close(input)
    while encoder.isRunning && !isCancelled() { usleep(2000) }
    if encoder.isRunning { stop() }
    encoder.waitUntilExit()
    // It may exit with 0 after a write that failed; whatever it says is an error at this level.
    if let cause = failure {
      unlink(path)
      throw .encodingFailed(file: path, cause: cause)
    }
  }

  /// Why there is no whole video, if so.
  private var failure: String? {
    if encoder.isRunning { return nil }
    try? messages.seek(toOffset: 0)
    let said = (try? messages.read(upToCount: 65536)) ?? nil
    let lines = String(decoding: said ?? Data(), as: UTF8.self).split(whereSeparator: \.isNewline)
    if let last = lines.last { return String(last) }
    let status = encoder.terminationStatus
    if encoder.terminationReason != .exit { return "ended by signal \(status)" }
    guard status == 0 else { return "exit status \(status)" }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    defer { if file >= 0 { close(file) } }
    return file >= 0 && fsync(file) == 0 ? nil : String(cString: strerror(errno))
  }

  /// Ends the encoder, which may be stopped or busy.
  private func stop() {
    kill(encoder.processIdentifier, SIGKILL)
    encoder.waitUntilExit()
  }

  private static func namelessFile() throws(ViewerError) -> FileHandle {
    let folder = FileManager.default.temporaryDirectory.path
    let name = "\(folder)/nres-\(UUID().uuidString)"
    let descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .noTemporaryFile(folder: folder, cause: String(cString: strerror(errno)).lowercased())
    }
    unlink(name)
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Where ffmpeg is, by the PATH.
  private static var program: String? {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return folders.split(separator: ":").map { "\($0)/ffmpeg" }.first { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
    }
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
