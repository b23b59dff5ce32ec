import Foundation

/// A package that depends on ours: its sources are type-checked against the modules that the running
/// tests were built with, see only what is public, and import only what our products have.
public enum OutsidePackage {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The text of one of our files, named from the package's folder.
  public static func text(of file: String) throws -> String {
    try String(contentsOf: root.appending(path: file), encoding: .utf8)
  }

  /// Whether we have a file or a folder, named from the package's folder; a source by its name alone.
  public static func has(_ name: String) -> Bool {
    let files = FileManager.default
    return files.fileExists(atPath: root.appending(path: name).path)
      || files.subpaths(atPath: root.appending(path: "Sources").path)?
        .contains { $0.hasSuffix("/\(name)") } ?? false
  }

  /// The names and texts of the Swift files in a folder of ours.
  public static func sources(in folder: String) throws -> [String: String] {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: root.appending(path: folder).path
    ).filter { $0.hasSuffix(".swift") }
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try text(of: "\(folder)/\($0)")) })
  }

  /// What the compiler has against the sources of a package; empty if nothing.
  ///
  /// - Parameter sources: Texts by the names of their files; `main.swift` may have statements.
  public static func complaints(about sources: [String: String]) throws -> String {
    let strangers = try importsOutsideProducts(of: sources.values.joined(separator: "\n"))
    guard strangers.isEmpty else {
      return "imports what no product has: \(strangers.joined(separator: ", "))"
    }
    let folder = try TemporaryFolder()
    let files = try sources.map { try folder.file($0.key, $0.value.utf8) }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = try ["swiftc", "-typecheck", "-module-name", "Outside"] + flags() + files
    process.standardOutput = output
    process.standardError = output
    try process.start()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: said, as: UTF8.self)
    // A warning is a complaint too.
    return process.terminationStatus == 0 && text.isEmpty ? "" : "does not compile:\n\(text)"
  }

  /// The modules of the package that are imported and are in none of its library products.
  private static func importsOutsideProducts(of text: String) throws -> [String] {
    let manifest = try self.text(of: "Package.swift")
    let lists = manifest.matches(of: /\.library\(\s*name: "\w+",\s*targets: \[([^\]]*)\]/)
    let products = Set(lists.flatMap { $0.1.matches(of: /\w+/) }.map { String($0.0) })
    let modules = Set(
      try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path))
    let imports = text.matches(of: /(?m)^\s*(?:\w+\s+)?import (\w+)/).map { String($0.1) }
    return Set(imports).intersection(modules).subtracting(products).sorted()
  }

  /// The package's own settings, and where modules are: Swift's beside the running executable, those
  /// of C where SwiftPM has written a map of them or where ours lies with the sources.
  private static func flags() throws -> [String] {
    let build = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent()
    var flags = [
      "-swift-version", "6", "-enable-upcoming-feature", "MemberImportVisibility",
      "-enable-upcoming-feature", "ExistentialAny", "-enable-upcoming-feature",
      "InternalImportsByDefault", "-I", build.appending(path: "Modules").path,
      "-module-cache-path", build.appending(path: "ModuleCache").path,
    ]
    func add(_ folders: URL, _ name: String, _ flag: (String) -> [String]) throws {
      for folder in try FileManager.default.contentsOfDirectory(atPath: folders.path).sorted() {
        let path = folders.appending(path: "\(folder)/\(name)").path
        guard FileManager.default.fileExists(atPath: path) else { continue }
        flags += flag(path).flatMap { ["-Xcc", $0] }
      }
    }
    let sources = root.appending(path: "Sources")
    try add(build, "module.modulemap") { ["-fmodule-map-file=\($0)"] }
    try add(sources, "module.modulemap") { ["-fmodule-map-file=\($0)"] }
    try add(sources, "include") { ["-I", $0] }
    // What others' modules that ours import have in C.
    let checkouts = build.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "checkouts")
    for name in (try? FileManager.default.contentsOfDirectory(atPath: checkouts.path)) ?? [] {
      let folder = checkouts.appending(path: "\(name)/Sources")
      if FileManager.default.fileExists(atPath: folder.path) {
        try add(folder, "include/module.modulemap") { ["-fmodule-map-file=\($0)"] }
      }
    }
    if let home = ProcessInfo.processInfo.environment["MUJOCO_HOME"] {
      flags += ["-Xcc", "-I", "-Xcc", "\(home)/include"]
    }
    return flags
  }
}
