import Foundation
import Glibc
import SwiftProtobuf

/// Writes scalars, and what run they are of, into an event file for TensorBoard.
///
/// A record is its body's length (8 bytes), that length's checksum, the body, the body's
/// checksum; all little-endian. Records gather in memory until `flush()`, or until there are
/// 64 KiB of them.
package final class EventFileWriter {
  /// The file: `events.out.tfevents.<seconds since 1970>.<host>.<process>.<number>`.
  package let path: String
  private let file: OpenFile
  private var buffer: [UInt8] = []
  private static let bufferSize = 65536

  /// Makes an event file of a name that is free.
  ///
  /// - Parameters:
  ///   - folder: where; it must be there.
  ///   - wallTime: the file's time, in seconds since 1970; nil for the present.
  package init(folder: String, wallTime: Double? = nil) throws(RecordError) {
    let wallTime = wallTime ?? Date().timeIntervalSince1970
    // As far as the name of a file can hold it.
    let host = hostName.replacing("/", with: "-").prefix(64)
    let stem = "\(folder)/events.out.tfevents.\(Int(wallTime)).\(host).\(getpid())"
    (file, path) = try OpenFile.creating { "\(stem).\($0)" }
    try write(
      .with {
        $0.wallTime = wallTime
        $0.fileVersion = "brain.Event:2"
      })
    try flush()
  }

  /// Goes on with an event file of which the first `size` bytes are kept.
  package init(continuing path: String, at size: Int) throws(RecordError) {
    self.path = path
    file = try .continuing(path, at: size)
  }

  deinit { try? flush() }

  /// Bytes of the file, those in memory not counted.
  package var size: Int { file.position }

  /// Adds the values of some tags at `step`, as one event.
  ///
  /// - Parameter wallTime: seconds since 1970.
  package func scalars(_ values: [(tag: String, value: Float)], step: Int, wallTime: Double)
    throws(RecordError)
  {
    var event = Nres_Records_Event()
    event.wallTime = wallTime
    event.step = Int64(step)
    event.summary.value = values.map { tag, value in
      .with {
        $0.tag = tag
        $0.simpleValue = value
      }
    }
    try write(event)
  }

  /// Says at step 0 what run it is: a row of the hparams plugin's table and a text, in one event.
  ///
  /// - Parameters:
  ///   - hyperparameters: all that such a run can have; those without a value are columns only.
  ///   - metric: the tag of the scalar that runs are judged by.
  ///   - text: the text's tag, and the text, in Markdown.
  ///   - wallTime: seconds since 1970.
  package func describe(
    _ hyperparameters: [Hyperparameter], metric: String, text: (tag: String, markdown: String),
    wallTime: Double
  ) throws(RecordError) {
    let summary = HyperparameterSummary(
      hyperparameters: hyperparameters, metric: metric, text: text)
    var event = Nres_Records_Event()
    event.wallTime = wallTime
    do {
      event.summary.value = try summary.values()
    } catch {
      throw unencodable(error)
    }
    try write(event)
  }

  /// Writes what has gathered, so that TensorBoard, and a run that is killed, has it.
  package func flush() throws(RecordError) {
    guard !buffer.isEmpty else { return }
    // A second try after a failure would repeat what the first had written.
    let records = buffer
    buffer = []
    try file.write(records.span.bytes)
  }

  /// Waits until what was added is on the disk.
  package func synchronize() throws(RecordError) {
    try flush()
    try file.synchronize()
  }

  private func write(_ event: Nres_Records_Event) throws(RecordError) {
    let body: [UInt8]
    do {
      body = try event.serializedBytes()
    } catch {
      throw unencodable(error)
    }
    let length = littleEndian(UInt64(body.count))
    buffer += length + littleEndian(maskedChecksum(length))
    buffer += body + littleEndian(maskedChecksum(body))
    if buffer.count >= Self.bufferSize { try flush() }
  }

  private func unencodable(_ error: any Error) -> RecordError {
    RecordError(.ioError, path, "an event cannot be encoded: \(error)")
  }
}

func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian, Array.init)
}
