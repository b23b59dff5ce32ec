/// Opens safetensors files, which may be another program's.
enum SafetensorsReader {
  /// Opens a run's own file, or one of float32 with an axis of iterations, to be read row by row;
  /// reads any other into memory.
  static func open(_ file: OpenFile) throws(RecordError) -> any ThetaRows {
    func invalid(_ cause: String) -> RecordError { RecordError(.dataError, file.path, cause) }

    let header = try HeaderParser.parse(file)
    let tensors = header.parser.tensors
    let arrays = tensors.map { StoredArray(name: $0.name, shape: $0.shape, start: 0) }
    if SafetensorsHeader.isOwn(header.parser, hasIterations: false) {
      return try ThetaTrajectoryFile(file)
    }
    let canBeRows = tensors.allSatisfy { $0.type == "F32" && !$0.shape.contains(0) }
    guard canBeRows, try LoadedTheta.hasIterations(arrays, invalid) else {
      return try read(file, header, arrays, invalid)
    }
    return try ThetaTrajectoryFile(
      file, isOwn: SafetensorsHeader.isOwn(header.parser, hasIterations: true))
  }

  private static func read(
    _ file: OpenFile, _ header: HeaderParser.Header, _ arrays: [StoredArray],
    _ invalid: (String) -> RecordError
  ) throws(RecordError) -> LoadedTheta {
    let tensors = header.parser.tensors
    guard tensors.count <= ThetaFormat.mostLeaves else {
      throw invalid("holds more than \(ThetaFormat.mostLeaves) leaves")
    }
    guard header.dataSize <= ThetaFormat.largestFile else {
      throw invalid(
        "has \(header.dataSize) bytes of values; \(ThetaFormat.largestFile) at most are believed")
    }
    var types: [ElementType] = []
    for tensor in tensors {
      guard let type = ElementType(safetensors: tensor.type) else {
        throw invalid(
          "tensor \(quoted(tensor.name)) has type \(quoted(tensor.type)): \(ElementType.choices)")
      }
      types.append(type)
      try SafetensorsHeader.checkPlace(
        of: tensor, elementSize: type.size, dataSize: header.dataSize, invalid)
    }
    try SafetensorsHeader.checkCoverage(tensors, dataSize: header.dataSize, invalid)

    var arrays = arrays
    var values: [Float] = []
    for (index, (tensor, type)) in zip(tensors, types).enumerated() {
      arrays[index].start = values.count
      let bytes = try file.bytes(
        at: header.dataOffset + tensor.begin, count: tensor.end - tensor.begin)
      values += bytes.withUnsafeBytes { type.floats($0) }
    }
    return try LoadedTheta(path: file.path, format: .safetensors, arrays: arrays, values: values)
  }
}
