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
    #expect(try Command.run("evaluate", "run", in: folder).status == 0)
    #expect(try readScalars(folder("run/scalars.csv")).last?.iteration ?? 0 >= last - 1)
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
