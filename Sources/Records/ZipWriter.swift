import CZip
import Glibc

/// A zip archive of these files, stored as they are; the same files make the same bytes.
///
/// - Parameter path: the file that errors name.
func zipArchive(
  _ files: [(name: String, bytes: [UInt8])], for path: String
) throws(RecordError) -> [UInt8] {
  var error = zip_error_t()
  zip_error_init(&error)
  defer { zip_error_fini(&error) }
  func failed(_ error: UnsafeMutablePointer<zip_error_t>?) -> RecordError {
    RecordError(.cannotCreate, path, "cannot be packed: " + cause(error))
  }

  guard let memory = zip_source_buffer_create(nil, 0, 0, &error) else { throw failed(&error) }
  defer { zip_source_free(memory) }
  guard let archive = zip_open_from_source(memory, ZIP_TRUNCATE, &error) else {
    throw failed(&error)
  }
  // Opening takes one reference of the memory, and closing gives it back.
  zip_source_keep(memory)
  do throws(RecordError) {
    for file in files { try add(file, to: archive, failed) }
    guard zip_close(archive) == 0 else { throw failed(zip_get_error(archive)) }
  } catch {
    zip_discard(archive)
    throw error
  }
  var status = zip_stat_t()
  guard zip_source_stat(memory, &status) == 0, zip_source_open(memory) == 0 else {
    throw failed(zip_source_error(memory))
  }
  defer { zip_source_close(memory) }
  let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.size)) { buffer, initialized in
    initialized = max(0, Int(zip_source_read(memory, buffer.baseAddress, status.size)))
  }
  guard bytes.count == status.size else { throw failed(zip_source_error(memory)) }
  return bytes
}

private func add(
  _ file: (name: String, bytes: [UInt8]), to archive: OpaquePointer,
  _ failed: (UnsafeMutablePointer<zip_error_t>?) -> RecordError
) throws(RecordError) {
  // The archive reads the bytes when it is closed, and frees them.
  let copy = file.bytes.isEmpty ? nil : malloc(file.bytes.count)
  file.bytes.withUnsafeBytes { bytes in
    if let start = bytes.baseAddress { copy?.copyMemory(from: start, byteCount: bytes.count) }
  }
  guard let source = zip_source_buffer(archive, copy, UInt64(file.bytes.count), 1) else {
    free(copy)
    throw failed(zip_get_error(archive))
  }
  let index = zip_file_add(archive, file.name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
  guard index >= 0 else {
    zip_source_free(source)
    throw failed(zip_get_error(archive))
  }
  // The first day that the format knows, so that the bytes do not depend on the clock.
  let firstDay: UInt16 = 1 << 5 | 1
  guard zip_set_file_compression(archive, UInt64(index), ZIP_CM_STORE, 0) == 0,
    zip_file_set_dostime(archive, UInt64(index), 0, firstDay, 0) == 0
  else { throw failed(zip_get_error(archive)) }
}
