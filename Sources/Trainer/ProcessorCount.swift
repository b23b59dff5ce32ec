import Foundation
import Synchronization

/// How many processors the program may use.
package enum ProcessorCount {
  /// Those that it may run on, or fewer where a control group grants less of their time; of processes
  /// that work on one run on the same ones, each has its part.
  package static var usable: Int {
    let count = min(
      count(of: allowed) ?? ProcessInfo.processInfo.activeProcessorCount, quota() ?? .max)
    return max(1, count / sharers.load(ordering: .relaxed))
  }

  /// How many processes that work on one run have the same processors.
  private static let sharers = Atomic(1)

  /// Notes how many processes, this one among them, work on one run on the same processors.
  static func share(with count: Int) { sharers.store(max(1, count), ordering: .relaxed) }

  /// The numbers of those that the program may run on, as `taskset`, queues and mpirun set them: `0-3,8`.
  static var allowed: String {
    let name = "Cpus_allowed_list:"
    let line = lines(of: "/proc/self/status").first { $0.hasPrefix(name) }
    return line.map { $0.dropFirst(name.count).trimmingCharacters(in: .whitespaces) } ?? ""
  }

  /// How many a list such as `0-3,8` has; nil for what is no such list.
  static func count(of list: String) -> Int? {
    var count = 0
    for part in list.split(separator: ",") {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
        return nil
      }
      count += last - first + 1
    }
    return count > 0 ? count : nil
  }

  /// The processor time that control groups (cgroup v2) grant the program, as containers and
  /// systemd limit it: processors at work all the time, rounded up; nil for no limit.
  ///
  /// - Parameter root: The folder in which `/proc` and the mounted control groups lie.
  package static func quota(root: String = "") -> Int? {
    let groups = lines(of: root + "/proc/self/cgroup")
    guard let group = groups.first(where: { $0.hasPrefix("0::") })?.dropFirst(3) else { return nil }
    let limits = lines(of: root + "/proc/self/mountinfo").compactMap { Mount($0) }
      .flatMap { $0.folders(of: String(group)) }
      .compactMap { limit(root + $0 + "/cpu.max") }
    return limits.min().map { max(1, Int($0.rounded(.up))) }
  }

  /// A place where control groups of version 2 can be seen.
  private struct Mount {
    /// The group that is seen there.
    let group: String
    let folder: String

    /// Reads a line of `mountinfo`, `35 23 0:31 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw`; nil for
    /// another kind of mount.
    init?(_ line: String) {
      let fields = line.split(separator: " ")
      guard let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count, dash >= 5,
        fields[dash + 1] == "cgroup2"
      else { return nil }
      (group, folder) = (String(fields[3]), String(fields[4]))
    }

    /// The folders of a group and of all groups it is part of, as far as they are seen here.
    func folders(of path: String) -> [String] {
      let (own, seen) = (path.split(separator: "/"), group.split(separator: "/"))
      // A group outside of the container's own, which begins with two points, is not seen.
      let below = own.starts(with: seen) && !own.contains("..") ? own.dropFirst(seen.count) : []
      return (0...below.count).map { count in
        ([folder] + below.prefix(count).map(String.init)).joined(separator: "/")
      }
    }
  }

  /// The processors that `cpu.max` grants, `150000 100000` for one and a half; nil for no limit.
  private static func limit(_ path: String) -> Double? {
    let numbers = lines(of: path).first?.split(separator: " ").compactMap { Double($0) } ?? []
    guard numbers.count == 2, numbers[0] > 0, numbers[1] > 0 else { return nil }
    return numbers[0] / numbers[1]
  }

  private static func lines(of path: String) -> [String] {
    let contents = FileManager.default.contents(atPath: path) ?? Data()
    return String(decoding: contents, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
