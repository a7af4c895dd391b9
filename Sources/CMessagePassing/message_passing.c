#include "include/message_passing.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

typedef void *open_handle;
typedef int mpich_handle;

#define HANDLE open_handle
#define NAME(name) open_##name
#include "calls.h"
#undef HANDLE
#undef NAME

#define HANDLE mpich_handle
#define NAME(name) mpich_##name
#include "calls.h"
#undef HANDLE
#undef NAME

static mrb_mpi_kind kind;
static open_calls open_mpi;
static mpich_calls mpich;

// The library allows one call at a time.
static pthread_mutex_t calling = PTHREAD_MUTEX_INITIALIZER;

// Runs one statement of either implementation, alone.
#define EITHER(open, other)                                                                        \
  do {                                                                                             \
    pthread_mutex_lock(&calling);                                                                  \
    if (kind == mrb_open_mpi) {                                                                    \
      open;                                                                                        \
    } else {                                                                                       \
      other;                                                                                       \
    }                                                                                              \
    pthread_mutex_unlock(&calling);                                                                \
  } while (0)

// What the macros of mpi.h stand for: in Open MPI the addresses of variables, in MPICH numbers.
static const char *find_constants(void *library) {
  if (kind == mrb_mpich) {
    mpich.world = 0x44000000;
    mpich.byte = 0x4c00010d;
    mpich.real = 0x4c00040a;
    mpich.sum = 0x58000003;
    mpich.in_place = (void *)-1;
    mpich.status_ignore = (void *)1;
    return NULL;
  }
  open_mpi.world = dlsym(library, "ompi_mpi_comm_world");
  open_mpi.byte = dlsym(library, "ompi_mpi_byte");
  open_mpi.real = dlsym(library, "ompi_mpi_float");
  open_mpi.sum = dlsym(library, "ompi_mpi_op_sum");
  open_mpi.in_place = (void *)1;
  open_mpi.status_ignore = NULL;
  return open_mpi.world && open_mpi.byte && open_mpi.real && open_mpi.sum ? NULL
                                                                          : "ompi_mpi_comm_world";
}

int mrb_mpi_join(mrb_mpi_kind chosen, const char *name, mrb_mpi_place *place, char *message,
                 size_t capacity) {
  kind = chosen;
  // Parts of the library that it opens itself look for its symbols among the global ones.
  void *library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
  if (!library) {
    snprintf(message, capacity, "%s", dlerror());
    return 1;
  }
  const char *missing =
      kind == mrb_open_mpi ? open_find(library, &open_mpi) : mpich_find(library, &mpich);
  missing = missing ? missing : find_constants(library);
  if (missing) {
    snprintf(message, capacity, "%s has no %s", name, missing);
    return 1;
  }
  int is_serialized = 0;
  EITHER(is_serialized = open_join(&open_mpi, place), is_serialized = mpich_join(&mpich, place));
  if (!is_serialized) {
    snprintf(message, capacity, "%s cannot be called from several threads", name);
    return 1;
  }
  return 0;
}

void mrb_mpi_gather(int channel, void *memory, const int *counts, const int *offsets) {
  EITHER(open_gather(&open_mpi, channel, memory, counts, offsets),
         mpich_gather(&mpich, channel, memory, counts, offsets));
}

void mrb_mpi_exchange(int channel, const void *sent, const int *sent_counts,
                      const int *sent_offsets, void *received, const int *counts,
                      const int *offsets) {
  EITHER(
      open_exchange(&open_mpi, channel, sent, sent_counts, sent_offsets, received, counts, offsets),
      mpich_exchange(&mpich, channel, sent, sent_counts, sent_offsets, received, counts, offsets));
}

void mrb_mpi_add(int channel, float *memory, int count) {
  EITHER(open_add(&open_mpi, channel, memory, count), mpich_add(&mpich, channel, memory, count));
}

void mrb_mpi_split(int group, int rank) {
  EITHER(open_split(&open_mpi, group, rank), mpich_split(&mpich, group, rank));
}

int mrb_mpi_is_done(int channel) {
  int done = 0;
  EITHER(done = open_is_done(&open_mpi, channel), done = mpich_is_done(&mpich, channel));
  return done;
}

void mrb_mpi_beat(int rank, mrb_mpi_beat_kind beat) {
  EITHER(open_beat(&open_mpi, rank, beat), mpich_beat(&mpich, rank, beat));
}

mrb_mpi_beat_kind mrb_mpi_heard(int rank) {
  mrb_mpi_beat_kind heard = mrb_beat_none;
  EITHER(heard = open_heard(&open_mpi, rank), heard = mpich_heard(&mpich, rank));
  return heard;
}

void mrb_mpi_abort(int code) {
  // A call of another thread may never return.
  struct timespec limit;
  clock_gettime(CLOCK_REALTIME, &limit);
  limit.tv_sec += 2;
  if (pthread_mutex_timedlock(&calling, &limit) != 0) {
    return;
  }
  if (kind == mrb_open_mpi) {
    open_mpi.abort(open_mpi.world, code);
  } else {
    mpich.abort(mpich.world, code);
  }
}

void mrb_mpi_finalize(void) { EITHER(open_mpi.finalize(), mpich.finalize()); }
