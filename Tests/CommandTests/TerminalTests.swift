import Foundation
import TestSupport
import Testing

struct TerminalTests {
  @Test("on a terminal one line is written over and over")
  func terminal() throws {
    let folder = try TemporaryFolder()
    let shown = try Terminal.train(["--outer-iterations", "30"], in: folder)
    #expect(shown.status == 0)
    // The terminal turns each \\n into \\r\\n.
    let lines = shown.before.split(separator: "\r\n")
    #expect(lines.count == 4, "\(lines)")
    #expect(lines.first == "swimmer-nres (seed 23) -> run")
    let live = lines[1].split(separator: "\r")
    let start = live.prefix { !$0.hasPrefix("iteration ") }.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    #expect(start.first == "burn-in: 0 of 4 particles have run their first episode")
    #expect(start.dropLast().last == "burn-in: 4 of 4 particles have run their first episode")
    #expect(start.last == "evaluating iteration 0/30")
    #expect(live.count > start.count + 2)
    #expect(live[start.count].hasPrefix("iteration 0/30   reward "))
    #expect(live.last?.hasPrefix("iteration 30/30   ") == true)
    // Each covers the whole text of the one before.
    let texts = live.map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(zip(texts, live.dropFirst()).allSatisfy { $0.count <= $1.count })
    #expect(lines[2].hasPrefix("finished iteration 30, "))
  }
}
