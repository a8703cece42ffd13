/* Classes of torch.nn out of the table of constructors (ops/modules.h). */
#ifndef TNN_EVAL_LIBRARY_MODULE_H
#define TNN_EVAL_LIBRARY_MODULE_H

#include "eval/state.h"

/* The text of the class; NULL: the table has none of that name. Lives as long as the model. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_library_module(tnn_interp *interp, const char *name, const char **out, tnn_error *err);

#endif
