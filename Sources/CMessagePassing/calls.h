// The calls of one implementation, whose handles are of the type HANDLE; included once for each.
//
// Types, constants and the meaning of arguments: MPI: A Message-Passing Interface Standard, version
// 3.1, 2015.

typedef struct {
  int (*init_thread)(int *, char ***, int, int *);
  int (*comm_rank)(HANDLE, int *);
  int (*comm_size)(HANDLE, int *);
  int (*comm_dup)(HANDLE, HANDLE *);
  int (*iallgatherv)(const void *, int, HANDLE, void *, const int *, const int *, HANDLE, HANDLE,
                     HANDLE *);
  int (*ialltoallv)(const void *, const int *, const int *, HANDLE, void *, const int *,
                    const int *, HANDLE, HANDLE, HANDLE *);
  int (*iallreduce)(const void *, void *, int, HANDLE, HANDLE, HANDLE, HANDLE *);
  int (*comm_split)(HANDLE, int, int, HANDLE *);
  int (*test)(HANDLE *, int *, void *);
  int (*isend)(const void *, int, HANDLE, int, int, HANDLE, HANDLE *);
  int (*request_free)(HANDLE *);
  int (*iprobe)(int, int, HANDLE, int *, void *);
  int (*recv)(void *, int, HANDLE, int, int, HANDLE, void *);
  int (*abort)(HANDLE, int);
  int (*finalize)(void);
  HANDLE world, byte, real, sum;
  void *in_place, *status_ignore;
  // A communicator for each channel, and one for signs of life.
  HANDLE channels[mrb_channel_count], life;
  HANDLE requests[mrb_channel_count];
} NAME(calls);

// Finds all functions; returns the name of one that is missing, or null.
static const char *NAME(find)(void *library, NAME(calls) * calls) {
  const struct {
    const char *name;
    void *function;
  } names[] = {
      {"MPI_Init_thread", &calls->init_thread},
      {"MPI_Comm_rank", &calls->comm_rank},
      {"MPI_Comm_size", &calls->comm_size},
      {"MPI_Comm_dup", &calls->comm_dup},
      {"MPI_Iallgatherv", &calls->iallgatherv},
      {"MPI_Ialltoallv", &calls->ialltoallv},
      {"MPI_Iallreduce", &calls->iallreduce},
      {"MPI_Comm_split", &calls->comm_split},
      {"MPI_Test", &calls->test},
      {"MPI_Isend", &calls->isend},
      {"MPI_Request_free", &calls->request_free},
      {"MPI_Iprobe", &calls->iprobe},
      {"MPI_Recv", &calls->recv},
      {"MPI_Abort", &calls->abort},
      {"MPI_Finalize", &calls->finalize},
  };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    void *function = dlsym(library, names[i].name);
    if (!function) {
      return names[i].name;
    }
    memcpy(names[i].function, &function, sizeof function);
  }
  return NULL;
}

// Joins the others; returns whether the library allows calls from several threads, one at a time.
static int NAME(join)(NAME(calls) * calls, mrb_mpi_place *place) {
  enum { serialized = 2 };
  int provided = 0;
  calls->init_thread(NULL, NULL, serialized, &provided);
  calls->comm_rank(calls->world, &place->rank);
  calls->comm_size(calls->world, &place->count);
  for (int channel = 0; channel < mrb_channel_count; channel++) {
    calls->comm_dup(calls->world, &calls->channels[channel]);
  }
  calls->comm_dup(calls->world, &calls->life);
  return provided >= serialized;
}

static void NAME(gather)(NAME(calls) * calls, int channel, void *memory, const int *counts,
                         const int *offsets) {
  calls->iallgatherv(calls->in_place, 0, calls->byte, memory, counts, offsets, calls->byte,
                     calls->channels[channel], &calls->requests[channel]);
}

static void NAME(exchange)(NAME(calls) * calls, int channel, const void *sent,
                           const int *sent_counts, const int *sent_offsets, void *received,
                           const int *counts, const int *offsets) {
  calls->ialltoallv(sent, sent_counts, sent_offsets, calls->byte, received, counts, offsets,
                    calls->byte, calls->channels[channel], &calls->requests[channel]);
}

static void NAME(add)(NAME(calls) * calls, int channel, float *memory, int count) {
  calls->iallreduce(calls->in_place, memory, count, calls->real, calls->sum,
                    calls->channels[channel], &calls->requests[channel]);
}

static void NAME(split)(NAME(calls) * calls, int group, int rank) {
  calls->comm_split(calls->channels[mrb_channel_work], group, rank,
                    &calls->channels[mrb_channel_group]);
}

static int NAME(is_done)(NAME(calls) * calls, int channel) {
  int done = 0;
  calls->test(&calls->requests[channel], &done, calls->status_ignore);
  return done;
}

static void NAME(beat)(NAME(calls) * calls, int rank, mrb_mpi_beat_kind beat) {
  // Each is its own number, and read after this call.
  static const char beats[mrb_beat_count] = {mrb_beat_none, mrb_beat_alive, mrb_beat_asks_to_stop,
                                             mrb_beat_ends_all};
  HANDLE request;
  calls->isend(&beats[beat], 1, calls->byte, rank, 0, calls->life, &request);
  calls->request_free(&request);
}

static mrb_mpi_beat_kind NAME(heard)(NAME(calls) * calls, int rank) {
  mrb_mpi_beat_kind heard = mrb_beat_none;
  for (;;) {
    char beat;
    int waits = 0;
    calls->iprobe(rank, 0, calls->life, &waits, calls->status_ignore);
    if (!waits) {
      return heard;
    }
    calls->recv(&beat, 1, calls->byte, rank, 0, calls->life, calls->status_ignore);
    if ((mrb_mpi_beat_kind)beat > heard) {
      heard = (mrb_mpi_beat_kind)beat;
    }
  }
}
