import Foundation
import TestSupport
import Testing

/// `nres replay --video` and `--frames`, without a screen.
@Suite struct ReplayPicturesTests {
  private let folder: TemporaryFolder

  /// A run of episodes of 40 steps.
  init() throws {
    folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
  }

  private func replay(_ flags: String, with changes: [String: String] = [:]) throws
    -> Command.Outcome
  {
    try Command.run(
      ["replay", "run"] + flags.split(separator: " ").map { String($0) }, in: folder,
      with: changes)
  }

  /// The reward of the first evaluation episode of an iteration, from `--numbers`.
  private func firstReward(_ iteration: Int) throws -> Double {
    struct Line: Decodable {
      var rewards: [Double]
    }
    let output = try replay("--numbers --json --iteration \(iteration)").output
    return try JSONDecoder().decode(Line.self, from: Data(output.utf8)).rewards[0]
  }

  @Test(arguments: ["mp4", "webm", "gif"])
  func video(format: String) throws {
    let outcome = try replay(
      "--video film.\(format) --size 64x48 --fps 50 --quality fast --iteration 2")
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
    let facts = try Probe(folder("film.\(format)"))
    // 40 steps of 0.04 s.
    #expect(facts.frames == 80)
    #expect((facts.width, facts.height) == (64, 48))
    #expect(facts.rate == "50/1")
    let reward = String(format: "%.2f", try firstReward(2))
    #expect(
      outcome.output
        == "film.\(format): 80 frames of 64x48, 50 a second; iteration 2 reward \(reward)"
        + " (truncated)\n")
    #expect(try folder.names == ["film.\(format)", "run"])
  }

  @Test func aMissingTemporaryFolderIsNamed() throws {
    let outcome = try replay(
      "--video film.mp4 --size 64x48 --iteration 2", with: ["TMPDIR": "/proc/none"])
    #expect(outcome.status == 73)
    #expect(
      outcome.error
        == "nres: /proc/none: cannot make a temporary file (no such file or directory): set TMPDIR "
        + "to a folder that can be written\n")
    #expect(try folder.names == ["run"])
  }

  @Test func iterationsFollowEachOther() throws {
    let outcome = try replay(
      "--frames pictures --size 32x24 --steps 7 --iterations 0,3,1 --quality fast")
    #expect(outcome.status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("pictures")).sorted()
    #expect(names == (1...21).map { String(format: "frame-%06d.png", $0) })
    let facts = try Probe(folder("pictures/frame-000021.png"))
    #expect((facts.width, facts.height) == (32, 24))
    // Each starts anew, with another policy and seed.
    let starts = try [1, 8, 15].map {
      try Probe.pixels(of: folder(String(format: "pictures/frame-%06d.png", $0)), frame: 0)
    }
    #expect(Set(starts).count == 3)
  }

  @Test func grid() throws {
    let flags = "--steps 2 --size 64x128 --quality fast --seed 9"
    #expect(try replay("--frames grid --grid 2x2 --iterations all \(flags)").status == 0)
    #expect(try replay("--frames single --iteration 2 \(flags)").status == 0)
    let path = folder("grid/frame-000002.png")
    let facts = try Probe(path)
    #expect((facts.width, facts.height) == (128, 256))
    let grid = try Array(Probe.pixels(of: path, frame: 0))
    let single = try Array(Probe.pixels(of: folder("single/frame-000002.png"), frame: 0))
    // Iteration 2 is on the left of the second row; the captions, above, differ.
    let rows = 104..<128
    let same = rows.count { row in
      let start = 3 * 128 * (128 + row)
      return grid[start..<start + 3 * 64] == single[3 * 64 * row..<3 * 64 * (row + 1)]
    }
    #expect(same == rows.count)
  }

  @Test func sameCommandSamePictures() throws {
    for name in ["a", "b"] {
      #expect(try replay("--frames \(name) --steps 3 --size 48x48").status == 0)
    }
    for number in 1...3 {
      let name = "frame-00000\(number).png"
      #expect(
        FileManager.default.contents(atPath: folder("a/\(name)"))
          == FileManager.default.contents(atPath: folder("b/\(name)")))
    }
  }

  @Test func existingVideoIsReplacedAndFolderIsNot() throws {
    _ = try folder.file("film.gif", [1, 2, 3])
    #expect(try replay("--video film.gif --steps 2 --size 32x32").status == 0)
    #expect(try Probe(folder("film.gif")).frames == 2)
    let outcome = try replay("--frames run --steps 2 --size 32x32")
    #expect(outcome.status == 73)
    #expect(outcome.error == "nres: run: the folder is not empty: choose another\n")
  }

  static let refusals: [(flags: String, status: Int32, error: String)] = [
    (
      "--video film.avi", 64, "--video is 'film.avi': the name must end in one of .mp4, .webm, .gif"
    ),
    ("--video mp4", 64, "--video is 'mp4': the name must end in one of .mp4, .webm, .gif"),
    ("--video a.mp4 --frames b", 64, "--video and --frames exclude each other: give one of them"),
    (
      "--video a.mp4 --numbers", 64,
      "--numbers and --video exclude each other: pictures have no numbers"
    ),
    ("--video a.mp4 --size 33x20", 64, "--size gives pictures of 33x20: mp4 needs even sides"),
    (
      "--video a.mp4 --size 640", 64,
      "--size is '640': give width and height, 640x480, each 16 to 8192"
    ),
    (
      "--video a.mp4 --size 0x480", 64,
      "--size is '0x480': give width and height, 640x480, each 16 to 8192"
    ),
    (
      "--video a.mp4 --size 99999x480", 64,
      "--size is '99999x480': give width and height, 640x480, each 16 to 8192"
    ),
    ("--video a.gif --fps 60", 64, "--fps is 60: it must be between 1 and 50"),
    ("--frames .", 73, ".: is no name for a new folder"),
    ("--frames /proc", 73, "/proc: the folder is not empty: choose another"),
    (
      "--numbers --camera free", 64,
      "--numbers and --camera exclude each other: pictures have no numbers"
    ),
    ("--video a.mp4 --fps 0", 64, "--fps is 0: it must be between 1 and 240"),
    ("--video a.mp4 --steps 0", 64, "--steps is 0: it must be positive"),
    ("--video a.mp4 --camera side", 64, "--camera is 'side': choose from tracking, free"),
    ("--video a.mp4 --quality high", 64, "--quality is 'high': choose from fast, default, best"),
    ("--video a.mp4 --grid 2", 64, "--grid is '2': give columns and rows, 3x2"),
    ("--video a.mp4 --grid 0x2", 64, "--grid is '0x2': give columns and rows, 3x2"),
    (
      "--video a.mp4 --grid 99x2", 64,
      "--grid 99x2 of 320x240 is too large: a picture has at most 8192 pixels a side"
    ),
    (
      "--video a.mp4 --grid 3x2 --iterations 0,1", 64,
      "--grid 3x2 has 6 cells, but --iterations chooses 2"
    ),
    ("--video none/a.mp4", 73, "none/a.mp4: no such file or directory"),
    ("--frames none/a", 73, "none/a: no such file or directory"),
  ]

  @Test(arguments: refusals.indices)
  func refused(index: Int) throws {
    let (flags, status, error) = Self.refusals[index]
    let outcome = try replay(flags)
    #expect(outcome.error == "nres: \(error)\n")
    #expect(outcome.status == status)
    #expect(outcome.output == "")
    #expect(try folder.names == ["run"])
  }

  @Test func withoutEncoder() throws {
    let outcome = try replay("--video a.mp4", with: ["PATH": "/nowhere"])
    #expect(
      outcome.error
        == "nres: ffmpeg is not on the PATH: install ffmpeg, or use --frames for PNG pictures\n")
    #expect(outcome.status == 69)
    #expect(try folder.names == ["run"])
  }

  /// A program in the place of ffmpeg.
  private func replay(_ flags: String, encoder script: String) throws -> Command.Outcome {
    let programs = try TemporaryFolder()
    let path = try programs.file("ffmpeg", script.utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return try replay(flags, with: ["PATH": "\(programs.path):/usr/bin:/bin"])
  }

  @Test func encoderThatCannotStart() throws {
    let outcome = try replay("--video a.mp4 --steps 2", encoder: "no program")
    #expect(outcome.error.hasPrefix("nres: a.mp4: ffmpeg failed: "))
    #expect(outcome.status == 74)
    #expect(try folder.names == ["run"])
  }

  /// ffmpeg itself exits with 0 after some writes that failed.
  @Test func encoderThatComplains() throws {
    let outcome = try replay(
      "--video a.mp4 --steps 2",
      encoder: "#!/bin/sh\ncat > /dev/null\necho Disk is full >&2\nexit 0\n")
    #expect(outcome.error == "nres: a.mp4: ffmpeg failed: Disk is full\n")
    #expect(outcome.status == 74)
    #expect(try folder.names == ["run"])
  }

  /// More than a pipe holds would block an encoder whose words nobody reads.
  @Test func encoderThatSaysMuch() throws {
    let outcome = try replay(
      "--video a.mp4 --steps 2",
      encoder: "#!/bin/sh\nhead -c 300000 /dev/zero | tr '\\0' x >&2\ncat > /dev/null\nexit 1\n")
    #expect(outcome.status == 74)
    #expect(outcome.error.hasPrefix("nres: a.mp4: ffmpeg failed: xxx"))
    #expect(try folder.names == ["run"])
  }

  @Test func interruptEndsAWaitForTheEncoder() throws {
    let programs = try TemporaryFolder()
    let path = try programs.file("ffmpeg", "#!/bin/sh\nexec sleep 1000\n".utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    let running = try Command.Running(
      ["replay", "run", "--video", "a.mp4", "--quality", "fast"], in: folder,
      with: ["PATH": "\(programs.path):/usr/bin:/bin"])
    let deadline = ContinuousClock.now + .seconds(60)
    while try folder.names.count < 2, ContinuousClock.now < deadline { usleep(1000) }
    usleep(300_000)
    running.process.terminate()
    let outcome = try running.finish()
    #expect(outcome.status == 143)
    #expect(outcome.error == "nres: interrupted; nothing was written\n")
    #expect(try folder.names == ["run"])
  }

  @Test func foldersWithAnyName() throws {
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder("12:30 é"), withIntermediateDirectories: false)
    let video = try Command.run(
      ["replay", "run", "--video", "12:30 é/a.mp4", "--steps", "2", "--size", "32x32"], in: folder)
    #expect(video.error == "")
    #expect(try Probe(folder("12:30 é/a.mp4")).frames == 2)
    try manager.createDirectory(atPath: folder("empty"), withIntermediateDirectories: false)
    try manager.createSymbolicLink(atPath: folder("link"), withDestinationPath: "empty")
    #expect(try replay("--frames link --steps 2 --size 32x32").status == 0)
    #expect(try manager.contentsOfDirectory(atPath: folder("empty")).count == 2)
    try manager.createSymbolicLink(atPath: folder("lost"), withDestinationPath: "nowhere")
    #expect(
      try replay("--frames lost --steps 2").error == "nres: lost: is a link that leads nowhere\n")
  }

  @Test func evenGridOfOddCells() throws {
    let flags = "--grid 2x2 --iterations all --size 33x33 --steps 2"
    #expect(try replay("--video a.mp4 \(flags)").status == 0)
    #expect(try Probe(folder("a.mp4")).width == 66)
  }

  @Test func withoutOpenGL() throws {
    let outcome = try replay(
      "--frames a", with: ["__EGL_VENDOR_LIBRARY_DIRS": "/nowhere"])
    #expect(outcome.error.hasPrefix("nres: cannot draw without a screen ("))
    #expect(outcome.error.hasSuffix("): install libegl1 and libgl1-mesa-dri\n"))
    #expect(outcome.lines.count <= 1)
    #expect(outcome.status == 69)
    #expect(try folder.names == ["run"])
  }

  @Test func interruptLeavesNothing() throws {
    for flags in ["--video a.mp4", "--frames a"] {
      let running = try Command.Running(
        ["replay", "run", "--fps", "240", "--quality", "best"]
          + flags.split(separator: " ").map { String($0) },
        in: folder)
      // The first picture is there, or the encoder's file.
      let deadline = ContinuousClock.now + .seconds(60)
      func hasBegun() throws -> Bool {
        try folder.names.contains { name in
          name.hasPrefix(".partial")
            && (flags.contains("video")
              || FileManager.default.fileExists(atPath: folder("\(name)/frame-000001.png")))
        }
      }
      while try !hasBegun(), ContinuousClock.now < deadline { usleep(1000) }
      running.process.interrupt()
      let outcome = try running.finish()
      #expect(outcome.status == 130)
      #expect(outcome.error == "nres: interrupted; nothing was written\n")
      #expect(try folder.names == ["run"])
    }
  }
}
