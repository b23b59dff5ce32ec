import ArgumentParser
import Playback
import Settings
import Trainer
import Viewer

/// The flags of `nres replay` that say what pictures look like and where they go.
struct PictureFlags: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write a video, .mp4, .webm or .gif, in place of one of that name. Needs ffmpeg, but no "
        + "screen.", valueName: "file"))
  var video: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Write PNG pictures to a new or empty folder.", valueName: "folder"))
  var frames: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Show the chosen iterations side by side, 3x2 for six, not one after another.",
      valueName: "CxR"))
  var grid: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Pixels of a picture, in a grid of a cell (default: 640x480, in a grid 320x240, of the "
        + "window 960x720).",
      valueName: "WxH"))
  var size: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Pictures a second (default: one a step).", valueName: "n"),
    transform: wholeNumber)
  var fps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show the first n steps (default: the whole episode).", valueName: "n"),
    transform: wholeNumber)
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "tracking goes along, free stays in place (default: tracking).", valueName: "name"))
  var camera: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "fast, default or best: edges, shadows, reflections, and the compression of a video.",
      valueName: "name"))
  var quality: String?

  /// The pictures that are asked for; nil for a window.
  ///
  /// - Parameter isForbidden: Whether another mode was asked for.
  func mode(isForbidden: Bool) throws -> ReplayPictures? {
    let given = [
      ("--video", video != nil), ("--frames", frames != nil), ("--grid", grid != nil),
      ("--size", size != nil), ("--fps", fps != nil), ("--steps", steps != nil),
      ("--camera", camera != nil), ("--quality", quality != nil),
    ].filter(\.1).map(\.0)
    if isForbidden, let first = given.first {
      throw SettingsError("--numbers and \(first) exclude each other: pictures have no numbers")
    }
    let camera = try choice(self.camera, "--camera") ?? Camera.tracking
    let quality = try choice(self.quality, "--quality") ?? DrawingQuality.default
    let output: ReplayPictures.Output
    switch (video, frames) {
    case (nil, nil):
      for (isGiven, flag) in [(grid != nil, "--grid"), (fps != nil, "--fps")] where isGiven {
        throw SettingsError("\(flag) needs --video or --frames")
      }
      return nil
    case (_?, _?): throw SettingsError("--video and --frames exclude each other: give one of them")
    case (let file?, nil): output = .video(file, try videoFormat(of: file))
    case (nil, ""?): throw SettingsError("--frames is empty: name a folder")
    case (nil, let folder?): output = .frames(folder)
    }
    let grid = try self.grid.map { text in
      guard let sides = sides(text), sides.0 > 0, sides.1 > 0 else {
        throw SettingsError("--grid is '\(text)': give columns and rows, 3x2")
      }
      return Film.Grid(columns: sides.0, rows: sides.1)
    }
    let (width, height) = try pictureSize(
      grid, default: grid == nil ? "640x480" : "320x240")
    let pictures = ReplayPictures(
      output: output, grid: grid, width: width, height: height, framesPerSecond: fps,
      steps: try positiveSteps, camera: camera, quality: quality)
    if let fps, !(1...pictures.highestRate).contains(fps) {
      throw SettingsError("--fps is \(fps): it must be between 1 and \(pictures.highestRate)")
    }
    let whole = (width * (grid?.columns ?? 1), height * (grid?.rows ?? 1))
    if case .video(_, let format) = output, !format.accepts(width: whole.0, height: whole.1) {
      throw SettingsError(
        "--size gives pictures of \(whole.0)x\(whole.1): \(format.rawValue) needs even sides")
    }
    return pictures
  }

  /// The format that a file name asks for.
  private func videoFormat(of path: String) throws -> VideoWriter.Format {
    let suffix = path.split(separator: "/").last?.split(separator: ".").dropFirst().last
    if let format = suffix.flatMap({ VideoWriter.Format(rawValue: $0.lowercased()) }) {
      return format
    }
    let choices = VideoWriter.Format.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
    throw SettingsError("--video is '\(path)': the name must end in one of \(choices)")
  }

  /// The window that is asked for where nothing else is.
  func window() throws -> ReplayWindow {
    let (width, height) = try pictureSize(nil, default: "960x720")
    return ReplayWindow(
      width: width, height: height, steps: try positiveSteps,
      camera: try choice(camera, "--camera") ?? .tracking,
      quality: try choice(quality, "--quality") ?? .default)
  }

  private var positiveSteps: Int? {
    get throws {
      if let steps, steps < 1 { throw SettingsError("--steps is \(steps): it must be positive") }
      return steps
    }
  }

  /// Pixels of a cell, checked with the whole grid.
  private func pictureSize(
    _ grid: Film.Grid?, default normal: String
  ) throws -> (Int, Int) {
    let limits = OffscreenRenderer.sides
    let size = size ?? normal
    guard let (width, height) = sides(size), limits.contains(width), limits.contains(height) else {
      throw SettingsError(
        "--size is '\(size)': give width and height, 640x480, each "
          + "\(limits.lowerBound) to \(limits.upperBound)")
    }
    guard let grid else { return (width, height) }
    guard limits.contains(width * grid.columns), limits.contains(height * grid.rows) else {
      throw SettingsError(
        "--grid \(grid.columns)x\(grid.rows) of \(size) is too large: a picture has at most "
          + "\(limits.upperBound) pixels a side")
    }
    return (width, height)
  }

  /// The numbers of `3x2`; each has at most five digits.
  private func sides(_ text: String) -> (Int, Int)? {
    let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.count <= 5 && $0.allSatisfy(\.isNumber) }),
      let first = Int(parts[0]), let second = Int(parts[1])
    else { return nil }
    return (first, second)
  }

  private func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String?, _ flag: String
  ) throws -> Choice? where Choice.RawValue == String {
    guard let name else { return nil }
    if let choice = Choice(rawValue: name.lowercased()) { return choice }
    let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw SettingsError("\(flag) is '\(name)': choose from \(choices)")
  }
}
