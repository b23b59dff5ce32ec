/// Turning MuJoCo's errors into returns.
#ifndef CMUJOCO_GUARD_H
#define CMUJOCO_GUARD_H

#include <mujoco/mujoco.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>

/// Where an error on this thread jumps to; null outside a guarded call.
extern _Thread_local jmp_buf *mujoco_landing;

/// Held while MuJoCo compiles, so that a process forked from this one finds its locks free.
extern pthread_mutex_t mujoco_compiling;

/// Keeps `text` for `mujoco_last_error`.
void mujoco_set_error(const char *text);

/// Whether the library that was loaded is of the version of its headers; if not, says so.
bool mujoco_library_fits(void);

/// Compiles a file in this process. Null on failure.
mjModel *mujoco_compile(const char *path, const mjVFS *files);

/// Runs `call`, which is to be a direct call of MuJoCo; after an error runs `recover` instead.
/// Only frames of this file and of MuJoCo lie between the jump and its landing.
#define GUARDED(call, recover)            \
  do {                                    \
    jmp_buf landing;                      \
    jmp_buf *const outer = mujoco_landing; \
    if (setjmp(landing) == 0) {           \
      mujoco_landing = &landing;          \
      call;                               \
      mujoco_landing = outer;             \
    } else {                              \
      mujoco_landing = outer;             \
      recover;                            \
    }                                     \
  } while (0)

#endif
