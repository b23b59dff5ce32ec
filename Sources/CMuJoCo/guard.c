#include "guard.h"

#include <mujoco/mujoco.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmujoco.h"

_Static_assert(sizeof(mjtNum) == sizeof(double), "MuJoCo in double precision is required");

_Thread_local jmp_buf *mujoco_landing;
pthread_mutex_t mujoco_compiling = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local char last_error[1024];

void mujoco_set_error(const char *text) {
  snprintf(last_error, sizeof last_error, "%s", text);
}

const char *mujoco_last_error(void) { return last_error; }

static void on_error(const char *text) {
  mujoco_set_error(text);
  if (mujoco_landing) longjmp(*mujoco_landing, 1);
  // MuJoCo's state is undefined after a return, so an unguarded call cannot go on.
  fprintf(stderr, "mujoco: %s\n", text);
  abort();
}

// Warnings are counted in mjData. The default handler would print and write MUJOCO_LOG.TXT.
static void on_warning(const char *text) { (void)text; }

__attribute__((constructor)) static void install_handlers(void) {
  mju_user_error = on_error;
  mju_user_warning = on_warning;
}

const char *mujoco_version(void) { return mj_versionString(); }
