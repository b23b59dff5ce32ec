/// Writes down what is computed with its ``RecordedNumber``s: nodes in an order in which operands come
/// before results, each different expression once.
///
/// ```swift
/// let recorder = Recorder()
/// let x = recorder.input()
/// let program = TapeProgram(recorder, sections: [[x * x + 1]])
/// ```
package final class Recorder {
  private(set) var operations: [RecordedOperation] = []
  private(set) var inputCount = 0
  private var places: [RecordedOperation: Int] = [:]

  package init() {}

  /// A number that is known when the program is played. They are counted from 0.
  package func input() -> RecordedNumber {
    defer { inputCount += 1 }
    return RecordedNumber(RecordedTerm(source(of: .input(inputCount))), self)
  }

  /// The node of an operation: the one that there is, or a new one.
  func source(of operation: RecordedOperation) -> RecordedSource {
    if let place = places[operation] { return .node(place) }
    operations.append(operation)
    places[operation] = operations.count - 1
    return .node(operations.count - 1)
  }
}
