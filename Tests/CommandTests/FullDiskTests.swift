import Foundation
import Records
import TestSupport
import Testing
import Trainer

/// Files that may not grow beyond a limit, as on a disk that is full. A sanitizer's own may not either.
@Suite(.disabled(if: isSanitized)) struct FullDiskTests {
  private struct Outcome: Decodable {
    var status: Int32
    var error: String
  }

  /// Runs a command where no file may have more than `limit` bytes.
  private func run(
    _ arguments: [String], limit: Int, in folder: TemporaryFolder
  ) throws -> Outcome {
    let script = """
      import json, resource, subprocess, sys
      def limit():
          resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
      done = subprocess.run(sys.argv[3:], cwd=sys.argv[2], preexec_fn=limit,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
      print(json.dumps({'status': done.returncode, 'error': done.stderr}))
      """
    return try Python.run(
      script, ["\(limit)", folder.path, try Command.executable.path] + arguments)
  }

  private func train(
    iterations: Int, limit: Int, in folder: TemporaryFolder
  ) throws -> Outcome {
    try run(
      ["train", "swimmer-nres", "--run-dir", "run"] + Command.tiny
        + ["--outer-iterations", "\(iterations)"], limit: limit, in: folder)
  }

  static let cause = "file too large: free space or choose another folder"

  @Test("room for θ is missing before the run begins, and then nothing of it stays")
  func before() throws {
    let folder = try TemporaryFolder()
    let outcome = try train(iterations: 1000, limit: 1024, in: folder)
    #expect(outcome.status == 73)
    #expect(
      outcome.error
        == "nres: run/theta_trajectory.safetensors: needs 64224 bytes: \(Self.cause)\n")
    #expect(try folder.names == [])
  }

  @Test("room that ends during the run leaves what was written whole")
  func during() throws {
    let folder = try TemporaryFolder()
    let outcome = try train(iterations: 30, limit: 4096, in: folder)
    #expect(outcome.status == 74)
    // Which of the growing files meets the limit first does not matter.
    #expect(outcome.error.hasPrefix("nres: run/"))
    #expect(outcome.error.hasSuffix(": \(Self.cause)\n"))
    let last = try #require(SavedTheta(path: folder("run")).iterations.last)
    #expect(last > 0 && last < 30)
    #expect(RunSummary(path: folder("run")).state == .failed)
    #expect(
      RunSummary(path: folder("run")).status?.ending
        == String(outcome.error.dropFirst(6).dropLast()))
    #expect(try Command.run("evaluate", "run", in: folder).status == 0)
    #expect(try readScalars(folder("run/scalars.csv")).last?.iteration ?? 0 >= last - 1)
  }

  @Test("a family without room for its first run leaves the folders that were there, and no other")
  func family() throws {
    let folder = try TemporaryFolder()
    mkdir(folder("there"), 0o777)
    for path in ["there", "new", "new/in/it"] {
      let outcome = try run(
        ["train", "swimmer-nres", "--seed-list", "1,2", "--run-dir", path] + Command.tiny
          + ["--outer-iterations", "1000"], limit: 8192, in: folder)
      #expect(outcome.status == 73)
      #expect(outcome.error.contains("theta_trajectory.safetensors: needs 64224 bytes"))
      #expect(try folder.names == ["there"], "\(path)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder("there")) == [])
    }
  }

  /// How a run ended, as the shell and its status have it.
  private struct End: Decodable {
    struct Status: Decodable { var state: String, ending: String? }
    var status: Int32
    var error: String
    var said: Status
  }

  /// Runs a script with arguments where it may mount what only it sees.
  private static func unshared<Output: Decodable>(
    _ script: String, _ arguments: [String]
  ) throws -> Output {
    try Python.run(
      """
      import os, sys
      os.execvp('unshare', ['unshare', '--user', '--map-root-user', '--mount', sys.executable, '-c']
                + sys.argv[1:])
      """, [script] + arguments)
  }

  private static let canMount: Bool = {
    guard let folder = try? TemporaryFolder() else { return false }
    let status: Int? = try? unshared(
      """
      import subprocess, sys
      print(subprocess.run(['mount', '-t', 'tmpfs', 'none', sys.argv[1]]).returncode)
      """, [folder.path])
    return status == 0
  }()

  @Test(
    "on a disk that is full a run's status says how it ended all the same", .enabled(if: canMount),
    arguments: [("finished", ["60", "--log-every", "61"]), ("failed", ["3000"])])
  func status(state: String, flags: [String]) throws {
    let folder = try TemporaryFolder()
    let end: End = try Self.unshared(
      """
      import json, os, signal, subprocess, sys, time
      subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', sys.argv[1]], check=True)
      os.chdir(sys.argv[1])
      process = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
      while process.poll() is None and not os.path.exists('run/status.json'):
          time.sleep(0.001)
      process.send_signal(signal.SIGSTOP)
      with open('filling', 'wb', buffering=0) as file:
          try:
              while True:
                  file.write(bytes(4096))
          except OSError:
              pass
      process.send_signal(signal.SIGCONT)
      error = process.communicate()[1]
      print(json.dumps({
          'status': process.returncode, 'error': error, 'said': json.load(open('run/status.json'))}))
      """,
      [folder.path, Command.executable.path, "train", "swimmer-nres", "--run-dir", "run"]
        + Command.tiny
        + ["--theta-every", "3000", "--no-run-test-during-training", "--outer-iterations"] + flags)
    #expect(end.said.state == state, "\(end)")
    if state == "failed" {
      #expect(end.status == 74 && end.error.contains("no space left on device"))
      #expect(end.error == "nres: \(end.said.ending ?? "")\n")
    } else {
      #expect(end.status == 0 && end.said.ending == nil)
    }
  }

  @Test("a figure without room leaves the one that was there", arguments: ["png", "svg", "pdf"])
  func figure(format: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("surface.\(format)", [1, 2, 3])
    let outcome = try run(
      [
        "loss-surface", "lorenz", "--output", "surface.\(format)", "--points", "5",
        "--horizon-length", "20",
      ], limit: 2048, in: folder)
    #expect(outcome.status == 74)
    #expect(outcome.error == "nres: surface.\(format): \(Self.cause)\n")
    #expect(FileManager.default.contents(atPath: path) == Data([1, 2, 3]))
    #expect(try folder.names == ["surface.\(format)"])
  }

  @Test("a film without room leaves the one that was there", arguments: ["mp4", "webm", "gif"])
  func film(format: String) throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train(in: folder).status == 0)
    let path = try folder.file("film.\(format)", [1, 2, 3])
    let outcome = try run(
      ["replay", "run", "--video", "film.\(format)", "--size", "320x240"], limit: 8192, in: folder)
    #expect(outcome.status == 74)
    #expect(outcome.error.hasPrefix("nres: film.\(format): ffmpeg failed: "))
    #expect(!outcome.error.contains(".partial"))
    #expect(outcome.error.split(separator: "\n").count == 1)
    #expect(FileManager.default.contents(atPath: path) == Data([1, 2, 3]))
    #expect(try folder.names == ["film.\(format)", "run"])
  }
}
