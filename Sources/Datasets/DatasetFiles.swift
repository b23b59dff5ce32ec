import Glibc

/// The files that hold a training split.
enum DatasetFiles {
  case idx(images: String, format: IdxFormat, labels: String)
  case cifar([String], CIFARLayout)

  var paths: [String] {
    switch self {
    case .idx(let images, _, let labels): [images, labels]
    case .cifar(let paths, _): paths
    }
  }
}

extension KnownDataset {
  /// The files in `folder`, or in the standard one: an idx pair, or those that the dataset is
  /// published as. Gray images are no images of CIFAR.
  ///
  /// - Throws: `DatasetError` that says what is missing and where a person gets it.
  func files(in folder: String?) throws(DatasetError) -> DatasetFiles {
    guard let folder = folder ?? standardFolder else {
      throw DatasetError(.noInput, name, "no --data-dir was given: \(origin)")
    }
    guard isFolder(folder) else {
      throw DatasetError(.noInput, folder, "no such folder; for \(name), \(origin)")
    }
    switch layout {
    case .idx:
      if let pair = idxPair(of: IdxFormat.images, in: folder) { return pair }
      let hasImages = idxImages(of: IdxFormat.images, in: folder) != nil
      let missing = hasImages ? .labels : IdxFormat.images[0]
      let path = joined(folder, missing.fileName)
      if let other = otherName(of: missing, in: folder) {
        throw DatasetError(.noInput, path, "no such file, but \(other): rename it")
      }
      throw DatasetError(.noInput, path, "no such file, nor with .gz; for \(name), \(origin)")
    case .cifar(let layout):
      if let pair = idxPair(of: IdxFormat.images.filter(\.hasChannels), in: folder) { return pair }
      let inner = joined(folder, layout.folder)
      let paths = layout.files.map { joined(isFolder(inner) ? inner : folder, $0) }
      guard let missing = paths.first(where: { !exists($0) }) else { return .cifar(paths, layout) }
      if case .idx(let images, _, _) = idxPair(of: IdxFormat.images, in: folder) {
        throw DatasetError(
          .noInput, images, "has gray images, where \(name) has 3 channels; for \(name), \(origin)")
      }
      if let pickle = layout.pickles(in: folder).first(where: exists) {
        throw DatasetError(
          .noInput, pickle, "is the version for Python, which is not read; for \(name), \(origin)")
      }
      throw DatasetError(.noInput, missing, "no such file; for \(name), \(origin)")
    }
  }

  /// Reads and checks a whole training split.
  func images(of files: DatasetFiles) throws(DatasetError) -> LabelledImages {
    let images: LabelledImages
    switch files {
    case .cifar(let paths, let layout):
      images = try CIFARReader.read(paths, as: layout, of: self)
    case .idx(let path, let format, let labels):
      images = try IdxReader.read(images: path, as: format, labels: labels, of: self)
      if case .cifar = layout, images.shape.channels != CIFARReader.shape.channels {
        throw DatasetError(
          .dataError, path,
          "has images with \(images.shape.channels) channels, where \(name) has"
            + " \(CIFARReader.shape.channels)")
      }
    }
    guard images.labels.count > 2 else {
      throw DatasetError(
        .dataError, files.paths[0],
        "has \(images.labels.count) images; 3 is the least, so that some train and some validate")
    }
    return images
  }

  /// Throws unless the labels of a file are classes.
  func check(_ labels: some Collection<Int>, in path: String) throws(DatasetError) {
    for (index, label) in labels.enumerated() where !(0..<classCount).contains(label) {
      throw DatasetError(
        .dataError, path,
        "image \(index) has label \(label), where \(name) has 0 to \(classCount - 1)")
    }
  }

  /// The classes that the labels of an idx file are. Those of EMNIST's letters begin at 1: where there
  /// is no 0 but the count of classes, so do these.
  ///
  /// - Returns: The classes, and the label of the first.
  func classes(
    _ labels: some Collection<Int>, in path: String
  ) throws(DatasetError) -> (labels: [UInt8], offset: Int) {
    let first =
      !labels.contains(0) && labels.contains(classCount)
        && labels.allSatisfy((1...classCount).contains) ? 1 : 0
    if first == 0 { try check(labels, in: path) }
    return (labels.map { UInt8($0 - first) }, first)
  }

  /// Images of the first of `formats` that is there, and their labels.
  private func idxPair(of formats: [IdxFormat], in folder: String) -> DatasetFiles? {
    guard let images = idxImages(of: formats, in: folder),
      let labels = idxFile(.labels, in: folder)
    else { return nil }
    return .idx(images: images.path, format: images.format, labels: labels)
  }

  private func idxImages(
    of formats: [IdxFormat], in folder: String
  ) -> (path: String, format: IdxFormat)? {
    formats.lazy.compactMap { format in
      idxFile(format, in: folder).map { (path: $0, format: format) }
    }.first
  }

  /// An idx file's path, or that of its gzip version.
  private func idxFile(_ format: IdxFormat, in folder: String) -> String? {
    format.fileNames.map { joined(folder, $0) }.first { exists($0) }
  }

  /// The name of a file in `folder` that ends as that of `format` does: one of EMNIST.
  private func otherName(of format: IdxFormat, in folder: String) -> String? {
    guard let listing = opendir(folder) else { return nil }
    defer { closedir(listing) }
    var found: String?
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(entry.pointee.d_reclen)) {
          String(cString: $0)
        }
      }
      guard format.fileNames.contains(where: { name.hasSuffix("-" + $0) }) else { continue }
      found = min(found ?? name, name)
    }
    return found
  }
}

private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

private func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

private func joined(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : folder + "/" + name
}
