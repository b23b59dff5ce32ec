// The functions of cmpi.h over the MPI that this file is compiled with: scripts/build-mpi.
#include "../include/cmpi.h"
#include <mpi.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Messages have a communicator of their own, and so have signs of life.
static MPI_Comm messages, beats;
static struct cmpi_place here;
// MPI is called by one thread at a time, and by none once it has ended.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool has_ended;

static int check(int code, char *error) {
  if (code == MPI_SUCCESS) return 0;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, text, &length);
  snprintf(error, 512, "%s", text);
  return code;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// Waits without keeping a processor from those that compute, once it takes longer.
static int wait_for(MPI_Request *request, char *error) {
  double start = now();
  for (;;) {
    int done = 0;
    pthread_mutex_lock(&lock);
    int code = MPI_Test(request, &done, MPI_STATUS_IGNORE);
    pthread_mutex_unlock(&lock);
    if (code != MPI_SUCCESS) return check(code, error);
    if (done) return 0;
    if (now() - start < 200e-6) {
      sched_yield();
    } else {
      nanosleep(&(struct timespec){.tv_nsec = 20000}, NULL);
    }
  }
}

const int nres_mpi_interface = CMPI_INTERFACE;

int nres_mpi_begin(struct cmpi_place *place, char *error) {
  int level = 0, is_initialized = 0;
  MPI_Initialized(&is_initialized);
  if (is_initialized) {
    snprintf(error, 512, "MPI was started before");
    return 1;
  }
  int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level);
  if (code != MPI_SUCCESS) return check(code, error);
  if (level < MPI_THREAD_SERIALIZED) {
    snprintf(error, 512, "this MPI does not let threads call it in turn");
    return 1;
  }
  if ((code = check(MPI_Comm_dup(MPI_COMM_WORLD, &messages), error)) ||
      (code = check(MPI_Comm_dup(MPI_COMM_WORLD, &beats), error)))
    return code;
  MPI_Comm_set_errhandler(messages, MPI_ERRORS_RETURN);
  MPI_Comm_set_errhandler(beats, MPI_ERRORS_RETURN);
  MPI_Comm_rank(messages, &here.rank);
  MPI_Comm_size(messages, &here.count);
  char name[MPI_MAX_PROCESSOR_NAME];
  int length = 0;
  MPI_Get_processor_name(name, &length);
  snprintf(here.host, sizeof here.host, "%.*s", length, name);
  *place = here;
  return 0;
}

// What one call of MPI takes at most; it counts in int.
static const int64_t piece = 1 << 30;

int nres_mpi_broadcast(void *bytes, int64_t count, char *error) {
  for (int64_t done = 0; done < count; done += piece) {
    int64_t size = count - done < piece ? count - done : piece;
    MPI_Request request;
    pthread_mutex_lock(&lock);
    int code = MPI_Ibcast((char *)bytes + done, (int)size, MPI_BYTE, 0, messages, &request);
    pthread_mutex_unlock(&lock);
    if ((code = check(code, error)) || (code = wait_for(&request, error))) return code;
  }
  return 0;
}

int nres_mpi_gather_counts(int64_t own, int64_t *all, char *error) {
  MPI_Request request;
  pthread_mutex_lock(&lock);
  int code = MPI_Igather(&own, 1, MPI_INT64_T, all, 1, MPI_INT64_T, 0, messages, &request);
  pthread_mutex_unlock(&lock);
  if ((code = check(code, error))) return code;
  return wait_for(&request, error);
}

// How many pieces `count` bytes are.
static int64_t pieces(int64_t count) { return (count + piece - 1) / piece; }

// Starts to send `count` bytes to process 0, or to receive them from `rank`.
static int start(void *bytes, int64_t count, int rank, MPI_Request *requests) {
  int code = MPI_SUCCESS;
  for (int64_t done = 0; done < count && code == MPI_SUCCESS; done += piece) {
    int size = (int)(count - done < piece ? count - done : piece);
    char *first = (char *)bytes + done;
    code = rank == 0 ? MPI_Isend(first, size, MPI_BYTE, 0, 0, messages, requests++)
                     : MPI_Irecv(first, size, MPI_BYTE, rank, 0, messages, requests++);
  }
  return code;
}

