/* Patterns of names. */
#ifndef TNN_BASE_GLOB_H
#define TNN_BASE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* Do the first `length` letters of the text fit as a whole? `*` stands for any letters, `?` for one, all else for itself. */
bool tnn_glob(const char *pattern, const char *text, size_t length);

#endif
