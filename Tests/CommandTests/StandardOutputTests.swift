import Datasets
import Foundation
import Records
import TestSupport
import Testing

@testable import nres

/// Standard output and error that are closed, full, or read by nobody.
struct StandardOutputTests {
  /// What is at the other end of a descriptor.
  private enum End: String {
    case file
    /// A disk without room.
    case full
    /// A pipe whose reader has gone.
    case pipe
    case closed
  }

  private struct Outcome: Decodable {
    var status: Int32
    var output: String
    var error: String
  }

  private func run(
    _ arguments: [String], input: End = .file, output: End = .file, error: End = .file,
    in folder: TemporaryFolder
  ) throws -> Outcome {
    let script = """
      import json, os, subprocess, sys, tempfile
      def end(kind):
          if kind == 'full':
              return open('/dev/full', 'wb')
          if kind == 'pipe':
              reader, writer = os.pipe()
              os.close(reader)
              return os.fdopen(writer, 'wb')
          return tempfile.TemporaryFile()
      kinds = sys.argv[2:5]
      ends = [end(kind) for kind in kinds]
      def close():
          for descriptor, kind in enumerate(kinds):
              if kind == 'closed':
                  os.close(descriptor)
      status = subprocess.call(sys.argv[5:], cwd=sys.argv[1], stdin=ends[0], stdout=ends[1],
                               stderr=ends[2], preexec_fn=close)
      def text(file, kind):
          if kind != 'file':
              return ''
          file.seek(0)
          return file.read().decode()
      print(json.dumps({'status': status, 'output': text(ends[1], kinds[1]),
                        'error': text(ends[2], kinds[2])}))
      """
    return try Python.run(
      script,
      [folder.path, input.rawValue, output.rawValue, error.rawValue, Command.executable.path]
        + arguments)
  }

  /// Of each command, up to its first line of output and further.
  private static let printing = [
    "", "--version", "help train", "list", "evaluate run", "evaluate run --json",
    "rollout Swimmer-v4 --horizon-length 3", "rollout Swimmer-v4 --horizon-length 3 --json",
    "rollout Swimmer-v4 --horizon-length 3 --sum", "replay run --numbers --episodes 2",
    "replay run --numbers --episodes 2 --json", "bench Swimmer-v4",
  ]

  /// Commands whose result is a file, and which file.
  private static let writing = [
    ("train swimmer-nres --run-dir run2 " + Command.tiny.joined(separator: " "), "run2"),
    ("export run --format npz", "theta_trajectory.npz"),
    ("import run/theta_trajectory.safetensors --output i.safetensors", "i.safetensors"),
    ("loss-surface lorenz --horizon-length 5 --points 3 --output grid.csv", "grid.csv"),
    ("replay run --frames pictures --steps 1 --size 16x16 --quality fast", "pictures"),
  ]

  private static let full = "nres: standard output: no space left on device\n"

  private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

  @Test("output that cannot be written is an error; where nobody reads it, the command ends")
  func lost() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    for line in Self.printing {
      let full = try run(words(line), output: .full, in: folder)
      #expect(full.status == 74 && full.error == Self.full, "\(line): \(full)")
      let unread = try run(words(line), output: .pipe, in: folder)
      #expect(unread.status == -SIGPIPE && unread.error.isEmpty, "\(line): \(unread)")
    }
    #expect(try folder.names == ["run"])
  }

  @Test("what is written to files is whole, be it told or not")
  func untold() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    for (line, file) in Self.writing {
      let full = try run(words(line), output: .full, in: folder)
      #expect(full.status == 74 && full.error == Self.full, "\(line): \(full)")
      #expect(try folder.names == [file, "run"].sorted(), "\(line)")
      try FileManager.default.removeItem(atPath: folder(file))
      let unread = try run(words(line), output: .pipe, error: .pipe, in: folder)
      #expect(unread.status == 0, "\(line): \(unread)")
      #expect(try folder.names == [file, "run"].sorted(), "\(line)")
      try FileManager.default.removeItem(atPath: folder(file))
    }
  }

  @Test("an error that nobody hears is an error")
  func unheard() throws {
    let folder = try TemporaryFolder()
    for end in [End.full, .pipe, .closed] {
      #expect(try run(["evaluate", "nothing"], error: end, in: folder).status == 66)
      #expect(try run(["nosuch"], output: end, error: end, in: folder).status == 64)
    }
  }

  @Test("a run with closed descriptors has the files of any other run")
  func closed() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    func theta(_ run: String) throws -> Data {
      try Data(contentsOf: URL(filePath: folder("\(run)/theta_trajectory.safetensors")))
    }
    func scalars(_ run: String) throws -> [[String]] {
      try readScalars(folder("\(run)/scalars.csv")).filter { !$0.tag.hasSuffix("/time") }
        .map { ["\($0.iteration)", $0.tag, "\($0.value)"] }
    }
    let ends: [(input: End, output: End, error: End)] = [
      (.closed, .file, .file), (.file, .closed, .file), (.file, .closed, .closed),
      (.closed, .closed, .closed),
    ]
    for (number, end) in ends.enumerated() {
      let name = "run\(number)"
      let outcome = try run(
        ["train", "swimmer-nres", "--run-dir", name] + Command.tiny, input: end.input,
        output: end.output, error: end.error, in: folder)
      #expect(outcome.status == 0 && outcome.error.isEmpty)
      #expect(try theta(name) == theta("run") && scalars(name) == scalars("run"))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder(name))
      let events = try #require(names.first { $0.hasPrefix("events.") })
      let bytes = try Data(contentsOf: URL(filePath: folder("\(name)/\(events)")))
      #expect(bytes.range(of: Data("iteration 3/3".utf8)) == nil)
    }
  }

  @Test("every error that names its exit status has one of the table")
  func statuses() {
    for kind in [RecordError.Kind.dataError, .noInput, .cannotCreate, .ioError] {
      #expect(exitStatus(of: RecordError(kind, "", "")).rawValue == kind.rawValue)
    }
    for kind in [DatasetError.Kind.usage, .dataError, .noInput, .ioError] {
      #expect(ExitStatus(rawValue: kind.rawValue) != nil)
    }
    for status in ExitStatus.allCases {
      #expect(
        exitStatus(of: status) == status && ExitStatus.table.contains("  \(status.rawValue) "))
    }
  }

  /// The library's `print` loses what cannot be written.
  @Test("commands print by what says so")
  func printing() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/nres")
    let files = try FileManager.default.contentsOfDirectory(atPath: sources.path)
    #expect(files.contains("StandardOutput.swift"))
    for file in files where file.hasSuffix(".swift") {
      let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
      #expect(text.firstMatch(of: /\bprint\(|FileHandle\.standard(Output|Error)/) == nil, "\(file)")
    }
  }
}
