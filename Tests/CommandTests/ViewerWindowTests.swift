import Envs
import Foundation
import Testing
import Viewer

/// The window as a library; in a process of its own, whose environment can be changed.
struct ViewerWindowTests {
  @Test("windows and pictures off the screen do not disturb each other")
  func together() async {
    await #expect(processExitsWith: .success) {
      let screen = try VirtualScreen()
      for (name, value) in screen.environment { setenv(name, value, 1) }
      try await drawSideBySide()
      withExtendedLifetime(screen) {}
    }
  }

  @Test("a display that is not there is an error that can be caught")
  func noDisplay() async {
    await #expect(processExitsWith: .success) {
      unsetenv("DISPLAY")
      try await MainActor.run {
        let simulator = try Simulator(Locomotion.swimmer)
        let error = #expect(throws: ViewerError.self) { try ViewerWindow(simulator, title: "A") }
        guard case .noWindow(let cause) = error else { throw Wrong() }
        try #require(cause.contains("DISPLAY") && !cause.contains("\n"))
      }
    }
  }
}

private struct Wrong: Error {}

@MainActor
private func drawSideBySide() throws {
  let cheetah = try Simulator(Locomotion.halfCheetah)
  let swimmer = try Simulator(Locomotion.swimmer)
  let running = Moment(try cheetah.reset(seed: 1, in: cheetah.makeScratch()))
  let swimming = Moment(try swimmer.reset(seed: 1, in: swimmer.makeScratch()))
  let renderer = try OffscreenRenderer(cheetah, width: 160, height: 120)
  try renderer.draw(running, camera: .tracking)
  let alone = try renderer.picture()
  // GLFW ends with the last window and starts again with the next.
  for _ in 0..<2 {
    let first = try ViewerWindow(cheetah, title: "first", width: 160, height: 120)
    try first.show(running)
    let seen = try first.picture()
    let second = try ViewerWindow(
      swimmer, title: "second", width: 200, height: 120, quality: .best)
    #expect(throws: ViewerError.self) { try second.picture() }
    try second.show(swimming, camera: .free)
    let other = try second.picture()
    try #require(second.size == (200, 120) && (other.width, other.height) == (200, 120))

    try renderer.draw(running, camera: .tracking)
    try #require(try renderer.picture() == alone)
    try first.show(running)
    try #require(try first.picture() == seen && second.picture() == other)
    try #require(try renderer.picture() == alone)
    // The same drawing but for the smoothing of its edges.
    let differences = zip(seen.pixels, alone.pixels).count { abs(Int($0) - Int($1)) > 8 }
    try #require(differences < seen.pixels.count / 20)
    try #require(first.events().isEmpty)
  }
}
