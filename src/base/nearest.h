/* The name that a misspelled one was meant to be. */
#ifndef TNN_BASE_NEAREST_H
#define TNN_BASE_NEAREST_H

#include <stddef.h>

/* The one of `n` names that differs from `word` in the fewest letters (added, left out, replaced); NULL when all differ in
 * more than half of them. */
const char *tnn_nearest(const char *word, const char *const *names, size_t n);

#endif
