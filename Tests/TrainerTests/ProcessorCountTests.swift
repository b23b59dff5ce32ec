import Foundation
import TestSupport
import Testing

@testable import Trainer

/// Limits of control groups, in made-up roots.
struct ProcessorCountTests {
  private let unified = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n"

  /// Makes the files of a root, by path.
  private func root(_ files: [String: String]) throws -> TemporaryFolder {
    let root = try TemporaryFolder()
    for (path, text) in files {
      let url = URL(filePath: root(path))
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return root
  }

  private func quota(_ files: [String: String]) throws -> Int? {
    let root = try root(files)
    return withExtendedLifetime(root) { ProcessorCount.quota(root: root.path) }
  }

  @Test("the least of a group's limit and its parents' counts, rounded up")
  func parents() throws {
    var files = [
      "proc/self/cgroup": "0::/user.slice/job\n", "proc/self/mountinfo": unified,
      "sys/fs/cgroup/user.slice/job/cpu.max": "max 100000\n",
    ]
    #expect(try quota(files) == nil)
    files["sys/fs/cgroup/user.slice/cpu.max"] = "350000 100000\n"
    #expect(try quota(files) == 4)
    files["sys/fs/cgroup/user.slice/job/cpu.max"] = "150000 50000\n"
    #expect(try quota(files) == 3)
    files["sys/fs/cgroup/user.slice/job/cpu.max"] = "2000 100000\n"
    #expect(try quota(files) == 1)
    files["sys/fs/cgroup/user.slice/job/cpu.max"] = "max 100000\n"
    files["sys/fs/cgroup/cpu.max"] = "100001 100000\n"
    #expect(try quota(files) == 2)
  }

  @Test("a container sees its own group where the mount is")
  func containers() throws {
    let limit = [
      "sys/fs/cgroup/cpu.max": "200000 100000\n", "sys/fs/cgroup/c/cpu.max": "100000 100000\n",
    ]
    func seen(_ group: String, mounted: String) throws -> Int? {
      try quota(
        limit.merging([
          "proc/self/cgroup": "12:cpu:/x\n0::\(group)\n",
          "proc/self/mountinfo": "29 1 0:25 / / rw - overlay overlay rw\n"
            + unified.replacing(" / /sys", with: " \(mounted) /sys"),
        ]) { $1 })
    }
    #expect(try seen("/", mounted: "/") == 2)
    #expect(try seen("/docker/4f", mounted: "/docker/4f") == 2)
    #expect(try seen("/docker/4f", mounted: "/") == 2)
    #expect(try seen("/../other", mounted: "/..") == 2)
    #expect(try seen("/", mounted: "/docker/4f") == 2)
    #expect(try seen("/a/b/c", mounted: "/docker/4f") == 2)
    #expect(try seen("/docker/4f/c", mounted: "/docker/4f") == 1)
  }

  @Test("a mount beside version 1 is found, with no field and several before its dash")
  func hybrid() throws {
    for optional in ["", "shared:9 master:1 "] {
      let mounts =
        "35 31 0:34 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
        + "41 31 0:38 / /sys/fs/cgroup/unified rw \(optional)- cgroup2 cgroup2 rw\n"
      #expect(
        try quota([
          "proc/self/cgroup": "1:cpu:/b\n0::/a\n", "proc/self/mountinfo": mounts,
          "sys/fs/cgroup/unified/a/cpu.max": "500000 100000\n",
          "sys/fs/cgroup/cpu/b/cpu.max": "100000 100000\n",
        ]) == 5)
    }
  }

  @Test("what says nothing limits nothing")
  func none() throws {
    let cgroup = ["proc/self/cgroup": "0::/\n", "proc/self/mountinfo": unified]
    #expect(try quota([:]) == nil)
    #expect(try quota(["proc/self/cgroup": "0::/\n"]) == nil)
    #expect(try quota(["proc/self/cgroup": "1:cpu:/\n", "proc/self/mountinfo": unified]) == nil)
    for text in ["", "\n", "max\n", "100000\n", "x 100000\n", "-1 100000\n", "100000 0\n", "1 2 3"]
    {
      #expect(try quota(cgroup.merging(["sys/fs/cgroup/cpu.max": text]) { $1 }) == nil, "\(text)")
    }
    for line in ["", "-", "1 2 3 / /x -", "1 2 3 - cgroup2"] {
      #expect(
        try quota(["proc/self/cgroup": "0::/\n", "proc/self/mountinfo": line + "\n"]) == nil)
    }
  }

  @Test("the processors in use are at least one and those of the machine at most")
  func usable() {
    #expect((1...ProcessInfo.processInfo.activeProcessorCount).contains(ProcessorCount.usable))
  }

  @Test(
    "processors that a queue or taskset allows are counted",
    arguments: [
      ("0", 1), ("0-1", 2), ("0-3,8,10-11", 7), ("5,7", 2), ("", nil), ("x", nil), ("3-1", nil),
      ("1-", nil),
    ])
  func allowed(_ list: String, _ count: Int?) {
    #expect(ProcessorCount.count(of: list) == count)
  }

  @Test("the system says which processors are allowed")
  func allowedHere() throws {
    let count = try #require(ProcessorCount.count(of: ProcessorCount.allowed))
    #expect((1...ProcessInfo.processInfo.processorCount).contains(count))
  }
}
