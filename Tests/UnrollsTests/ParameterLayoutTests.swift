import Foundation
import Parameters
import Testing

struct ParameterLayoutTests {
  private let layout = ParameterLayout([
    ParameterLeaf(name: "mlp/~/linear_1/w", shape: [2, 3]),
    ParameterLeaf(name: "mlp/~/linear_0/w", shape: [4, 2]),
    ParameterLeaf(name: "log_r", shape: []),
    ParameterLeaf(name: "mlp/~/linear_0/b", shape: [2]),
    ParameterLeaf(name: "mlp/~/linear_10/b", shape: [1]),
  ])

  /// Python's `sorted` of the names, which compares code points.
  @Test func leavesAreSortedByName() {
    #expect(
      layout.leaves.map(\.name) == [
        "log_r", "mlp/~/linear_0/b", "mlp/~/linear_0/w", "mlp/~/linear_1/w", "mlp/~/linear_10/b",
      ])
    let names = ["é", "z", "Z", "_", "~", "a", "\u{1F600}", "\u{FF5E}"]
    let sorted = ParameterLayout(names.map { ParameterLeaf(name: $0, shape: []) })
    #expect(
      sorted.leaves.map(\.name) == ["Z", "_", "a", "z", "~", "é", "\u{FF5E}", "\u{1F600}"])
  }

  @Test func rangesFillTheVector() {
    #expect(layout.count == 1 + 2 + 8 + 6 + 1)
    #expect(layout.offsets == [0, 1, 3, 11, 17])
    let ranges = layout.leaves.indices.map { layout.range(ofLeaf: $0) }
    #expect(ranges.flatMap { Array($0) } == Array(0..<layout.count))
    #expect(layout.range(of: "mlp/~/linear_0/w") == 3..<11)
    #expect(layout.range(of: "mlp") == nil)
  }

  @Test func anEmptyLayoutHasNoParameters() {
    #expect(ParameterLayout([]).count == 0)
  }

  @Test func codingKeepsALayout() throws {
    let data = try JSONEncoder().encode(layout)
    #expect(try JSONDecoder().decode(ParameterLayout.self, from: data) == layout)
  }
}
