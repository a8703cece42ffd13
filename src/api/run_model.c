/* tnn_model_run: a copy of the model with its composites expanded, through the reference kernels. */
#include "api/run_model.h"

#include <string.h>

#include "base/alloc.h"
#include "ir/clone.h"
#include "ops/run.h"
#include "passes/passes.h"

static bool same_shape(const tnn_array *array, const tnn_value *value) {
    if (array->dtype != value->dtype || array->rank != value->shape.rank) return false;
    for (uint8_t k = 0; k < array->rank; k++)
        if (array->dims[k] != value->shape.dims[k].hint) return false;
    return true;
}

tnn_status tnn_array_check(const tnn_array *array, const tnn_value *value, const char *name, tnn_error *err) {
    if (same_shape(array, value)) return TNN_OK;
    tnn_strbuf found = {0}, expected = {0};
    tnn_shape shape = {.rank = array->rank <= TNN_MAX_RANK ? array->rank : 0};
    for (uint8_t k = 0; k < shape.rank; k++) shape.dims[k] = tnn_size_const(array->dims[k]);
    tnn_shape_print(&found, &shape);
    tnn_shape_print(&expected, &value->shape);
    tnn_status status = tnn_fail(err, TNN_ERR_INVALID, name, "is %s%s, the model has %s%s", tnn_dtype_name(array->dtype),
                                 found.data == NULL ? "" : found.data, tnn_dtype_name(value->dtype),
                                 expected.data == NULL ? "" : expected.data);
    tnn_strbuf_free(&found);
    tnn_strbuf_free(&expected);
    return status;
}

static tnn_status check_arrays(const tnn_graph *g, const tnn_array *inputs, const tnn_array *outputs, tnn_error *err) {
    for (size_t i = 0; i < g->n_inputs; i++)
        TNN_TRY(tnn_array_check(&inputs[i], g->inputs[i], g->inputs[i]->name, err));
    for (size_t i = 0; i < g->n_outputs; i++)
        TNN_TRY(tnn_array_check(&outputs[i], g->outputs[i], g->output_names[i], err));
    return TNN_OK;
}

tnn_tensor tnn_array_borrow(const tnn_array *array) {
    tnn_tensor t = {.dtype = array->dtype, .rank = array->rank, .n_elems = 1, .data = array->data};
    for (uint8_t k = 0; k < array->rank; k++) {
        t.dims[k] = array->dims[k];
        t.n_elems *= array->dims[k];
    }
    return t;
}

tnn_array tnn_array_of(const tnn_tensor *tensor) {
    tnn_array array = {.dtype = tensor->dtype, .rank = tensor->rank, .data = tensor->data};
    memcpy(array.dims, tensor->dims, sizeof array.dims);
    return array;
}

static tnn_status run_graph(const tnn_graph *g, const tnn_array *inputs, tnn_array *outputs, tnn_error *err) {
    tnn_tensor *in = tnn_alloc_zero(g->n_inputs, sizeof *in), *out = tnn_alloc_zero(g->n_outputs, sizeof *out);
    tnn_status status = in == NULL || out == NULL ? tnn_fail_nomem(err) : TNN_OK;
    for (size_t i = 0; i < g->n_inputs && status == TNN_OK; i++) in[i] = tnn_array_borrow(&inputs[i]);
    if (status == TNN_OK) status = tnn_graph_run(g, in, out, err);
    for (size_t i = 0; i < g->n_outputs && status == TNN_OK; i++) {
        memcpy(outputs[i].data, out[i].data, (size_t)out[i].n_elems * tnn_dtype_bytes(out[i].dtype));
        tnn_tensor_clear(&out[i]);
    }
    tnn_free(in);
    tnn_free(out);
    return status;
}

tnn_status tnn_model_run(const tnn_model *model, const tnn_array *inputs, tnn_array *outputs, tnn_error *err) {
    tnn_model *work = NULL;
    TNN_TRY(check_arrays(model->graphs[0], inputs, outputs, err));
    tnn_status status = tnn_graph_model_clone(&work, model, err);
    if (status == TNN_OK) status = tnn_pass_expand(work->graphs[0], NULL, err);
    if (status == TNN_OK) status = run_graph(work->graphs[0], inputs, outputs, err);
    tnn_graph_model_free(work);
    return status;
}
