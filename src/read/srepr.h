/* The expressions that sympy prints, as far as sizes have them: by srepr in current files, by str in older ones. */
#ifndef TNN_READ_SREPR_H
#define TNN_READ_SREPR_H

#include "read/pt2_sym.h"

/*   e    := term { ("+" | "-") term }
 *   term := sign { ("*" | "//" | "/" | "%") sign }        "/" divides without rest
 *   sign := "-" sign | atom [ "**" sign ]
 *   atom := Symbol('name', assumption=True, ...) | name | Integer(digits) | digits | "(" e ")"
 *         | Add(e, ...) | Mul(e, ...) | Max(e, ...) | Min(e, ...)
 *         | FloorDiv(e, e) | Mod(e, e) | Pow(e, 0 to 16)
 * Names of functions may have a module before them. Symbols get their numbers from `symbols`; one without a number is left in
 * symbols->missing. Errors: as tnn_symbols_parse. */
tnn_status tnn_srepr_parse(tnn_symbols *symbols, const char *text, tnn_size *out, tnn_error *err);

#endif
