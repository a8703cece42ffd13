/* Rules of precision, and the operators that they are about. */
#ifndef TNN_API_PRECISION_H
#define TNN_API_PRECISION_H

#include "api/operators.h"
#include "tinynn/precision.h"

/* Which operators the rules want in floats.
 *   floats  out, in `arena`: by id of a node's first output
 * Errors: TNN_ERR_MALFORMED with line and column (a name or pattern that no operator has, with the nearest; an operator that is
 * wanted as integers and has no such kernel), TNN_ERR_NOMEM. */
tnn_status tnn_precision_choose(bool **floats, const tnn_precision *precision, const tnn_operators *ops,
                                tnn_arena *arena, tnn_error *err);

#endif
