#include "cmessagepack.h"

enum { deepest = 8 };
const unsigned cmessagepack_deepest = deepest;

// The library's own grammar, with callbacks that keep nothing but a count.
#define MSGPACK_EMBED_STACK_SIZE deepest
#include <msgpack/unpack_define.h>

typedef struct {
  // Values that containers may still announce.
  size_t left;
} inspection;

// Not among the library's codes; a stack that is full has MSGPACK_UNPACK_NOMEM_ERROR.
enum { too_many_values = -100 };

#define msgpack_unpack_struct(name) struct inspect##name
#define msgpack_unpack_func(type, name) static type inspect##name
#define msgpack_unpack_callback(name) inspected##name
#define msgpack_unpack_object char
#define msgpack_unpack_user inspection

#define FIXED(name, type) \
  static inline int inspected##name(inspection *user, type value, char *object) { return 0; }
#define SIMPLE(name) \
  static inline int inspected##name(inspection *user, char *object) { return 0; }

FIXED(_uint8, uint8_t)
FIXED(_uint16, uint16_t)
FIXED(_uint32, uint32_t)
FIXED(_uint64, uint64_t)
FIXED(_int8, int8_t)
FIXED(_int16, int16_t)
FIXED(_int32, int32_t)
FIXED(_int64, int64_t)
FIXED(_float, float)
FIXED(_double, double)
SIMPLE(_nil)
SIMPLE(_true)
SIMPLE(_false)

static inline char inspected_root(inspection *user) { return 0; }

static inline int announce(inspection *user, size_t count) {
  if (count > user->left) return too_many_values;
  user->left -= count;
  return 0;
}

static inline int inspected_array(inspection *user, unsigned count, char *object) {
  return announce(user, count);
}

static inline int inspected_map(inspection *user, unsigned count, char *object) {
  return announce(user, 2 * (size_t)count);
}

static inline int inspected_array_item(inspection *user, char *container, char object) {
  return 0;
}

static inline int inspected_map_item(inspection *user, char *container, char key, char value) {
  return 0;
}

static inline int inspected_str(
    inspection *user, const char *base, const char *start, unsigned length, char *object) {
  return 0;
}

static inline int inspected_bin(
    inspection *user, const char *base, const char *start, unsigned length, char *object) {
  return 0;
}

// `length` counts the type's byte: it is 0 where that sum overflowed.
static inline int inspected_ext(
    inspection *user, const char *base, const char *start, unsigned length, char *object) {
  return length == 0 ? MSGPACK_UNPACK_PARSE_ERROR : 0;
}

#include <msgpack/unpack_template.h>

cmessagepack_verdict cmessagepack_inspect(
    const char *data, size_t size, size_t most_values, size_t *position) {
  struct inspect_context context;
  context.user.left = size < most_values ? size : most_values;
  inspect_init(&context);
  *position = 0;
  int result = size == 0 ? 0 : inspect_execute(&context, data, size, position);
  switch (result) {
    case 0: return CMESSAGEPACK_TRUNCATED;
    case 1: return *position < size ? CMESSAGEPACK_TRAILING : CMESSAGEPACK_SOUND;
    case too_many_values: return CMESSAGEPACK_TOO_MANY;
    case MSGPACK_UNPACK_NOMEM_ERROR: return CMESSAGEPACK_TOO_DEEP;
    default: return CMESSAGEPACK_MALFORMED;
  }
}
