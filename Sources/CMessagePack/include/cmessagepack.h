/// MessagePack's C library, and what it lacks: a look at bytes that may be hostile before they
/// are unpacked.
#ifndef CMESSAGEPACK_H
#define CMESSAGEPACK_H

#include <msgpack.h>

/// What `cmessagepack_inspect` found.
typedef enum {
  /// One value that fills the bytes and whose unpacking is bounded.
  CMESSAGEPACK_SOUND,
  /// The value does not end with the bytes.
  CMESSAGEPACK_TRUNCATED,
  /// Bytes that are no MessagePack.
  CMESSAGEPACK_MALFORMED,
  /// Containers in containers, more than `cmessagepack_deepest` levels.
  CMESSAGEPACK_TOO_DEEP,
  /// Containers that announce more values than bytes are there, or than were allowed.
  CMESSAGEPACK_TOO_MANY,
  /// More bytes follow the value.
  CMESSAGEPACK_TRAILING,
} cmessagepack_verdict;

/// The most levels of containers.
extern const unsigned cmessagepack_deepest;

/// Reads through `size` bytes at `data` without allocating anything.
///
/// `msgpack_unpack_next` reserves what an array or a map announces before it has seen a single
/// value of it, and trusts the length of an extension whose sum with its type overflows: only
/// what is sound should be given to it.
///
/// - Parameters:
///   - most_values: how many values all containers together may announce.
///   - position: set to the byte at which the verdict was reached.
cmessagepack_verdict cmessagepack_inspect(
    const char *data, size_t size, size_t most_values, size_t *position);

#endif