int nres_mpi_gather(
    const void *own, int64_t count, void *all, const int64_t *counts, char *error) {
  int64_t total = here.rank == 0 ? 0 : pieces(count);
  if (here.rank == 0)
    for (int rank = 1; rank < here.count; rank++) total += pieces(counts[rank]);
  MPI_Request *requests = malloc(sizeof(MPI_Request) * (size_t)(total + 1));
  if (!requests) {
    snprintf(error, 512, "no memory");
    return 1;
  }
  int code = MPI_SUCCESS;
  pthread_mutex_lock(&lock);
  if (here.rank == 0) {
    if (count) memcpy(all, own, (size_t)count);
    char *place = (char *)all + count;
    MPI_Request *next = requests;
    for (int rank = 1; rank < here.count && code == MPI_SUCCESS; rank++) {
      code = start(place, counts[rank], rank, next);
      place += counts[rank];
      next += pieces(counts[rank]);
    }
  } else {
    code = start((void *)own, count, 0, requests);
  }
  pthread_mutex_unlock(&lock);
  code = check(code, error);
  for (int64_t index = 0; index < total && !code; index++)
    code = wait_for(&requests[index], error);
  free(requests);
  return code;
}

// A sign of life that is on its way to each process, and when each was last heard of.
static struct beat {
  MPI_Request request;
  int32_t word;
  double heard;
} *sent;
static int32_t *last_words;

int nres_mpi_beat(int32_t word, struct cmpi_peer *peers, char *error) {
  int peer_count = here.rank == 0 ? here.count : 1;
  int code = MPI_SUCCESS;
  // Who was itself suspended has heard nothing, and knows nothing of the others.
  static double before;
  double time = now(), gap = before > 0 ? time - before : 0;
  before = time;
  pthread_mutex_lock(&lock);
  if (has_ended) {
    memset(peers, 0, sizeof *peers * (size_t)peer_count);
    pthread_mutex_unlock(&lock);
    return 0;
  }
  for (int peer = 0; sent && gap > 2 && peer < peer_count; peer++) sent[peer].heard += gap;
  if (!sent) {
    sent = calloc((size_t)peer_count, sizeof *sent);
    last_words = calloc((size_t)peer_count, sizeof *last_words);
    for (int peer = 0; sent && last_words && peer < peer_count; peer++)
      sent[peer] = (struct beat){.request = MPI_REQUEST_NULL, .heard = time};
  }
  if (!sent || !last_words) {
    pthread_mutex_unlock(&lock);
    snprintf(error, 512, "no memory");
    return 1;
  }
  for (int peer = here.rank == 0 ? 1 : 0; peer < peer_count && code == MPI_SUCCESS; peer++) {
    // The one before may still be on its way; there is no need of two.
    int done = 0;
    code = MPI_Test(&sent[peer].request, &done, MPI_STATUS_IGNORE);
    if (!done || code != MPI_SUCCESS) continue;
    sent[peer].word = word;
    code = MPI_Isend(&sent[peer].word, 1, MPI_INT32_T, peer, 0, beats, &sent[peer].request);
  }
  for (int found = 1; found && code == MPI_SUCCESS;) {
    MPI_Status status;
    code = MPI_Iprobe(MPI_ANY_SOURCE, 0, beats, &found, &status);
    if (!found || code != MPI_SUCCESS) break;
    int peer = status.MPI_SOURCE;
    code = MPI_Recv(&last_words[peer], 1, MPI_INT32_T, peer, 0, beats, MPI_STATUS_IGNORE);
    sent[peer].heard = time;
  }
  for (int peer = 0; peer < peer_count; peer++)
    peers[peer] = (struct cmpi_peer){
        .silence = peer == here.rank ? 0 : time - sent[peer].heard, .word = last_words[peer]};
  pthread_mutex_unlock(&lock);
  return check(code, error);
}

void nres_mpi_end(void) {
  pthread_mutex_lock(&lock);
  // A sign of life that nobody took up would keep MPI_Finalize waiting.
  for (int peer = 0; sent && peer < (here.rank == 0 ? here.count : 1); peer++)
    if (sent[peer].request != MPI_REQUEST_NULL) MPI_Request_free(&sent[peer].request);
  has_ended = true;
  MPI_Finalize();
  pthread_mutex_unlock(&lock);
}

void nres_mpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }
