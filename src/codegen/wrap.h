/* Long statements on several lines, as Python's formatter Black breaks them. */
#ifndef TNN_CODEGEN_WRAP_H
#define TNN_CODEGEN_WRAP_H

#include "base/strbuf.h"

/* A statement of one line, without its indentation and line end, appended with both; broken where it is longer than 88
 * characters.
 *   depth  of its indentation, in fours of spaces */
void tnn_wrap_statement(tnn_strbuf *out, const char *statement, unsigned depth);

#endif
