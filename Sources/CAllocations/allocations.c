#include "CAllocations.h"
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

// The GNU library lets a program put its own functions in front of malloc and its relatives, which
// reach the library's under other names. Sanitizers do the same, so these stand aside.
#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_int is_counting;
static atomic_size_t allocation_count;

static inline void note(void) {
  if (__builtin_expect(atomic_load_explicit(&is_counting, memory_order_relaxed), 0))
    atomic_fetch_add_explicit(&allocation_count, 1, memory_order_relaxed);
}

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  note();
  return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  note();
  return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  enum { INVALID_ARGUMENT = 22, NO_MEMORY = 12 };
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0)
    return INVALID_ARGUMENT;
  note();
  void *found = __libc_memalign(alignment, size);
  if (!found)
    return NO_MEMORY;
  *memory = found;
  return 0;
}

int mrb_start_counting_allocations(void) {
  atomic_store(&allocation_count, 0);
  atomic_store(&is_counting, 1);
  return 1;
}

size_t mrb_stop_counting_allocations(void) {
  atomic_store(&is_counting, 0);
  return atomic_load(&allocation_count);
}

#else

int mrb_start_counting_allocations(void) { return 0; }
size_t mrb_stop_counting_allocations(void) { return 0; }

#endif
