#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mujoco/mujoco.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cmujoco.h"
#include "guard.h"

enum { kSecondsOfProcessor = 20, kSeconds = 60, kMegabytes = 2048, kTextCapacity = 2048 };

/// Milliseconds between two looks at whether the work is to end.
enum { kPatience = 100 };

/// Size of this process's address space, to which the child's allowance is added: sanitizers and
/// drawing reserve much that is never used.
static rlim_t address_space(void) {
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (file) {
    if (fscanf(file, "%lu", &pages) != 1) pages = 0;
    fclose(file);
  }
  return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void limit(int resource, rlim_t value) {
  struct rlimit now;
  if (getrlimit(resource, &now) != 0) return;
  if (now.rlim_max < value) value = now.rlim_max;
  now.rlim_cur = value;
  setrlimit(resource, &now);
}

/// Compiles the file, makes its simulation and leaves the model in `result`; what is wrong goes to
/// `output`.
static void try_here(const char *path, const char *result, int output) {
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], SIG_DFL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, kSecondsOfProcessor);
  limit(RLIMIT_AS, address_space() + (rlim_t)kMegabytes * 1024 * 1024);
  mjModel *model = mujoco_compile(path, NULL);
  mjData *volatile data = NULL;
  volatile bool is_saved = false;
  if (model) GUARDED(data = mj_makeData(model), data = NULL);
  if (data) GUARDED((mj_saveModel(model, result, NULL, 0), is_saved = true), is_saved = false);
  if (is_saved) _exit(0);
  const char *text = mujoco_last_error();
  if (write(output, text, strlen(text)) < 0) _exit(2);
  _exit(1);
}

static long now_in_milliseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// Who asks for an end before the time.
typedef struct {
  bool (*is_cancelled)(const void *context);
  const void *context;
} Cancellation;

/// Reads to the end of `input`; what does not fit is dropped.
///
/// Returns: whether the end came in time.
static bool read_all(int input, char *text, size_t capacity, Cancellation cancellation) {
  const long deadline = now_in_milliseconds() + kSeconds * 1000L;
  size_t length = 0;
  text[0] = 0;
  for (;;) {
    const long rest = deadline - now_in_milliseconds();
    if (rest <= 0 || cancellation.is_cancelled(cancellation.context)) return false;
    struct pollfd event = {.fd = input, .events = POLLIN};
    if (poll(&event, 1, rest < kPatience ? (int)rest : kPatience) <= 0) continue;
    char part[256];
    const ssize_t count = read(input, part, sizeof part);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return true;
    for (ssize_t i = 0; i < count && length + 1 < capacity; i++) text[length++] = part[i];
    text[length] = 0;
  }
}

/// Says what ended the child, whose last words are `text`.
static void explain(int status, bool came_in_time, const char *text) {
  char reason[kTextCapacity];
  if (!came_in_time) {
    snprintf(reason, sizeof reason,
      "it is not compiled after %d s: it is too large, or names a file that never ends", kSeconds);
  } else if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)) {
    snprintf(reason, sizeof reason,
      "it takes more than %d s to compile, or more memory than there is: make it smaller",
      kSecondsOfProcessor);
  } else if (strstr(text, "bad_alloc") || strcasestr(text, "allocate") ||
      strstr(text, "out of memory")) {
    snprintf(reason, sizeof reason, "it takes more than %d MB of memory: make it smaller",
      kMegabytes);
  } else if (strstr(text, "basic_string::substr")) {
    snprintf(reason, sizeof reason, "a file that it names has no extension");
  } else if (WIFSIGNALED(status)) {
    snprintf(reason, sizeof reason, "MuJoCo's compiler ends with signal %d: %.200s",
      WTERMSIG(status), *text ? text : "no message");
  } else {
    snprintf(reason, sizeof reason, "%s", text);
  }
  mujoco_set_error(reason);
}

/// Tries the file; the compiled model is left in `result`.
static bool try_file(const char *path, const char *result, Cancellation cancellation) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    mujoco_set_error(strerror(errno));
    return false;
  }
  pthread_mutex_lock(&mujoco_compiling);
  const pid_t child = fork();
  pthread_mutex_unlock(&mujoco_compiling);
  if (child == 0) {
    close(ends[0]);
    try_here(path, result, ends[1]);
  }
  close(ends[1]);
  if (child < 0) {
    mujoco_set_error(strerror(errno));
    close(ends[0]);
    return false;
  }
  char text[kTextCapacity];
  const bool came_in_time = read_all(ends[0], text, sizeof text, cancellation);
  close(ends[0]);
  if (!came_in_time) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (came_in_time && WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  explain(status, came_in_time, text);
  return false;
}

mjModel *mujoco_load_file(const char *path, bool (*is_cancelled)(const void *context),
    const void *context) {
  if (!mujoco_library_fits()) return NULL;
  // A file without a name, which both processes know by its descriptor.
  const int file = memfd_create("model.mjb", MFD_CLOEXEC);
  if (file < 0) {
    mujoco_set_error(strerror(errno));
    return NULL;
  }
  char result[64];
  snprintf(result, sizeof result, "/proc/self/fd/%d", file);
  mjModel *volatile model = NULL;
  if (try_file(path, result, (Cancellation){is_cancelled, context}))
    GUARDED(model = mj_loadModel(result, NULL), model = NULL);
  close(file);
  return model;
}
