import Foundation

/// An MJCF file and what it is made of: included files, meshes, textures, height fields, skins.
package struct ModelFiles {
  /// A file, and for MJCF the attributes that name files or folders.
  private struct Part {
    /// The path without dots: its place among the others.
    var path: String
    /// The folder that the file was found in, as the system is asked for it.
    var folder: String
    var content: [UInt8]
    var references: [MarkupAttribute] = []
  }

  private var parts: [Part] = []
  /// The folder of the main file, which relative names start from.
  private let home: String
  /// Where meshes and textures are looked for, as the compiler's last word has it.
  private var (meshFolder, textureFolder) = ("", "")
  private var assetFolders: Set<String> = []
  private var stripsPaths = false

  /// More files than this are not believed.
  private static let most = 10_000

  /// Reads a robot's file, its MJCF and whatever that names; the robot's file is the main one.
  package init(of robot: Robot) { self.init(robot.modelFile, named: robot.file) }

  /// Reads the MJCF file at `path` and whatever it names.
  ///
  /// What cannot be read is left out: whether a model is whole, its compiler says.
  package init(_ path: String) { self.init(path, named: nil) }

  /// - Parameter first: A file that goes before it.
  private init(_ path: String, named first: String?) {
    let main = URL(filePath: path)
    // The way up from a linked folder is that of the folder itself.
    let folder = main.deletingLastPathComponent().resolvingSymlinksInPath().path
    home = folder
    if let first {
      let file = URL(filePath: first)
      let folder = file.deletingLastPathComponent().resolvingSymlinksInPath().path
      add("\(folder)/\(file.lastPathComponent)")
    }
    addDocument("\(folder)/\(main.lastPathComponent)")
    for part in parts {
      for reference in part.references where Self.isAsset(reference) {
        for place in places(of: reference.value, in: part.folder) { add(place) }
      }
    }
  }

  /// Adds an MJCF file and those it includes.
  private mutating func addDocument(_ path: String) {
    guard let number = add(path) else { return }
    let references = markupAttributes(of: parts[number].content).filter {
      $0.name.hasPrefix("file") || $0.element == "compiler"
    }
    parts[number].references = references
    for reference in references {
      switch (reference.element, reference.name) {
      case ("include", "file"):
        for folder in [home, parts[number].folder] {
          addDocument(joined(folder, reference.value))
        }
      case ("compiler", "meshdir"): meshFolder = reference.value
      case ("compiler", "texturedir"): textureFolder = reference.value
      case ("compiler", "assetdir"):
        (meshFolder, textureFolder) = (reference.value, reference.value)
      case ("compiler", "strippath"): stripsPaths = reference.value == "true"
      default: break
      }
      if Self.isFolder(reference) { assetFolders.insert(reference.value) }
    }
  }

  /// Adds a file that is there and new.
  @discardableResult
  private mutating func add(_ path: String) -> Int? {
    var status = stat()
    let place = withoutDots(path)
    guard parts.count < Self.most, !parts.contains(where: { $0.path == place }),
      stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let content = FileManager.default.contents(atPath: path)
    else { return nil }
    parts.append(
      Part(
        path: place, folder: (path as NSString).deletingLastPathComponent, content: Array(content)))
    return parts.count - 1
  }

  /// Where a file that a document in `folder` names may be.
  private func places(of name: String, in folder: String) -> [String] {
    let names = stripsPaths ? [name, (name as NSString).lastPathComponent] : [name]
    return [home, folder].flatMap { folder in
      ([""] + assetFolders.sorted()).flatMap { assets in
        names.map { joined(joined(folder, assets), $0) }
      }
    }
  }

  private static func isFolder(_ reference: MarkupAttribute) -> Bool {
    reference.element == "compiler"
      && ["meshdir", "texturedir", "assetdir"].contains(reference.name)
  }

  private static func isAsset(_ reference: MarkupAttribute) -> Bool {
    reference.element != "compiler" && reference.element != "include"
  }
}

// MARK: Copying

extension ModelFiles {
  /// The files with the places that they have in a copy, relative to its folder; the main file first.
  ///
  /// They lie to each other as they did; absolute names have become relative ones.
  package var copies: [(path: String, content: [UInt8])] {
    let root = commonFolder
    return parts.map { part in
      (String(part.path.dropFirst(root.count)), content(of: part))
    }
  }

  /// The folder that all files are in, with a slash at its end.
  private var commonFolder: String {
    var common = parts.first.map { folders(of: $0.path) } ?? []
    for part in parts.dropFirst() {
      let equal = zip(common, folders(of: part.path)).prefix { $0 == $1 }
      common = Array(common.prefix(equal.count))
    }
    return common.isEmpty ? "/" : "/" + common.joined(separator: "/") + "/"
  }

  private func folders(of path: String) -> [Substring] {
    path.split(separator: "/").dropLast()
  }

  /// A document without absolute names.
  private func content(of part: Part) -> [UInt8] {
    var content = part.content
    for reference in part.references.reversed() where reference.value.hasPrefix("/") {
      let origin: String
      if reference.element == "include" || Self.isFolder(reference) {
        origin = home
      } else if !stripsPaths, reference.name.hasPrefix("file") {
        origin = withoutDots(
          joined(home, reference.element == "texture" ? textureFolder : meshFolder))
      } else {
        continue
      }
      let name = MarkupAttribute.escaped(relative(withoutDots(reference.value), to: origin))
      content.replaceSubrange(reference.range, with: name.utf8)
    }
    return content
  }

  private func relative(_ path: String, to folder: String) -> String {
    let (path, folder) = (path.split(separator: "/"), folder.split(separator: "/"))
    let equal = zip(path, folder).prefix { $0 == $1 }.count
    let parts =
      Array(repeating: "..", count: folder.count - equal) + path.dropFirst(equal).map(String.init)
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }
}

/// `name` seen from `folder`, with the dots that it has: the system knows where they lead.
private func joined(_ folder: String, _ name: String) -> String {
  name.hasPrefix("/") ? name : "\(folder)/\(name)"
}

private func withoutDots(_ path: String) -> String {
  URL(filePath: path).standardizedFileURL.path
}
