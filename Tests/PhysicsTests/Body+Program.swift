import Physics
import Synchronization

extension Body {
  private static let programs = Mutex<[Body: LaneProgram]>([:])

  /// Its program, which all tests share.
  var program: LaneProgram {
    get throws {
      try Self.programs.withLock { programs in
        if let program = programs[self] { return program }
        let program = LaneProgram(try TreeModel(World(xml)))
        programs[self] = program
        return program
      }
    }
  }
}
