#include "cmpi.h"
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

// The library's functions, by the names of those that call them.
static struct {
  int (*begin)(struct cmpi_place *, char *);
  int (*broadcast)(void *, int64_t, char *);
  int (*gather_counts)(int64_t, int64_t *, char *);
  int (*gather)(const void *, int64_t, void *, const int64_t *, char *);
  int (*beat)(int32_t, struct cmpi_peer *, char *);
  void (*end)(void);
  void (*abort)(int);
} library;

// Signs of life ask for it from a thread of their own.
static atomic_bool is_running;

static bool find(void *handle, const char *name, void *function, char *error) {
  void *symbol = dlsym(handle, name);
  if (!symbol) {
    snprintf(error, 512, "%s", dlerror());
    return false;
  }
  memcpy(function, &symbol, sizeof symbol);
  return true;
}

int cmpi_begin(const char *path, struct cmpi_place *place, char error[512]) {
  // Parts of an MPI that are loaded later look for its names among those of the program.
  void *handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  if (!handle) {
    snprintf(error, 512, "%s", dlerror());
    return 1;
  }
  const int *interface = dlsym(handle, "nres_mpi_interface");
  if (!interface || *interface != CMPI_INTERFACE) {
    snprintf(error, 512, "%s is of another nres: build it anew with scripts/build-mpi", path);
    return 1;
  }
  if (!find(handle, "nres_mpi_begin", &library.begin, error) ||
      !find(handle, "nres_mpi_broadcast", &library.broadcast, error) ||
      !find(handle, "nres_mpi_gather_counts", &library.gather_counts, error) ||
      !find(handle, "nres_mpi_gather", &library.gather, error) ||
      !find(handle, "nres_mpi_beat", &library.beat, error) ||
      !find(handle, "nres_mpi_end", &library.end, error) ||
      !find(handle, "nres_mpi_abort", &library.abort, error))
    return 1;
  int status = library.begin(place, error);
  is_running = status == 0;
  return status;
}

bool cmpi_is_running(void) { return is_running; }

int cmpi_broadcast(void *bytes, int64_t count, char error[512]) {
  return library.broadcast(bytes, count, error);
}

int cmpi_gather_counts(int64_t own, int64_t *all, char error[512]) {
  return library.gather_counts(own, all, error);
}

int cmpi_gather(
    const void *own, int64_t count, void *all, const int64_t *counts, char error[512]) {
  return library.gather(own, count, all, counts, error);
}

int cmpi_beat(int32_t word, struct cmpi_peer *peers, char error[512]) {
  return library.beat(word, peers, error);
}

void cmpi_end(void) {
  if (is_running) library.end();
  is_running = false;
}

void cmpi_abort(int status) {
  if (is_running) library.abort(status);
}
