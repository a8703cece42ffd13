/* The expressions that sympy's srepr prints, as far as sizes have them. */
#ifndef TNN_READ_SREPR_H
#define TNN_READ_SREPR_H

#include "read/pt2_sym.h"

/*   expression := Symbol('name', assumption=True, ...) | Integer(digits)
 *               | Add(e, ...) | Mul(e, ...) | Max(e, ...) | Min(e, ...)
 *               | FloorDiv(e, e) | Mod(e, e) | Pow(e, Integer(0 to 16))
 * Names may have a module before them. Symbols get their numbers from `symbols`; one without a number is left in
 * symbols->missing. Errors: as tnn_symbols_parse. */
tnn_status tnn_srepr_parse(tnn_symbols *symbols, const char *text, tnn_size *out, tnn_error *err);

#endif
