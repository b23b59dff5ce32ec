import Glibc

extension KnownDataset {
  /// The files that hold the training split.
  enum Files {
    case idx(images: String, labels: String)
    case cifar([String], labelBytes: Int, labelOffset: Int)
  }

  /// The files in `folder`, or in the standard one: those the dataset is published as, or an idx
  /// pair of any images.
  ///
  /// - Throws: `DatasetError` that says what is missing and where a person gets it.
  func files(in folder: String?) throws(DatasetError) -> Files {
    guard let folder = folder ?? standardFolder else {
      throw DatasetError(.noInput, name, "is in no standard place: \(origin)")
    }
    guard isFolder(folder) else {
      throw DatasetError(.noInput, folder, "no such folder; for \(name), \(origin)")
    }
    let images = idxFile(IdxReader.imagesName, in: folder)
    let labels = idxFile(IdxReader.labelsName, in: folder)
    switch layout {
    case .cifar(let subfolder, let names, let labelBytes, let labelOffset):
      if images != nil, labels != nil { break }
      let inner = joined(folder, subfolder)
      let paths = names.map { joined(isFolder(inner) ? inner : folder, $0) }
      if let missing = paths.first(where: { access($0, F_OK) != 0 }) {
        throw DatasetError(.noInput, missing, "no such file; for \(name), \(origin)")
      }
      return .cifar(paths, labelBytes: labelBytes, labelOffset: labelOffset)
    case .idx: break
    }
    guard let images, let labels else {
      let missing = images == nil ? IdxReader.imagesName : IdxReader.labelsName
      throw DatasetError(
        .noInput, joined(folder, missing), "no such file, nor with .gz; for \(name), \(origin)")
    }
    return .idx(images: images, labels: labels)
  }

  /// Reads the whole training split and checks it.
  func read(from folder: String?) throws(DatasetError) -> LabelledImages {
    let images: LabelledImages
    let labelled: String
    switch try files(in: folder) {
    case .idx(let pixels, let labels):
      images = try IdxReader.read(images: pixels, labels: labels)
      labelled = labels
    case .cifar(let paths, let labelBytes, let labelOffset):
      images = try CIFARReader.read(paths, labelBytes: labelBytes, labelOffset: labelOffset)
      labelled = paths.count == 1 ? paths[0] : paths[0] + " and the others"
    }
    if let index = images.labels.firstIndex(where: { $0 >= classCount }) {
      throw DatasetError(
        .dataError, labelled,
        "image \(index) has label \(images.labels[index]), where \(name) has 0 to \(classCount - 1)"
      )
    }
    return images
  }

  /// An idx file's path, or that of its gzip version.
  private func idxFile(_ name: String, in folder: String) -> String? {
    [name, name + ".gz"].map { joined(folder, $0) }.first { access($0, F_OK) == 0 }
  }
}

private func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

private func joined(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : folder + "/" + name
}
