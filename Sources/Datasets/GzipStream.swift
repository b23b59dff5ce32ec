import CZlib
import Glibc

/// Unpacks a gzip file of one member or several, which zeros may follow.
///
/// zlib's own reader of files passes in silence over whatever follows.
final class GzipStream {
  enum Failure: Error {
    /// Reading failed.
    case system(String)
    /// The file is not what it should be.
    case content(String)
  }

  /// The first bytes of every member.
  static let magic: [UInt8] = [0x1F, 0x8B]

  private let descriptor: Int32
  private let stream: UnsafeMutablePointer<z_stream>
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
  private var isReady: Bool
  /// Whether the next byte begins a member, or is one of the zeros after the last.
  private var isBetween = false

  /// Reads what is left of the open file `descriptor`, which the caller closes.
  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 16 added to the window's bits asks for gzip and nothing else.
    isReady =
      inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Unpacks into the start of `buffer`, which has room; returns 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
    guard isReady else { throw .system("there is no memory to unpack it") }
    let room = min(buffer.count, 1 << 30)
    stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    while stream.pointee.avail_out == room {
      if isBetween, try !beginMember() { return 0 }
      if stream.pointee.avail_in == 0, try !refill() {
        throw .content("the gzip file is truncated")
      }
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isBetween = true
      case Z_MEM_ERROR: throw .system("there is no memory to unpack it")
      default: throw .content("the gzip file is broken")
      }
    }
    return room - Int(stream.pointee.avail_out)
  }

  /// Goes to the next member; false at the end of the file.
  private func beginMember() throws(Failure) -> Bool {
    var isPadded = false
    while true {
      if stream.pointee.avail_in == 0, try !refill() { return false }
      guard stream.pointee.next_in.pointee == 0 else { break }
      isPadded = true
      stream.pointee.next_in += 1
      stream.pointee.avail_in -= 1
    }
    guard !isPadded, stream.pointee.next_in.pointee == Self.magic[0], inflateReset(stream) == Z_OK
    else { throw .content("something that is no gzip follows the gzip content") }
    isBetween = false
    return true
  }

  /// Reads the next piece of the file; false at its end.
  private func refill() throws(Failure) -> Bool {
    let count = try readFile(descriptor, into: input)
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(count)
    return count > 0
  }
}

/// Reads into the start of `buffer` what comes next in an open file; returns 0 at its end.
func readFile(
  _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer
) throws(GzipStream.Failure) -> Int {
  while true {
    let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    if count >= 0 { return count }
    guard errno == EINTR else { throw .system(systemCause()) }
  }
}
