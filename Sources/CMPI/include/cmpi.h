#ifndef CMPI_H
#define CMPI_H

#include <stdbool.h>
#include <stdint.h>

// What the program asks of MPI. An implementation of MPI is chosen by its headers, so these functions
// are a library of their own, library/mpi.c, which is built where the program is to run and loaded
// when it was started by mpirun or srun. Any number of threads may call them, but for cmpi_begin,
// cmpi_end, and that only one at a time may broadcast or gather.

/// This process among those that were started together.
struct cmpi_place {
  int rank;
  int count;
  char host[256];
};

/// What is known of another process.
struct cmpi_peer {
  /// Seconds since it was last heard of.
  double silence;
  /// The last word that it sent with a sign of life.
  int32_t word;
};

/// What program and library share; a library of another number belongs to another program, and is not called.
/// The first part is to be raised when functions change, types are in it.
#define CMPI_INTERFACE \
  ((int)(1 << 24 | sizeof(struct cmpi_place) << 12 | sizeof(struct cmpi_peer)))

/// Loads the library at `path` and starts MPI.
///
/// Returns 0, or another number with the reason in `error`.
int cmpi_begin(const char *path, struct cmpi_place *place, char error[512]);

/// Whether cmpi_begin has succeeded and cmpi_end was not called.
bool cmpi_is_running(void);

/// Sends the bytes of process 0 to all.
int cmpi_broadcast(void *bytes, int64_t count, char error[512]);

/// Tells process 0 how many bytes each process has.
int cmpi_gather_counts(int64_t own, int64_t *all, char error[512]);

/// Brings the bytes of each process to process 0, one process after the other.
int cmpi_gather(
    const void *own, int64_t count, void *all, const int64_t *counts, char error[512]);

/// Sends a sign of life with a word: from process 0 to all others, from these to process 0. Takes up
/// those that have come, of which `peers` has one a process (all in process 0, else only the first).
int cmpi_beat(int32_t word, struct cmpi_peer *peers, char error[512]);

/// Ends MPI, together with all others.
void cmpi_end(void);

/// Ends all processes.
void cmpi_abort(int status);

#endif
