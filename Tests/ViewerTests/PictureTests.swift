import Foundation
import TestSupport
import Testing
import Viewer

@Suite struct PictureTests {
  /// Sizes that are no multiple of anything, and something like noise, which hardly compresses.
  @Test(arguments: [(1, 1), (7, 3), (131, 97)])
  func pngHasItsPixels(width: Int, height: Int) throws {
    let noise = (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 9) }
    let picture = Picture(width: width, height: height, pixels: noise)
    let folder = try TemporaryFolder()
    let path = try folder.file("picture.png", picture.png())
    #expect(try Array(Probe.pixels(of: path, frame: 0)) == noise)
    let facts = try Probe(path)
    #expect((facts.width, facts.height) == (width, height))
  }
}
