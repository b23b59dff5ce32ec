import Glibc

/// An open file, closed when the last reference goes. Its errors name `path`.
final class OpenFile: Sendable {
  let path: String
  private let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Opens the regular file `path` for reading.
  static func reading(_ path: String) throws(RecordError) -> OpenFile {
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw RecordError(.noInput, path, systemCause()) }
    let file = OpenFile(path: path, descriptor: descriptor)
    let mode = try file.status().st_mode & S_IFMT
    guard mode == S_IFREG else {
      throw RecordError(.noInput, path, mode == S_IFDIR ? "is a folder" : "is not a regular file")
    }
    return file
  }

  /// Opens `path` for writing; an existing file is emptied.
  static func replacing(_ path: String) throws(RecordError) -> OpenFile {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw RecordError(.cannotCreate, path, systemCause()) }
    return OpenFile(path: path, descriptor: descriptor)
  }

  /// Opens the file `path`, which is there, for reading and writing in place.
  static func updating(_ path: String) throws(RecordError) -> OpenFile {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw RecordError(.cannotCreate, path, systemCause()) }
    return OpenFile(path: path, descriptor: descriptor)
  }

  /// Opens the file `path`, cuts it to `size` bytes and goes on there.
  ///
  /// - Throws: `RecordError` where it has fewer.
  static func continuing(_ path: String, at size: Int) throws(RecordError) -> OpenFile {
    let file = try updating(path)
    let found = try file.size()
    guard found >= size else {
      throw RecordError(
        .dataError, path, "has \(found) bytes, and \(size) were written: it was cut short")
    }
    guard ftruncate(file.descriptor, off_t(size)) == 0,
      lseek(file.descriptor, 0, SEEK_END) == off_t(size)
    else { throw RecordError(.ioError, path, systemCause()) }
    return file
  }

  /// Where the next write without an offset goes.
  var position: Int { Int(lseek(descriptor, 0, SEEK_CUR)) }

  /// Waits until the names in a folder are on the disk, where its file system can tell.
  static func synchronizeFolder(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Makes a file under the first free name of `location(0)`, `location(1)`, and so on.
  ///
  /// - Parameter path: the name that errors give the file; nil for its location.
  static func creating(
    as path: String? = nil, at location: (Int) -> String
  ) throws(RecordError) -> (file: OpenFile, location: String) {
    var number = 0
    while true {
      let location = location(number)
      let descriptor = open(location, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        return (OpenFile(path: path ?? location, descriptor: descriptor), location)
      }
      guard errno == EEXIST else {
        throw RecordError(.cannotCreate, path ?? location, systemCause())
      }
      number += 1
    }
  }

  /// Size in bytes.
  func size() throws(RecordError) -> Int { Int(try status().st_size) }

  /// Writes `bytes` at `offset`, or after what was last written without an offset.
  func write(_ bytes: RawSpan, at offset: Int? = nil) throws(RecordError) {
    try bytes.withUnsafeBytes { (buffer) throws(RecordError) in
      var rest = buffer[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let written =
          if let offset {
            pwrite(descriptor, part.baseAddress, part.count, off_t(offset + rest.startIndex))
          } else {
            Glibc.write(descriptor, part.baseAddress, part.count)
          }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw RecordError(.ioError, path, systemCause()) }
        rest = rest.dropFirst(written)
      }
    }
  }

  /// Fills `buffer` from `offset` on; the file must reach that far.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(RecordError) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let part = UnsafeMutableRawBufferPointer(rebasing: rest)
      let count = pread(descriptor, part.baseAddress, part.count, off_t(offset + rest.startIndex))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw RecordError(.ioError, path, systemCause()) }
      guard count > 0 else {
        throw RecordError(.dataError, path, "was cut short while it was read")
      }
      rest = rest.dropFirst(count)
    }
  }

  /// `count` bytes from `offset` on; the file must reach that far.
  func bytes(at offset: Int, count: Int) throws(RecordError) -> [UInt8] {
    var failure: RecordError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(RecordError) {
        try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
        initialized = count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Writes `count` bytes of `source` from `offset` on, as far as which it must reach, at `place`, or after
  /// what was last written without one.
  func copy(
    _ count: Int, from source: OpenFile, at offset: Int, to place: Int? = nil
  ) throws(RecordError) {
    let most = 1 << 20
    for start in stride(from: 0, to: count, by: most) {
      let part = try source.bytes(at: offset + start, count: min(most, count - start))
      try write(part.span.bytes, at: place.map { $0 + start })
    }
  }

  /// All bytes of a file that has at most `limit`.
  func contents(limit: Int) throws(RecordError) -> [UInt8] {
    let size = try size()
    guard size <= limit else {
      throw RecordError(
        .dataError, path, "has \(size) bytes; \(limit) at most are believed of such a file")
    }
    return try bytes(at: 0, count: size)
  }

  /// Another descriptor of the file, which the caller closes.
  func duplicate() throws(RecordError) -> Int32 {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw RecordError(.ioError, path, systemCause()) }
    return copy
  }

  /// Gives the file `count` bytes, all zero, that are sure to have room on the disk.
  func reserve(_ count: Int) throws(RecordError) {
    // Where the file system cannot reserve, the C library fills it block by block; asking first
    // keeps a hopeless request from filling the disk.
    var room = statvfs()
    if fstatvfs(descriptor, &room) == 0, room.f_blocks > 0 {
      let free = room.f_bavail.multipliedReportingOverflow(by: UInt(room.f_frsize))
      if !free.overflow, free.partialValue < UInt(count) {
        throw RecordError(
          .cannotCreate, path,
          "needs \(count) bytes, and only \(free.partialValue) are free: "
            + "choose another folder")
      }
    }
    let result = posix_fallocate(descriptor, 0, off_t(count))
    guard result == 0 else {
      throw RecordError(.cannotCreate, path, "needs \(count) bytes: " + systemCause(result))
    }
  }

  /// Waits until what was written is on the disk.
  func synchronize() throws(RecordError) {
    while fsync(descriptor) != 0 {
      // Pipes and devices have nothing to wait for.
      if errno == EINVAL || errno == EROFS { return }
      guard errno == EINTR else { throw RecordError(.ioError, path, systemCause()) }
    }
  }

  /// Throws unless the file is still what its path leads to.
  func checkIsInPlace() throws(RecordError) {
    guard !isSameFile(descriptor, path) else { return }
    throw RecordError(
      .ioError, path, "is no longer there: the folder was removed or moved under the run")
  }

  private func status() throws(RecordError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw RecordError(.ioError, path, systemCause())
    }
    return status
  }
}

/// Whether what is open as `descriptor` is what `path` leads to.
func isSameFile(_ descriptor: Int32, _ path: String) -> Bool {
  var (opened, named) = (stat(), stat())
  return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0
    && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
}

/// The C library's words for an error number, in lower case, and what can be done about it:
/// "no space left on device: free space or choose another folder".
func systemCause(_ number: Int32 = errno) -> String {
  let text = String(cString: strerror(number))
  let remedy =
    switch number {
    case ENOSPC, EDQUOT, EFBIG: ": free space or choose another folder"
    case EACCES, EPERM, EROFS: ": change its permissions or choose another folder"
    default: ""
    }
  return text.prefix(1).lowercased() + text.dropFirst() + remedy
}
