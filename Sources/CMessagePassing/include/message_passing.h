// MPI without its headers: the library is opened while the program runs, so that a build needs
// none.
#ifndef MARBLES_MESSAGE_PASSING_H
#define MARBLES_MESSAGE_PASSING_H

#include <stddef.h>

// The implementations, whose handles and constants differ.
typedef enum { mrb_open_mpi, mrb_mpich } mrb_mpi_kind;

// Independent sequences of calls: each has a communicator of its own. That of a group has only some
// of the processes.
enum { mrb_channel_work, mrb_channel_farewell, mrb_channel_group, mrb_channel_count };

typedef struct {
  int rank, count;
} mrb_mpi_place;

// Opens the library and joins the processes that were started together.
//
// Returns 0, or another value with what is wrong in `message`, of at most `capacity` bytes.
int mrb_mpi_join(mrb_mpi_kind kind, const char *library, mrb_mpi_place *place, char *message,
                 size_t capacity);

// Begins to complete memory of which rank r has `counts[r]` bytes at `offsets[r]`.
//
// The arrays and the memory stay as they are until the test says that all is there.
void mrb_mpi_gather(int channel, void *memory, const int *counts, const int *offsets);

// Begins to give each rank r its part of `sent`, `sent_counts[r]` bytes at `sent_offsets[r]`, and
// to fill `received` with what each rank gives to this one.
//
// Arrays and memory stay as they are until the test says that all is there.
void mrb_mpi_exchange(int channel, const void *sent, const int *sent_counts,
                      const int *sent_offsets, void *received, const int *counts,
                      const int *offsets);

// Begins to replace `count` floats by their sums over all ranks, in an order of the library's own.
void mrb_mpi_add(int channel, float *memory, int count);

// Makes the channel of a group anew: of the ranks that give the same number, in the order of
// `rank`. All ranks of the first channel call it, and wait.
void mrb_mpi_split(int group, int rank);

// Whether what was last begun on a channel is done; never waits.
int mrb_mpi_is_done(int channel);

// What a sign of life says; of several, the last of these counts.
typedef enum {
  mrb_beat_none,
  mrb_beat_alive,
  mrb_beat_asks_to_stop,
  mrb_beat_ends_all,
  mrb_beat_count
} mrb_mpi_beat_kind;

// Sends a sign of life to a rank; never waits.
void mrb_mpi_beat(int rank, mrb_mpi_beat_kind beat);

// The sign of life of a rank that has come since the last call; never waits.
mrb_mpi_beat_kind mrb_mpi_heard(int rank);

// Ends all processes with an exit code; returns only if that fails.
void mrb_mpi_abort(int code);

// Leaves the other processes, which leave as well.
void mrb_mpi_finalize(void);

#endif
