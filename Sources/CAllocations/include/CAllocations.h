#ifndef MARBLES_CALLOCATIONS_H
#define MARBLES_CALLOCATIONS_H

#include <stddef.h>

// Counts the allocations of the whole program, so that a benchmark can show that a step makes none.
// Where that is not possible counting never starts.

// Begins with zero; returns whether allocations are counted.
int mrb_start_counting_allocations(void);
// Ends counting; returns how many there were.
size_t mrb_stop_counting_allocations(void);

#endif
