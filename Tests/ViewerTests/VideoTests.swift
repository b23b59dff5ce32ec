import Foundation
import TestSupport
import Testing
import Viewer

/// Videos, read back with ffprobe and ffmpeg.
@Suite struct VideoTests {
  /// Red on the left of a line that moves to the right, blue on its right.
  private func picture(_ number: Int, width: Int, height: Int) -> Picture {
    var pixels: [UInt8] = []
    for _ in 0..<height {
      for x in 0..<width { pixels += x < 4 * number ? [220, 30, 30] : [30, 30, 220] }
    }
    return Picture(width: width, height: height, pixels: pixels)
  }

  private func write(
    _ format: VideoWriter.Format, to path: String, count: Int = 12, width: Int = 64,
    height: Int = 48, framesPerSecond: Int = 20, quality: DrawingQuality = .default
  ) throws {
    let writer = try VideoWriter(
      path: path, format: format, width: width, height: height, framesPerSecond: framesPerSecond,
      quality: quality)
    for number in 0..<count {
      try writer.append(picture(number, width: width, height: height))
    }
    try writer.finish()
  }

  @Test(arguments: VideoWriter.Format.allCases, DrawingQuality.allCases)
  func hasWhatWasAsked(_ format: VideoWriter.Format, _ quality: DrawingQuality) throws {
    let folder = try TemporaryFolder()
    let path = folder("video")
    try write(format, to: path, quality: quality)
    let facts = try Probe(path)
    #expect(facts.frames == 12)
    #expect((facts.width, facts.height) == (64, 48))
    #expect(facts.rate == "20/1")
    #expect(facts.format.contains(format.rawValue))
    // The line has moved: half the pixels of the eighth picture are red, from the left.
    let pixels = try Probe.pixels(of: path, frame: 8)
    try #require(pixels.count == 64 * 48 * 3)
    for y in [3, 24, 44] {
      #expect(pixels[3 * (64 * y + 20)] > 150)
      #expect(pixels[3 * (64 * y + 20) + 2] < 110)
      #expect(pixels[3 * (64 * y + 44)] < 110)
      #expect(pixels[3 * (64 * y + 44) + 2] > 150)
    }
  }

  @Test func oddSides() throws {
    #expect(VideoWriter.Format.allCases.filter { $0.accepts(width: 33, height: 20) } == [.gif])
    #expect(VideoWriter.Format.allCases.allSatisfy { $0.accepts(width: 32, height: 20) })
    let folder = try TemporaryFolder()
    try write(.gif, to: folder("odd.gif"), width: 33, height: 21)
    #expect(try Probe(folder("odd.gif")).width == 33)
  }

  @Test func abandonedVideoLeavesNothing() throws {
    let folder = try TemporaryFolder()
    do {
      let writer = try VideoWriter(
        path: folder("video"), format: .mp4, width: 64, height: 48, framesPerSecond: 20)
      for number in 0..<30 { try writer.append(picture(number, width: 64, height: 48)) }
    }
    #expect(try folder.names == [])
  }

  @Test func unwritableFileIsAnError() throws {
    let folder = try TemporaryFolder()
    let path = folder("none/video")
    let error = #expect(throws: ViewerError.self) { try write(.mp4, to: path, count: 400) }
    let text = try #require(error?.description)
    #expect(text.hasPrefix("\(path): ffmpeg failed: "))
    #expect(text.contains("No such file or directory"))
    #expect(!text.contains("\n"))
  }
}
