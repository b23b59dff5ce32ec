import Foundation
import Records
import TestSupport
import Testing
import Trainer

/// Files that may not grow beyond a limit, as on a disk that is full.
struct FullDiskTests {
  private struct Outcome: Decodable {
    var status: Int32
    var error: String
  }

  /// Trains for `iterations` where no file may have more than `limit` bytes.
  private func train(
    iterations: Int, limit: Int, in folder: TemporaryFolder
  ) throws -> Outcome {
    let script = """
      import json, resource, subprocess, sys
      def limit():
          resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
      done = subprocess.run(sys.argv[3:], cwd=sys.argv[2], preexec_fn=limit,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
      print(json.dumps({'status': done.returncode, 'error': done.stderr}))
      """
    let command = [try Command.executable.path, "train", "swimmer-nres", "--run-dir", "run"]
    return try Python.run(
      script,
      ["\(limit)", folder.path] + command + Command.tiny + ["--outer-iterations", "\(iterations)"])
  }

  static let cause = "file too large: free space or choose another folder"

  @Test("room for θ is missing before the run begins, and then nothing of it stays")
  func before() throws {
    let folder = try TemporaryFolder()
    let outcome = try train(iterations: 1000, limit: 1024, in: folder)
    #expect(outcome.status == 73)
    #expect(
      outcome.error
        == "nres: run/theta_trajectory.safetensors: needs 64176 bytes: \(Self.cause)\n")
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
}
