/// An order of instructions in which operands come before results and equal operations are neighbours,
/// so that the player chooses seldom what to do.
///
/// It is made from the end: what is needed last is placed first, before it what that needs. So values
/// are computed late and wait in few slots.
struct Schedule {
  /// Indices of instructions; while it is made, the last comes first.
  private(set) var order: [Int] = []
  private let instructions: [TapeInstruction]
  /// Of each instruction, those whose results it needs.
  private var producers: [[Int]]
  /// Of each instruction, how many that need its result are not placed.
  private var consumerCounts: [Int]
  /// Of each operation, what may be placed next.
  private var ready: [Int32: [Int]] = [:]
  /// Of each instruction, those that lead to it, however far, with the same operation.
  private var earlierEquals: [[Int]]
  /// Of each instruction, how many that it leads to, however far, have the same operation and are not
  /// placed.
  private var laterEqualCounts: [Int]
  /// Of each operation, how many instructions wait for none of the same operation.
  private var frontier: [Int32: Int] = [:]

  init(_ instructions: [TapeInstruction]) {
    self.instructions = instructions
    producers = Array(repeating: [], count: instructions.count)
    consumerCounts = Array(repeating: 0, count: instructions.count)
    earlierEquals = Array(repeating: [], count: instructions.count)
    laterEqualCounts = Array(repeating: 0, count: instructions.count)
    link()
    compareDescendants()
    for index in instructions.indices where consumerCounts[index] == 0 {
      ready[instructions[index].operation, default: []].append(index)
    }
    while let operation = best() { place(operation) }
    order.reverse()
  }

  private mutating func link() {
    var origins: [Int: Int] = [:]
    for (index, instruction) in instructions.enumerated() {
      for case .some(let result) in instruction.results { origins[result] = index }
    }
    for (index, instruction) in instructions.enumerated() {
      for producer in Set(instruction.slots.compactMap { origins[$0] }).sorted() {
        producers[index].append(producer)
        consumerCounts[producer] += 1
      }
    }
  }

  /// Instructions so that each comes before those that it needs.
  private func reversed() -> [Int] {
    var counts = consumerCounts
    var sorted = counts.indices.filter { counts[$0] == 0 }
    var next = 0
    while next < sorted.count {
      for producer in producers[sorted[next]] {
        counts[producer] -= 1
        if counts[producer] == 0 { sorted.append(producer) }
      }
      next += 1
    }
    return sorted
  }

  private mutating func compareDescendants() {
    let words = (instructions.count + 63) / 64
    var descendants = Array(
      repeating: Array(repeating: UInt64(0), count: words), count: instructions.count)
    for index in reversed() {
      var own = descendants[index]
      for word in own.indices {
        var bits = own[word]
        while bits != 0 {
          let descendant = 64 * word + bits.trailingZeroBitCount
          bits &= bits - 1
          guard instructions[descendant].operation == instructions[index].operation else {
            continue
          }
          earlierEquals[descendant].append(index)
          laterEqualCounts[index] += 1
        }
      }
      own[index / 64] |= 1 << UInt64(index % 64)
      for producer in producers[index] {
        for word in own.indices { descendants[producer][word] |= own[word] }
      }
      if laterEqualCounts[index] == 0 {
        frontier[instructions[index].operation, default: 0] += 1
      }
    }
  }

  /// The operation of which the largest part of what could run together may be placed now: where that
  /// is all, waiting would gain nothing.
  private func best() -> Int32? {
    var best: (operation: Int32, share: Double, count: Int)?
    for (operation, instructions) in ready where !instructions.isEmpty {
      let share = Double(instructions.count) / Double(frontier[operation] ?? 1)
      let isBetter =
        best.map { best in
          (share, instructions.count, -operation) > (best.share, best.count, -best.operation)
        } ?? true
      if isBetter { best = (operation, share, instructions.count) }
    }
    return best?.operation
  }

  /// Places all of an operation that may be, and what then may.
  private mutating func place(_ operation: Int32) {
    var queue = ready[operation] ?? []
    ready[operation] = []
    var next = 0
    while next < queue.count {
      let index = queue[next]
      next += 1
      order.append(index)
      frontier[operation, default: 0] -= 1
      for earlier in earlierEquals[index] {
        laterEqualCounts[earlier] -= 1
        if laterEqualCounts[earlier] == 0 { frontier[operation, default: 0] += 1 }
      }
      for producer in producers[index] {
        consumerCounts[producer] -= 1
        guard consumerCounts[producer] == 0 else { continue }
        let other = instructions[producer].operation
        if other == operation {
          queue.append(producer)
        } else {
          ready[other, default: []].append(producer)
        }
      }
    }
  }
}
