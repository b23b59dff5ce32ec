import Physics

/// The slots of a program, each with a double a lane.
final class Slots {
  let lanes: Int
  private let memory: UnsafeMutableRawPointer
  let base: UnsafeMutablePointer<Double>

  init(_ program: TapeProgram, lanes: Int) {
    self.lanes = lanes
    let count = program.slotCount * lanes
    memory = .allocate(byteCount: 8 * max(1, count), alignment: 64)
    base = memory.bindMemory(to: Double.self, capacity: count)
    // What is read before it is written shows.
    base.initialize(repeating: .nan, count: count)
  }

  deinit { memory.deallocate() }

  subscript(slot: Int, lane: Int) -> Double {
    get { base[slot * lanes + lane] }
    set { base[slot * lanes + lane] = newValue }
  }
}
