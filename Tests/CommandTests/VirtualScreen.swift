import Foundation
import TestSupport
import Testing
import Viewer

/// An X server of its own without a real screen, with a keyboard and a mouse to press; it ends
/// with this object.
final class VirtualScreen {
  let width = 1000
  let height = 500
  private let process = Process()
  private let folder: TemporaryFolder
  private let number: Int

  init() throws {
    folder = try TemporaryFolder()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    // The server looks for a number that is free, and ends by itself should the tests crash. A key that is
    // held down for long, as on a busy machine, is not pressed anew.
    process.arguments = [
      "timeout", "100", "Xvfb", "-displayfd", "1", "-screen", "0", "\(width)x\(height)x24",
      "-nolisten", "tcp", "-noreset", "-r", "-fbdir", folder.path,
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.start()
    var text = ""
    while !text.hasSuffix("\n") {
      let part = pipe.fileHandleForReading.availableData
      if part.isEmpty { break }
      text += String(decoding: part, as: UTF8.self)
    }
    number = try #require(
      Int(text.trimmingCharacters(in: .newlines)), "Xvfb does not start: scripts/install test")
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
  }

  /// Whether the server has nothing to do.
  func isAtRest() throws -> Bool {
    let pid = process.processIdentifier
    let children = try String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
    let servers = children.split(separator: " ")
    return !servers.isEmpty && servers.allSatisfy { isAsleep($0) }
  }

  /// What a program needs to draw here, with no graphics card.
  var environment: [String: String] {
    ["DISPLAY": ":\(number)", "LIBGL_ALWAYS_SOFTWARE": "1", "WAYLAND_DISPLAY": ""]
  }

  /// Presses keys, moves the mouse and asks about windows.
  @discardableResult
  func xdotool(_ arguments: [String]) throws -> String { try run("xdotool", arguments) }

  @discardableResult
  func xdotool(_ arguments: String...) throws -> String { try xdotool(arguments) }

  func press(_ keys: String...) throws { try run("xdotool", ["key", "--delay", "1"] + keys) }

  /// Turns the mouse wheel away from the hand.
  func turnWheel(_ steps: Int) throws {
    try xdotool("mousemove", "200", "150", "click", "--repeat", "\(steps)", "--delay", "1", "4")
  }

  /// The window of this title, when there is one.
  func window(titled title: String) throws -> String {
    try wait("a window") {
      let text = (try? xdotool("search", "--name", "^\(title)$")) ?? ""
      return text.split(separator: "\n").first.map { String($0) }
    }
  }

  /// Does what a window manager does when its close button is pressed.
  func pressCloseButton(of window: String) throws {
    let script = """
      import ctypes, sys
      x = ctypes.CDLL('libX11.so.6')
      x.XOpenDisplay.restype = ctypes.c_void_p
      display = ctypes.c_void_p(x.XOpenDisplay(None))
      atom = lambda name: x.XInternAtom(display, name, 0)
      # type, serial, send_event, display, window, message_type, format, data
      class Event(ctypes.Structure):
          _fields_ = [('type', ctypes.c_int), ('serial', ctypes.c_ulong), ('sent', ctypes.c_int),
                      ('display', ctypes.c_void_p), ('window', ctypes.c_ulong),
                      ('kind', ctypes.c_ulong), ('format', ctypes.c_int),
                      ('data', ctypes.c_long * 5), ('rest', ctypes.c_long * 24)]
      window = int(sys.argv[1])
      event = Event(33, 0, 1, display, window, atom(b'WM_PROTOCOLS'), 32)
      event.data[0] = atom(b'WM_DELETE_WINDOW')
      x.XSendEvent(display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))
      x.XSync(display, 0)
      """
    try run("python3", ["-c", script, window])
  }

  /// The screen's left upper part.
  func picture(_ width: Int, _ height: Int) throws -> Picture {
    // Xvfb keeps its screen in a file of the format XWD: words, colours, rows of pixels.
    let file = try [UInt8](Data(contentsOf: URL(filePath: folder("Xvfb_screen0"))))
    func word(_ index: Int) -> Int {
      file[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    try #require(word(11) == 32 && width <= word(4) && height <= word(5))
    let (start, row) = (word(0) + 12 * word(19), word(12))
    var pixels = [UInt8](repeating: 0, count: 3 * width * height)
    for y in 0..<height {
      for x in 0..<width {
        let (pixel, place) = (start + y * row + 4 * x, 3 * (y * width + x))
        for color in 0..<3 { pixels[place + color] = file[pixel + 2 - color] }
      }
    }
    return Picture(width: width, height: height, pixels: pixels)
  }

  @discardableResult
  private func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    try process.start()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(program) \(arguments.joined(separator: " "))")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

private struct Failure: Error, CustomStringConvertible {
  var description: String
}

/// Whether every thread of a process waits for something: one that the machine has no time for does not.
func isAsleep(_ process: some CustomStringConvertible) -> Bool {
  let tasks = "/proc/\(process)/task"
  let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
  return !threads.isEmpty
    && threads.allSatisfy { thread in
      let text = try? String(contentsOfFile: "\(tasks)/\(thread)/stat", encoding: .utf8)
      // The state follows the name in parentheses; a thread that has ended has none.
      return text?.split(separator: ")").last?.hasPrefix(" S ") ?? true
    }
}

/// Asks again and again until there is an answer, for as long as a slow machine may need.
func wait<Answer>(
  _ what: String, seconds: Int = 30, for answer: () throws -> Answer?
) throws -> Answer {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while true {
    if let answer = try answer() { return answer }
    try #require(ContinuousClock.now < deadline, "waited in vain for \(what)")
    usleep(20_000)
  }
}
