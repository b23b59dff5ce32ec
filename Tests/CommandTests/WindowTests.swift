import Foundation
import TestSupport
import Testing
import Viewer

/// The window of `nres replay`, on a screen that nobody sees.
@Suite(.serialized)
struct WindowTests {
  static let title = "nres replay: Swimmer-v4"
  static let size = (width: 400, height: 300)
  /// Where the overlay and the help are, and a part that has neither.
  static let left = 0..<180
  static let right = 220..<400
  static let upper = 0..<140
  static let lower = 265..<295

  /// θ of four iterations, which alone are played for as long as the environment's episodes are.
  private func theta(in folder: TemporaryFolder) throws -> String {
    #expect(try Command.train(in: folder).status == 0)
    try FileManager.default.moveItem(
      atPath: folder("run/theta_trajectory.safetensors"), toPath: folder("theta.safetensors"))
    return "theta.safetensors"
  }

  /// A replay of the second iteration in its window.
  private func open(
    on screen: VirtualScreen, in folder: TemporaryFolder
  ) throws -> (Command.Running, window: String) {
    let running = try Command.Running(
      [
        "replay", try theta(in: folder), "--iteration", "2", "--quality", "fast", "--size",
        "\(Self.size.width)x\(Self.size.height)",
      ], in: folder, with: screen.environment)
    do {
      return (running, try screen.window(titled: Self.title))
    } catch {
      running.process.terminate()
      throw Failure(outcome: try running.finish())
    }
  }

  struct Failure: Error { var outcome: Command.Outcome }

  private func picture(_ screen: VirtualScreen) throws -> Picture {
    try screen.picture(Self.size.width, Self.size.height)
  }

  /// The picture once neither the window's program nor the screen has anything left to do.
  private func still(_ screen: VirtualScreen, _ running: Command.Running) throws -> Picture {
    func isAtRest() throws -> Bool {
      // What one gives the other wakes it.
      let program = running.process.processIdentifier
      return try isAsleep(program) && screen.isAtRest() && isAsleep(program)
    }
    return try wait("a picture that stays") {
      let picture = try picture(screen)
      guard try isAtRest() else { return nil }
      // Longer than the program sleeps from one picture to the next.
      usleep(50_000)
      return try isAtRest() && self.picture(screen) == picture ? picture : nil
    }
  }

