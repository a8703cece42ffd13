/* What a program gives back, as Python writes it: "{"a": \1, "b": [\1, (\1, None)]}", each \1 being the next output of
 * the graph. */
#ifndef TNN_READ_RESULT_FORM_H
#define TNN_READ_RESULT_FORM_H

#include "read/pt2_load.h"
#include "read/program_load.h"

/* By the tree that the archive describes; model->result_form stays NULL where it describes none. `leaves` are the
 * texts of its leaves in order. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_pt2_result_form(tnn_pt2_load *load, const char *const *leaves, size_t n_leaves, tnn_error *err);

/* By what the method gave back. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_program_result_form(tnn_program_load *load, const tnn_obj *result, tnn_error *err);

#endif
