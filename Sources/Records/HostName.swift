import Glibc

/// The name of this machine; "localhost" where it has none.
package let hostName: String = {
  var bytes = [CChar](repeating: 0, count: 257)
  gethostname(&bytes, bytes.count - 1)
  let name = String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  return name.isEmpty ? "localhost" : name
}()
