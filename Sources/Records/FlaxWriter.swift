import CMessagePack
import Parameters

/// What `flax.serialization.to_bytes` makes of nested dictionaries, byte for byte.
///
/// The last "/" of a leaf's name parts the outer key from the inner one. Both levels are sorted,
/// as JAX leaves every dictionary it has mapped over.
struct FlaxWriter: ~Copyable {
  private var packer = MessagePackWriter()

  /// The bytes of the leaves: those of one θ, or of all rows with a leading axis.
  static func encoded(
    _ rows: LeafRows, isSingle: Bool, for path: String
  ) throws(RecordError) -> [UInt8] {
    let tree = try groups(of: rows.layout, path)
    var writer = FlaxWriter()
    writer.packer.map(tree.count)
    for (name, group) in tree {
      writer.packer.text(name)
      if group.isLeaf {
        try writer.array(group.leaves[0].index, of: rows, isSingle: isSingle, path)
        continue
      }
      writer.packer.map(group.leaves.count)
      for leaf in group.leaves {
        writer.packer.text(leaf.name)
        try writer.array(leaf.index, of: rows, isSingle: isSingle, path)
      }
    }
    return writer.packer.bytes
  }

  /// What an outer key has: one leaf, or leaves under inner keys.
  private struct Group {
    var isLeaf: Bool
    var leaves: [(name: String, index: Int)]
  }

  private static func groups(
    of layout: ParameterLayout, _ path: String
  ) throws(RecordError) -> [(key: String, value: Group)] {
    var groups: [String: Group] = [:]
    for (index, leaf) in layout.leaves.enumerated() {
      let slash = leaf.name.utf8.lastIndex(of: UInt8(ascii: "/"))
      let outer = slash.map { String(leaf.name[..<$0]) } ?? leaf.name
      let inner = slash.map { String(leaf.name[leaf.name.utf8.index(after: $0)...]) } ?? ""
      guard groups[outer]?.isLeaf ?? (slash == nil) == (slash == nil) else {
        throw RecordError(
          .cannotCreate, path, "\(quoted(outer)) is a leaf and a group: flax has no such tree")
      }
      groups[outer, default: Group(isLeaf: slash == nil, leaves: [])].leaves.append((inner, index))
    }
    // The leaves of a group came sorted.
    return groups.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  private mutating func array(
    _ index: Int, of rows: LeafRows, isSingle: Bool, _ path: String
  ) throws(RecordError) {
    let leaf = rows.layout.leaves[index]
    let values = rows.bytes(ofLeaf: index)
    // Flax cuts what is larger into pieces.
    guard values.count <= ThetaFormat.largestFile else {
      throw RecordError(.cannotCreate, path, "\(quoted(leaf.name)) is larger than 1 GiB")
    }
    var body = MessagePackWriter()
    let shape = (isSingle ? [] : [rows.count]) + leaf.shape
    body.array(3)
    body.array(shape.count)
    for axis in shape { body.integer(axis) }
    body.text("float32")
    body.data(values)
    packer.extension(type: FlaxReader.arrayType, body.bytes)
  }
}

/// Packs values one after another.
private struct MessagePackWriter: ~Copyable {
  private let buffer: UnsafeMutablePointer<msgpack_sbuffer>
  private var packer = msgpack_packer()

  init() {
    buffer = .allocate(capacity: 1)
    msgpack_sbuffer_init(buffer)
    msgpack_packer_init(&packer, buffer, msgpack_sbuffer_write)
  }

  deinit {
    msgpack_sbuffer_destroy(buffer)
    buffer.deallocate()
  }

  var bytes: [UInt8] {
    Array(UnsafeRawBufferPointer(start: buffer.pointee.data, count: buffer.pointee.size))
  }

  mutating func map(_ count: Int) { msgpack_pack_map(&packer, count) }
  mutating func array(_ count: Int) { msgpack_pack_array(&packer, count) }
  mutating func integer(_ value: Int) { msgpack_pack_uint64(&packer, UInt64(value)) }

  mutating func text(_ text: String) {
    let bytes = Array(text.utf8)
    msgpack_pack_str(&packer, bytes.count)
    msgpack_pack_str_body(&packer, bytes, bytes.count)
  }

  mutating func data(_ bytes: [UInt8]) {
    msgpack_pack_bin(&packer, bytes.count)
    msgpack_pack_bin_body(&packer, bytes, bytes.count)
  }

  mutating func `extension`(type: Int, _ bytes: [UInt8]) {
    msgpack_pack_ext(&packer, bytes.count, Int8(type))
    msgpack_pack_ext_body(&packer, bytes, bytes.count)
  }
}