  @Test("a program that waits is asleep; one at work, or that is not there, is not")
  func sleeper() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sleep")
    process.arguments = ["100"]
    try process.start()
    defer { process.terminate() }
    _ = try wait("sleep") { isAsleep(process.processIdentifier) ? true : nil }
    #expect(!isAsleep(getpid()) && !isAsleep(1 << 30))
  }

  @Test("keys, the mouse and a new size do what they should")
  func keys() throws {
    let folder = try TemporaryFolder()
    let screen = try VirtualScreen()
    let (running, window) = try open(on: screen, in: folder)
    defer { if running.process.isRunning { running.process.terminate() } }
    let geometry = try screen.xdotool("getwindowgeometry", "--shell", window)
    #expect(geometry.contains("WIDTH=400\nHEIGHT=300\n"))

    // It plays: the robot moves until space stops it.
    let first = try wait("the robot") {
      let picture = try picture(screen)
      return picture.robot.count > 200 ? picture : nil
    }
    _ = try wait("a movement") { try picture(screen).robot == first.robot ? nil : true }
    try screen.press("space")
    let paused = try still(screen, running)
    #expect(abs(paused.robot.x - 200) < 40 && abs(paused.robot.y - 150) < 40)
    let ticks = try processorTicks(of: running)
    usleep(300_000)
    #expect(try processorTicks(of: running) <= ticks + 2, "a paused window rests")

    /// What is to be seen once all is done that `act` asks for.
    func seen(after act: () throws -> Void) throws -> Picture {
      try act()
      return try still(screen, running)
    }

    // The overlay, the help and the camera go and come back.
    let bare = try seen { try screen.press("i") }
    #expect(bare.differences(from: paused, Self.left, Self.upper) > 500)
    #expect(bare.differences(from: paused, Self.right, 0..<300) == 0)
    #expect(bare.differences(from: paused, 0..<400, Self.lower) == 0)
    #expect(try seen { try screen.press("i") } == paused)
    let helped = try seen { try screen.press("h") }
    #expect(helped.differences(from: paused, Self.right, Self.upper) > 500)
    #expect(helped.differences(from: paused, 0..<400, Self.lower) == 0)
    #expect(try seen { try screen.press("h") } == paused)
    let free = try seen { try screen.press("Tab") }
    #expect(free.differences(from: paused, 0..<400, Self.lower) > 200)
    #expect(try seen { try screen.press("Tab") } == paused)

    // A picture of what is seen, and another beside it.
    _ = try seen { try screen.press("s") }
    let name = try #require(try folder.names.first { $0.hasPrefix("replay-") })
    let match = try #require(name.wholeMatch(of: /replay-Swimmer-v4-2-(\d+)\.png/), "\(name)")
    #expect(try Probe.pixels(of: folder(name), frame: 0) == Data(paused.pixels))
    try screen.press("s")
    let second = "replay-Swimmer-v4-2-\(match.1)-2.png"
    _ = try wait("a second picture") { try folder.names.contains(second) ? true : nil }
    #expect(
      try Data(contentsOf: URL(filePath: folder(name)))
        == Data(contentsOf: URL(filePath: folder(second))))

    _ = try wait("the message to go") { try picture(screen) == paused ? true : nil }

    // The mouse orbits, pans and zooms.
    let orbited = try seen { try drag(screen, button: 1) }
    #expect(orbited.differences(from: paused, 0..<400, Self.lower) > 200)
    #expect(abs(orbited.robot.x - paused.robot.x) < 15)
    let panned = try seen { try drag(screen, button: 3) }
    // What is looked at goes along with the mouse.
    #expect(abs(panned.robot.x - orbited.robot.x - 60) < 3)
    #expect(abs(panned.robot.y - orbited.robot.y - 30) < 3)
    let back = try seen { try drag(screen, button: 3, back: true) }
    #expect(abs(back.robot.x - orbited.robot.x) < 1 && abs(back.robot.y - orbited.robot.y) < 1)
    let zoomed = try seen { try screen.turnWheel(2) }
    #expect(Double(zoomed.robot.count) > 1.2 * Double(back.robot.count))

    // A wider window of the same height shows more at both sides, of the same size.
    try screen.xdotool("windowsize", window, "800", "300")
    _ = try wait("a wider picture") {
      let robot = try screen.picture(800, 300).robot
      return abs(robot.x - zoomed.robot.x - 200) < 3 && abs(robot.y - zoomed.robot.y) < 3
        && abs(robot.count - zoomed.robot.count) < zoomed.robot.count / 20 ? true : nil
    }

    // Other iterations begin at their first step.
    try screen.press("Right", "s", "Left", "Left", "Left", "r", "s")
    let others = ["replay-Swimmer-v4-3-0.png", "replay-Swimmer-v4-0-0.png"]
    _ = try wait("pictures of other iterations") {
      try folder.names.contains(others[1]) ? true : nil
    }
    try screen.press("Escape")
    let outcome = try running.finish()
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    #expect(outcome.lines == [name, second, others[0], others[1]].map { $0[...] })
    #expect(try Probe(folder(others[0])).width == 800)
    #expect(try folder.names.filter { $0.hasPrefix("replay-") || $0.hasPrefix(".") }.count == 4)
  }

  @Test("the close button closes, and a picture that cannot be saved is no reason to")
  func closeButton() throws {
    let folder = try TemporaryFolder()
    let screen = try VirtualScreen()
    let (running, window) = try open(on: screen, in: folder)
    defer { if running.process.isRunning { running.process.terminate() } }
    _ = try wait("the robot") { try picture(screen).robot.count > 200 ? true : nil }
    try screen.press("space")
    let paused = try still(screen, running)
    try FileManager.default.removeItem(atPath: folder.path)
    try screen.press("s")
    let told = try still(screen, running)
    #expect(told.differences(from: paused, Self.right, 270..<300) > 100)
    try screen.pressCloseButton(of: window)
    let outcome = try running.finish()
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    let message = try #require(
      outcome.error.wholeMatch(of: /nres: replay-Swimmer-v4-2-\d+\.png(: .+)\n/))
    #expect(message.1.contains("no such file"))
  }

  @Test("without a display the other modes are named", arguments: ["", ":987654"])
  func noDisplay(display: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(
      ["replay", try theta(in: folder)], in: folder,
      with: ["DISPLAY": display, "WAYLAND_DISPLAY": ""])
    #expect(outcome.status == EX_UNAVAILABLE && outcome.output.isEmpty)
    #expect(outcome.error.split(separator: "\n").count == 1)
    for mode in ["DISPLAY", "--video", "--frames", "--numbers"] {
      #expect(outcome.error.contains(mode))
    }
  }

  @Test(
    "flags of a window are checked",
    arguments: [
      ["--size", "400"], ["--size", "8x300"], ["--camera", "side"], ["--quality", "good"],
      ["--fps", "30"], ["--grid", "2x1"], ["--steps", "0"],
    ])
  func badFlags(flags: [String]) throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(
      ["replay", try theta(in: folder)] + flags, in: folder, with: ["DISPLAY": ""])
    #expect(outcome.status == EX_USAGE && outcome.error.hasPrefix("nres: \(flags[0]) "))
    #expect(outcome.error.split(separator: "\n").count == 1)
  }

  /// Drags to the right and down, or back.
  private func drag(_ screen: VirtualScreen, button: Int, back: Bool = false) throws {
    let places = [["mousemove", "150", "200"], ["mousemove", "210", "230"]]
    let (from, to) = back ? (places[1], places[0]) : (places[0], places[1])
    try screen.xdotool(from + ["mousedown", "\(button)"] + to + ["mouseup", "\(button)"])
  }

  /// Time of the processor that a process has used, in hundredths of a second.
  private func processorTicks(of running: Command.Running) throws -> Int {
    let path = "/proc/\(running.process.processIdentifier)/stat"
    let fields = try String(contentsOfFile: path, encoding: .utf8).split(separator: " ")
    return try #require(Int(fields[13])) + #require(Int(fields[14]))
  }
}

extension Picture {
  private func color(_ x: Int, _ y: Int) -> ArraySlice<UInt8> {
    let start = 3 * (y * width + x)
    return pixels[start..<start + 3]
  }

  /// Number and mean place of a robot's pixels: orange to yellow, which nothing else is.
  fileprivate var robot: Place {
    var place = Place()
    for y in 0..<height {
      for x in 0..<width {
        let start = 3 * (y * width + x)
        guard pixels[start] > 80, pixels[start] - 50 > pixels[start + 2] else { continue }
        place.count += 1
        place.x += Double(x)
        place.y += Double(y)
      }
    }
    place.x /= Double(max(place.count, 1))
    place.y /= Double(max(place.count, 1))
    return place
  }

  fileprivate struct Place: Equatable {
    var count = 0
    var x = 0.0
    var y = 0.0
  }

  /// Pixels of a part that are not as in another picture.
  fileprivate func differences(
    from other: Picture, _ columns: Range<Int>, _ rows: Range<Int>
  ) -> Int {
    rows.reduce(0) { sum, y in sum + columns.count { color($0, y) != other.color($0, y) } }
  }
}
