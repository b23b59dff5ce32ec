import Testing
import Viewer

@Suite struct PictureTests {
  @Test func keepsItsPixels() {
    let picture = Picture(width: 1, height: 2, pixels: [1, 2, 3, 4, 5, 6])
    #expect(picture.pixels[3 * picture.width] == 4)
  }
}
