import Foundation
import TestSupport
import Testing
import Viewer

@Suite struct PictureTests {
  /// Sizes that are no multiple of anything, and noise, which does not compress.
  @Test(arguments: [(1, 1), (7, 3), (131, 97)])
  func pngHasItsPixels(width: Int, height: Int) throws {
    var generator = SystemRandomNumberGenerator()
    let noise = (0..<3 * width * height).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let picture = Picture(width: width, height: height, pixels: noise)
    let folder = try TemporaryFolder()
    let path = try folder.file("picture.png", picture.png())
    #expect(try Array(Probe.pixels(of: path, frame: 0)) == noise)
    let facts = try Probe(path)
    #expect((facts.width, facts.height) == (width, height))
  }
}
