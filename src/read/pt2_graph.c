#include "read/pt2_graph.h"

#include <string.h>

#include "ir/verify.h"
#include "ops/custom_rows.h"
#include "ops/infer.h"
#include "read/pt2_load.h"
#include "read/pt2_store.h"
#include "read/remark.h"

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static void load_init(tnn_pt2_load *load, tnn_pt2 *pt2, const tnn_load_options *options, tnn_model *model) {
    memset(load, 0, sizeof *load);
    load->pt2 = pt2;
    load->options = options;
    load->scratch = pt2->arena;
    load->model = model;
    load->overridden = options->n_inputs > 0;
    load->checks = !load->overridden;
    load->file = last_part(pt2->file->path);
    tnn_symbols_init(&load->symbols, model->arena, pt2->arena);
    tnn_lack_set_init(&load->lacks, pt2->arena);
}

/* Inputs, all operators known, nodes, outputs. */
static tnn_status evaluate(tnn_pt2_load *load, tnn_lacks *lacks, tnn_error *err) {
    tnn_json module, graph, signature;
    tnn_pt2_scope scope;
    TNN_TRY(tnn_json_member(&module, &load->pt2->program, "graph_module", err));
    TNN_TRY(tnn_json_member(&graph, &module, "graph", err));
    TNN_TRY(tnn_json_member(&signature, &module, "signature", err));
    TNN_TRY(tnn_pt2_scope_init(load, &scope, &graph, err));
    TNN_TRY(tnn_pt2_scan(load, &scope, err));
    TNN_TRY(tnn_pt2_inputs(load, &scope, &signature, err));
    TNN_TRY(tnn_pt2_run(load, &scope, err));
    TNN_TRY(tnn_state_dict_check(&load->state, load->model, lacks, err));
    if (load->lacks.by_text.n_entries > 0) return TNN_OK;
    TNN_TRY(tnn_pt2_outputs(load, &scope, &signature, err));
    TNN_TRY(tnn_custom_warn_unused(load->model, err));
    if (load->options->as_written) return TNN_OK;
    return tnn_remark_training(load->graph, TNN_SAVED_UNKNOWN, &load->lacks, err);
}

/* What is lacking counts before an error that may be only its consequence. What PyTorch would refuse is a fault of the
 * file, unless the user gave other sizes or operators. */
static tnn_status finish(tnn_pt2_load *load, tnn_status status, tnn_lacks *lacks, tnn_error *err) {
    bool lacking = load->lacks.by_text.n_entries > 0 && status != TNN_ERR_NOMEM && status != TNN_ERR_LIMIT;
    if (lacking) return tnn_lack_set_report(&load->lacks, load->file, lacks, err);
    if (status == TNN_ERR_INVALID && !load->overridden && load->model->customs == NULL) status = TNN_ERR_MALFORMED;
    if (status != TNN_OK && err != NULL) {
        err->code = status;
        if (err->where[0] == '\0') tnn_error_prefix(err, load->file);
    }
#ifndef NDEBUG
    if (status == TNN_OK) status = tnn_graph_verify(load->graph, tnn_ops_verify_infer, err);
#endif
    return status;
}

tnn_status tnn_pt2_to_model(tnn_model **out, tnn_pt2 *pt2, const tnn_load_options *options, tnn_lacks *lacks,
                            tnn_error *err) {
    *out = NULL;
    tnn_model *model = NULL;
    tnn_pt2_load load;
    TNN_TRY(tnn_graph_model_new(&model, pt2->file->path, err));
    load_init(&load, pt2, options, model);
    tnn_interp_options evaluation = tnn_interp_options_default();
    evaluation.keep_spellings = options->as_written;
    tnn_status status = tnn_graph_model_keep_file(model, pt2->file, err);
    if (status == TNN_OK) status = tnn_custom_give(model, options->custom_ops, err);
    if (status == TNN_OK) status = tnn_pt2_stores_open(pt2, model->arena, err);
    if (status == TNN_OK) status = tnn_graph_new(&load.graph, model, "main", err);
    if (status == TNN_OK) status = tnn_interp_new(&load.interp, load.graph, NULL, &evaluation, err);
    if (status == TNN_OK) tnn_weights_init(&load.weights, load.interp, load.graph, load.file, load.scratch);
    if (status == TNN_OK) status = tnn_state_dict_give(&load.state, &load.weights, options, err);
    if (status == TNN_OK) status = finish(&load, evaluate(&load, lacks, err), lacks, err);
    tnn_interp_free(load.interp);
    tnn_state_dict_close(&load.state);
    if (status == TNN_OK) *out = model;
    else tnn_graph_model_free(model);
    return status;
}
