import Glibc

/// The files that hold a training split.
enum DatasetFiles {
  case idx(images: String, format: IdxFormat, labels: String)
  case cifar([String], labelBytes: Int, labelOffset: Int)

  var paths: [String] {
    switch self {
    case .idx(let images, _, let labels): [images, labels]
    case .cifar(let paths, _, _): paths
    }
  }

  func read() throws(DatasetError) -> LabelledImages {
    switch self {
    case .idx(let images, let format, let labels):
      try IdxReader.read(images: images, as: format, labels: labels)
    case .cifar(let paths, let labelBytes, let labelOffset):
      try CIFARReader.read(paths, labelBytes: labelBytes, labelOffset: labelOffset)
    }
  }
}

extension KnownDataset {
  /// The files in `folder`, or in the standard one: an idx pair of any images, or those that the
  /// dataset is published as.
  ///
  /// - Throws: `DatasetError` that says what is missing and where a person gets it.
  func files(in folder: String?) throws(DatasetError) -> DatasetFiles {
    guard let folder = folder ?? standardFolder else {
      throw DatasetError(.noInput, name, "no --data-dir was given: \(origin)")
    }
    guard isFolder(folder) else {
      throw DatasetError(.noInput, folder, "no such folder; for \(name), \(origin)")
    }
    let images = IdxFormat.images.lazy.compactMap { format in
      idxFile(format, in: folder).map { (path: $0, format: format) }
    }.first
    let labels = idxFile(.labels, in: folder)
    if let images, let labels {
      return .idx(images: images.path, format: images.format, labels: labels)
    }
    switch layout {
    case .cifar(let subfolder, let names, let labelBytes, let labelOffset):
      let inner = joined(folder, subfolder)
      let paths = names.map { joined(isFolder(inner) ? inner : folder, $0) }
      if let missing = paths.first(where: { !exists($0) }) {
        throw DatasetError(.noInput, missing, "no such file; for \(name), \(origin)")
      }
      return .cifar(paths, labelBytes: labelBytes, labelOffset: labelOffset)
    case .idx:
      let missing = images == nil ? IdxFormat.images[0] : .labels
      throw DatasetError(
        .noInput, joined(folder, missing.fileName),
        "no such file, nor with .gz; for \(name), \(origin)")
    }
  }

  /// Reads the whole training split and checks it.
  func images(in folder: String?) throws(DatasetError) -> LabelledImages {
    let files = try files(in: folder)
    let images = try files.read()
    if let index = images.labels.firstIndex(where: { $0 >= classCount }) {
      // CIFAR-10's files follow one another.
      let file = files.paths.count == 5 ? files.paths[0] + " and the next" : files.paths.last
      throw DatasetError(
        .dataError, file ?? name,
        "image \(index) has label \(images.labels[index]), where \(name) has 0 to \(classCount - 1)"
      )
    }
    guard images.labels.count > 2 else {
      throw DatasetError(
        .dataError, files.paths[0],
        "has \(images.labels.count) images; 3 is the least, so that some train and some validate")
    }
    return images
  }

  /// An idx file's path, or that of its gzip version.
  private func idxFile(_ format: IdxFormat, in folder: String) -> String? {
    [format.fileName, format.fileName + ".gz"].map { joined(folder, $0) }.first { exists($0) }
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
