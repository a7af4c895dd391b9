#include "CKernels.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

// The caller announces a run by one word: its number, and how many workers take part. It waits for
// every thread that takes part, so that the closure stays valid; other threads read only the word.
enum { MOST_WORKERS = 1024, SPINS = 4000 };

static atomic_flag is_busy = ATOMIC_FLAG_INIT;
static atomic_uint_fast64_t announced;
static atomic_size_t unfinished, sleeping, next_task;
static size_t last_task;
static struct {
  mrb_closure closure;
  void *context;
} current;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static size_t thread_count; // guarded by is_busy

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static uint64_t next_announcement(uint64_t last) {
  for (int spin = 0; spin < SPINS; spin++) {
    const uint64_t word = atomic_load_explicit(&announced, memory_order_acquire);
    if (word != last)
      return word;
    pause_briefly();
  }
  pthread_mutex_lock(&mutex);
  atomic_fetch_add(&sleeping, 1);
  uint64_t word;
  while ((word = atomic_load(&announced)) == last) {
    pthread_cond_wait(&wake, &mutex);
  }
  atomic_fetch_sub(&sleeping, 1);
  pthread_mutex_unlock(&mutex);
  return word;
}

typedef struct {
  size_t worker;
  uint64_t seen;
} birth;
static birth births[MOST_WORKERS];

static void take_part(size_t worker) {
  size_t task;
  while ((task = atomic_fetch_add_explicit(&next_task, 1, memory_order_relaxed)) < last_task) {
    current.closure(task, worker, current.context);
  }
}

static void *live(void *argument) {
  const size_t worker = ((birth *)argument)->worker;
  uint64_t seen = ((birth *)argument)->seen;
  for (;;) {
    seen = next_announcement(seen);
    if (worker >= seen % MOST_WORKERS)
      continue;
    take_part(worker);
    atomic_fetch_sub_explicit(&unfinished, 1, memory_order_release);
  }
  return NULL;
}

// Creates missing threads; fewer take part if the system refuses to create more.
static size_t grow(size_t count) {
  while (thread_count + 1 < count) {
    const size_t worker = thread_count + 1;
    births[worker] = (birth){worker, atomic_load(&announced)};
    pthread_t thread;
    if (pthread_create(&thread, NULL, live, &births[worker]) != 0)
      break;
    pthread_detach(thread);
    thread_count = worker;
  }
  return smaller(thread_count + 1, count);
}

__attribute__((swiftcall)) void mrb_run_tasks(size_t task_count, size_t worker_count,
                                              mrb_closure closure, void *context) {
  size_t count = smaller(smaller(worker_count, task_count), MOST_WORKERS - 1);
  if (count <= 1 || atomic_flag_test_and_set_explicit(&is_busy, memory_order_acquire)) {
    for (size_t task = 0; task < task_count; task++) {
      closure(task, 0, context);
    }
    return;
  }
  count = grow(count);
  current.closure = closure;
  current.context = context;
  last_task = task_count;
  atomic_store_explicit(&next_task, 0, memory_order_relaxed);
  atomic_store_explicit(&unfinished, count - 1, memory_order_relaxed);
  const uint64_t run = atomic_load(&announced) / MOST_WORKERS + 1;
  atomic_store(&announced, run * MOST_WORKERS + count);
  if (atomic_load(&sleeping) > 0) {
    pthread_mutex_lock(&mutex);
    pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&mutex);
  }
  take_part(0);
  for (int spin = 0; atomic_load_explicit(&unfinished, memory_order_acquire) > 0; spin++) {
    pause_briefly();
    // A thread that is not done may be waiting for this processor.
    if (spin > SPINS)
      sched_yield();
  }
  atomic_flag_clear_explicit(&is_busy, memory_order_release);
}
