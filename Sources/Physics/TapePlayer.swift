import CPhysics

/// A thread's copy of a program's code, ready to be played.
final class TapePlayer {
  private let code: UnsafeMutableBufferPointer<Int32>
  private let constants: UnsafeMutableBufferPointer<Double>
  /// Where each section's code begins, and where the last one ends.
  private let starts: UnsafeMutableBufferPointer<Int>
  private let lanes: Int32
  private let generation: cphysics_generation

  init(_ tape: TapeProgram, lanes: Int, generation: Generation) {
    let sections = tape.sections.map(\.code)
    code = .copy(Array(sections.joined()))
    constants = .copy(tape.constants)
    starts = .copy(sections.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) })
    self.lanes = Int32(lanes)
    self.generation = generation.code
  }

  deinit {
    code.deallocate()
    constants.deallocate()
    starts.deallocate()
  }

  /// Runs a section on slots of as many doubles as there are lanes.
  func play(section: Int, on slots: UnsafeMutablePointer<Double>) {
    guard let code = code.baseAddress, let constants = constants.baseAddress else { return }
    generation.play(
      code + starts[section], Int32(starts[section + 1] - starts[section]), constants, slots, lanes)
  }
}

extension UnsafeMutableBufferPointer {
  /// Memory with some values, never empty.
  fileprivate static func copy(_ values: [Element]) -> Self {
    let buffer = allocate(capacity: Swift.max(1, values.count))
    _ = buffer.initialize(from: values)
    return buffer
  }
}
