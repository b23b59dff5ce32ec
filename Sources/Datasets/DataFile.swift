import Glibc

/// A file that is read from its start, unpacked where it is gzip. Its errors name it.
final class DataFile {
  let path: String
  /// Bytes on the disk.
  let size: Int
  private let descriptor: Int32
  /// Unpacks; nil where the file is not gzip.
  private let packed: GzipStream?
  private var position = 0

  /// More than this is believed of no file, however it is packed.
  static let mostBytes = 1 << 30
  /// Deflate packs no more than 1032 bytes into one.
  private static let bestPacking = 1032

  /// Opens the regular file `path`.
  init(_ path: String) throws(DatasetError) {
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw DatasetError(.noInput, path, systemCause()) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw DatasetError(.noInput, path, "is not a regular file")
    }
    var start: [UInt8] = [0, 0]
    let isPacked = pread(descriptor, &start, 2, 0) == 2 && start == GzipStream.magic
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
    packed = isPacked ? GzipStream(descriptor) : nil
    guard size > 0 else { throw DatasetError(.dataError, path, "is empty") }
    if path.hasSuffix(".gz"), !isPacked {
      throw DatasetError(.dataError, path, "is not gzip, as its name says")
    }
  }

  deinit { close(descriptor) }

  /// Whether the file can hold `count` bytes in all; a header that promises more is not believed.
  func canHold(_ count: Int) -> Bool {
    count <= (packed == nil ? size : size.multipliedOrMax(by: Self.bestPacking))
  }

  /// The next `count` bytes, all of which must be there.
  func bytes(_ count: Int) throws(DatasetError) -> [UInt8] {
    var failure: DatasetError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(DatasetError) {
        try fill(UnsafeMutableRawBufferPointer(buffer))
        initialized = count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Fills `buffer` with what is next.
  private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: rest))
      guard count > 0 else {
        throw DatasetError(
          .dataError, path, "ends after \(position) bytes, before all that it promises")
      }
      position += count
      rest = rest.dropFirst(count)
    }
  }

  /// Throws unless all was read and nothing follows.
  func expectEnd() throws(DatasetError) {
    var byte: UInt8 = 0
    let count = try withUnsafeMutableBytes(of: &byte) { (byte) throws(DatasetError) in
      try read(into: byte)
    }
    guard count == 0 else {
      throw DatasetError(
        .dataError, path, "goes on after the \(position) bytes that it promises")
    }
  }

  /// Reads into the start of `buffer`, at least a byte unless the content is over.
  private func read(into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
    do throws(GzipStream.Failure) {
      if let packed { return try packed.read(into: buffer) }
      return try readFile(descriptor, into: buffer)
    } catch {
      switch error {
      case .system(let cause): throw DatasetError(.ioError, path, cause)
      case .content(let cause): throw DatasetError(.dataError, path, cause + ": get it again")
      }
    }
  }
}

extension Int {
  func multipliedOrMax(by factor: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }
}

/// The system's words for the last error.
func systemCause() -> String {
  let code = errno
  return code == ENOENT ? "no such file" : String(cString: strerror(code))
}
