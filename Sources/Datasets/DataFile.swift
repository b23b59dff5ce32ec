import CZlib
import Glibc

/// A file that is read from its start, unpacked where it is gzip. Its errors name it.
final class DataFile {
  let path: String
  /// Bytes on the disk.
  let size: Int
  private let stream: gzFile
  /// The checksum and the count of bytes with which a gzip file ends; nil where it is not packed.
  private let trailer: [UInt8]?
  private var position = 0
  private var checksum: UInt = 0

  /// More than this is believed of no file, however it is packed.
  static let mostBytes = 1 << 30
  /// Deflate packs no more than 1032 bytes into one.
  private static let bestPacking = 1032
  private static let trailerLength = 8

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
    guard status.st_size > 0 else {
      close(descriptor)
      throw DatasetError(.dataError, path, "is empty")
    }
    guard let stream = gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw DatasetError(.ioError, path, "there is no memory to read it")
    }
    gzbuffer(stream, 1 << 17)
    self.path = path
    self.stream = stream
    size = Int(status.st_size)
    trailer = gzdirect(stream) != 0 ? nil : lastBytes(Self.trailerLength, of: descriptor, size)
    if path.hasSuffix(".gz"), trailer == nil {
      throw DatasetError(.dataError, path, "is not gzip, as its name says")
    }
  }

  deinit { gzclose_r(stream) }

  /// Whether the file can hold `count` bytes in all; a header that promises more is not believed.
  func canHold(_ count: Int) -> Bool {
    count <= (trailer == nil ? size : size.multipliedOrMax(by: Self.bestPacking))
  }

  /// The next `count` bytes, all of which must be there.
  func bytes(_ count: Int) throws(DatasetError) -> [UInt8] {
    var failure: DatasetError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(DatasetError) {
        try read(into: UnsafeMutableRawBufferPointer(buffer))
        initialized = count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Fills `buffer` with what is next.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let part = UnsafeMutableRawBufferPointer(rebasing: rest)
      let count = gzread(stream, part.baseAddress, UInt32(min(part.count, 1 << 30)))
      guard count > 0 else {
        try checkStream(count)
        throw DatasetError(
          .dataError, path, "ends after \(position) bytes, before all that it promises")
      }
      position += Int(count)
      if trailer != nil { checksum = crc32(checksum, part.baseAddress, UInt32(count)) }
      rest = rest.dropFirst(Int(count))
    }
  }

  /// Throws unless all was read, what was unpacked has the checksum that the file gives, and nothing
  /// follows it.
  func expectEnd() throws(DatasetError) {
    var byte: UInt8 = 0
    let count = gzread(stream, &byte, 1)
    guard count <= 0 else {
      throw DatasetError(
        .dataError, path, "goes on after the \(position) bytes that it promises")
    }
    try checkStream(count)
    // zlib passes over what follows silently, be it zeros, more gzip or anything else.
    let words = [UInt32(truncatingIfNeeded: checksum), UInt32(truncatingIfNeeded: position)]
    let end = words.flatMap { word in withUnsafeBytes(of: word.littleEndian, Array.init) }
    guard trailer == nil || trailer == end else {
      throw DatasetError(
        .dataError, path, "has more than one gzip file's content: get it again, or pack it again")
    }
  }

  private func checkStream(_ count: Int32) throws(DatasetError) {
    var code: Int32 = Z_OK
    _ = gzerror(stream, &code)
    switch code {
    case Z_OK, Z_STREAM_END: return
    case Z_BUF_ERROR:
      throw DatasetError(.dataError, path, "the gzip file is truncated: get it again")
    case Z_ERRNO: throw DatasetError(.ioError, path, systemCause())
    case Z_MEM_ERROR: throw DatasetError(.ioError, path, "there is no memory to unpack it")
    default: throw DatasetError(.dataError, path, "the gzip file is broken: get it again")
    }
  }
}

private func lastBytes(_ count: Int, of descriptor: Int32, _ size: Int) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    let read = pread(descriptor, buffer.baseAddress, count, off_t(max(size - count, 0)))
    initialized = max(read, 0)
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
