import CZip
import Glibc

/// An archive opened for reading, closed when the last reference goes.
final class ZipReader {
  /// A file in the archive.
  struct Entry {
    var name: String
    var index: UInt64
    /// In bytes, unpacked.
    var size: Int
  }

  let path: String
  private(set) var entries: [Entry] = []
  private let archive: OpaquePointer

  /// Reads the archive's table of contents and checks that what it says can be.
  init(_ file: OpenFile) throws(RecordError) {
    path = file.path
    let descriptor = try file.duplicate()
    var code: Int32 = 0
    guard let archive = zip_fdopen(descriptor, 0, &code) else {
      close(descriptor)
      var error = zip_error_t()
      zip_error_init_with_code(&error, code)
      defer { zip_error_fini(&error) }
      throw RecordError(.dataError, path, "is no whole zip archive: " + cause(&error))
    }
    self.archive = archive
    let count = zip_get_num_entries(archive, 0)
    guard count <= ThetaFormat.mostLeaves else {
      throw invalid("holds \(count) files; \(ThetaFormat.mostLeaves) at most are believed")
    }
    for index in 0..<UInt64(max(count, 0)) { entries.append(try entry(index)) }
  }

  deinit { zip_discard(archive) }

  private func entry(_ index: UInt64) throws(RecordError) -> Entry {
    var status = zip_stat_t()
    guard zip_stat_index(archive, index, 0, &status) == 0, let name = status.name,
      let name = String(validatingCString: name)
    else { throw invalid("file \(index) of the archive has no readable entry") }
    let wanted = zip_uint64_t(ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD)
    guard status.valid & wanted == wanted else {
      throw invalid("\(quoted(name)) has no size in the archive")
    }
    guard status.encryption_method == 0 else { throw invalid("\(quoted(name)) is encrypted") }
    // 1032 to 1 is the best that deflate can do: a size beyond it is a lie.
    let most: UInt64
    switch Int32(status.comp_method) {
    case ZIP_CM_STORE: most = status.comp_size
    case ZIP_CM_DEFLATE: most = status.comp_size.multipliedReportingOverflow(by: 1032).partialValue
    default:
      throw invalid(
        "\(quoted(name)) is compressed by method \(status.comp_method): only stored and "
          + "deflated files are read")
    }
    guard status.size <= most, status.size <= UInt64(ThetaFormat.largestFile / 4) else {
      throw invalid("\(quoted(name)) cannot be believed to have \(status.size) bytes")
    }
    return Entry(name: name, index: index, size: Int(status.size))
  }

  /// Hands the content of `entry` to `body` as a stream, then checks that it ended whole.
  func read<Result>(
    _ entry: Entry, _ body: (inout ZipStream) throws(RecordError) -> Result
  ) throws(RecordError) -> Result {
    guard let handle = zip_fopen_index(archive, entry.index, 0) else {
      throw invalid("\(quoted(entry.name)) cannot be opened: " + cause(zip_get_error(archive)))
    }
    defer { zip_fclose(handle) }
    var stream = ZipStream(handle: handle, name: entry.name, path: path)
    let result = try body(&stream)
    try stream.finish()
    return result
  }

  private func invalid(_ cause: String) -> RecordError { RecordError(.dataError, path, cause) }
}

/// One file of an archive, unpacked as it is read.
struct ZipStream {
  fileprivate let handle: OpaquePointer
  fileprivate let name: String
  fileprivate let path: String

  /// The next `count` bytes.
  mutating func bytes(_ count: Int) throws(RecordError) -> [UInt8] {
    var failure: RecordError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(RecordError) {
        while initialized < count {
          let read = zip_fread(
            handle, buffer.baseAddress.map { $0 + initialized }, UInt64(count - initialized))
          guard read > 0 else {
            throw invalid(read == 0 ? "ends early" : cause(zip_file_get_error(handle)))
          }
          initialized += Int(read)
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Throws unless the file ends here; the archive's checksum is compared then.
  fileprivate func finish() throws(RecordError) {
    var byte: UInt8 = 0
    switch zip_fread(handle, &byte, 1) {
    case 0: return
    case 1...: throw invalid("goes on after its values")
    default: throw invalid(cause(zip_file_get_error(handle)))
    }
  }

  private func invalid(_ cause: String) -> RecordError {
    RecordError(.dataError, path, "\(quoted(name)) in the archive cannot be read: \(cause)")
  }
}

/// The library's words for an error, in lower case.
func cause(_ error: UnsafeMutablePointer<zip_error_t>?) -> String {
  guard let error, let text = zip_error_strerror(error) else { return "unknown cause" }
  return printable(String(cString: text)).lowercased()
}
