import Foundation
import TestSupport
import Testing

struct TerminalTests {
  @Test("on a terminal one line is written over and over")
  func terminal() throws {
    let folder = try TemporaryFolder()
    let script = """
      import json, os, pty, subprocess, sys
      ours, theirs = pty.openpty()
      process = subprocess.Popen(sys.argv[2:], cwd=sys.argv[1], stdout=theirs, stdin=theirs,
                                 stderr=theirs)
      os.close(theirs)
      text = b''
      while True:
          try:
              part = os.read(ours, 4096)
          except OSError:
              break
          if not part:
              break
          text += part
      print(json.dumps({'status': process.wait(), 'text': text.decode()}))
      """
    struct Shown: Decodable { var status: Int32, text: String }
    let shown: Shown = try Python.run(
      script,
      [folder.path, Command.executable.path, "train", "swimmer-nres", "--run-dir", "run"]
        + Command.tiny + ["--outer-iterations", "30"])
    #expect(shown.status == 0)
    // The terminal turns each \\n into \\r\\n.
    let lines = shown.text.split(separator: "\r\n")
    #expect(lines.count == 4, "\(lines)")
    #expect(lines.first == "swimmer-nres (seed 23) -> run")
    let live = lines[1].split(separator: "\r")
    #expect(live.count > 3 && lines[1].hasPrefix("\rburn-in: every particle runs its first "))
    #expect(live[1].hasPrefix("iteration 0/30   reward "))
    #expect(live.last?.hasPrefix("iteration 30/30   ") == true)
    // Each covers the whole text of the one before.
    let texts = live.map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(zip(texts, live.dropFirst()).allSatisfy { $0.count <= $1.count })
    #expect(lines[2].hasPrefix("finished iteration 30, "))
  }
}
