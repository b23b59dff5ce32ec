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
      throw DatasetError(
        .noInput, joined(folder, missing.fileName),
        "no such file, nor with .gz; for \(name), \(origin)")
    case .cifar(let layout):
      if let pair = idxPair(of: IdxFormat.images.filter(\.hasChannels), in: folder) { return pair }
      let inner = joined(folder, layout.folder)
      let paths = layout.files.map { joined(isFolder(inner) ? inner : folder, $0) }
      guard let missing = paths.first(where: { !exists($0) }) else { return .cifar(paths, layout) }
      if case .idx(let images, _, _) = idxPair(of: IdxFormat.images, in: folder) {
        throw DatasetError(
          .noInput, images, "has gray images, where \(name) has 3 channels; for \(name), \(origin)")
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
      images = try IdxReader.read(images: path, as: format, labels: labels)
      if case .cifar = layout, images.shape.channels != CIFARReader.shape.channels {
        throw DatasetError(
          .dataError, path,
          "has images with \(images.shape.channels) channels, where \(name) has"
            + " \(CIFARReader.shape.channels)")
      }
      try check(images.labels, in: labels)
    }
    guard images.labels.count > 2 else {
      throw DatasetError(
        .dataError, files.paths[0],
        "has \(images.labels.count) images; 3 is the least, so that some train and some validate")
    }
    return images
  }

  /// Throws unless the labels of a file are classes.
  func check(_ labels: some Collection<UInt8>, in path: String) throws(DatasetError) {
    for (index, label) in labels.enumerated() where label >= classCount {
      throw DatasetError(
        .dataError, path,
        "image \(index) has label \(label), where \(name) has 0 to \(classCount - 1)")
    }
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
