/// MessagePack's C library.
#include <msgpack.h>
