#include <stdio.h>
#include <string.h>

#include "eval/handle.h"
#include "ir/verify.h"
#include "ops/custom_rows.h"
#include "ops/infer.h"
#include "read/python_load.h"
#include "read/remark.h"

bool tnn_python_is(const char *path) {
    size_t n = strlen(path);
    return n > 3 && strcmp(path + n - 3, ".py") == 0;
}

static tnn_status no_such_method(const tnn_python_load *load, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, load->base.file, "class %.100s has no method \"%.60s\"",
                    load->base.root->type->name, load->base.method);
}

/* Top level, the block for __main__, the model with its weights. */
static tnn_status make_model(tnn_python_load *load, tnn_lacks *lacks, tnn_error *err) {
    tnn_program_text text = {(const char *)load->source->data, load->source->size, load->base.file};
    TNN_TRY(tnn_python_define(load->base.interp, &text, &load->program, err));
    TNN_TRY(tnn_python_main(load->base.interp, &load->program, &load->record, err));
    tnn_interp_set_origin(load->base.interp, NULL, NULL, (tnn_source){.file = NULL});
    TNN_TRY(tnn_python_choose(load, err));
    if (load->base.lacks.by_text.n_entries > 0) return TNN_OK;
    return tnn_python_weights(load, lacks, err);
}

static tnn_status run_forward(tnn_python_load *load, tnn_error *err) {
    tnn_program_load *base = &load->base;
    const tnn_name *method = tnn_class_method(base->root->type, base->method);
    tnn_call_args call;
    tnn_obj result;
    if (method == NULL) return no_such_method(load, err);
    TNN_TRY(tnn_python_inputs(load, method->function, &call, err));
    TNN_TRY(tnn_instance_run(base->interp, base->root, method, call.args, call.n_args, call.keywords, call.n_keywords,
                             &result, err));
    if (base->lacks.by_text.n_entries > 0) return TNN_OK;
    tnn_interp_set_origin(base->interp, NULL, NULL, (tnn_source){.file = NULL});
    TNN_TRY(tnn_program_outputs(base, &result, err));
    TNN_TRY(tnn_program_check(base, err));
    tnn_graph_drop_unused(base->graph);
    TNN_TRY(tnn_python_check_unset(load, err));
    TNN_TRY(tnn_custom_warn_unused(base->model, err));
    if (base->options->as_written) return TNN_OK;
    return tnn_remark_training(base->graph, TNN_SAVED_EVALUATION, &base->lacks, err);
}

static tnn_status evaluate(tnn_python_load *load, tnn_lacks *lacks, tnn_error *err) {
    TNN_TRY(make_model(load, lacks, err));
    return load->base.lacks.by_text.n_entries > 0 ? TNN_OK : run_forward(load, err);
}

/* "line 12: message" about the file itself, or about a line of a text of ours: the number, and the message behind it. */
static bool cut_line(tnn_error *err, unsigned *line) {
    int n = 0;
    if (sscanf(err->message, "line %u: %n", line, &n) < 1 || n == 0) return false;
    memmove(err->message, err->message + n, strlen(err->message + n) + 1);
    return true;
}

/* Say where in the program it was: "model.py:12 (features.0)". */
static void explain(const tnn_python_load *load, tnn_error *err) {
    const tnn_origin *origin = tnn_interp_origin(load->base.interp);
    unsigned line = origin->source.line, own_line = 0;
    bool in_file = strcmp(err->where, load->base.file) == 0;
    bool has_line = cut_line(err, &own_line);
    char where[sizeof err->where];
    if (in_file && has_line) line = own_line;
    bool scoped = !in_file && origin->scope != NULL && *origin->scope != '\0';
    if (line == 0) {
        if (!in_file) tnn_error_prefix(err, load->base.file);
        return;
    }
    snprintf(where, sizeof where, "%.80s:%u%s%.50s%s", load->base.file, line, scoped ? " (" : "",
             scoped ? origin->scope : "", scoped ? ")" : "");
    if (in_file || has_line) err->where[0] = '\0';
    err->position = TNN_NO_POSITION;
    tnn_error_prefix(err, where);
}

/* Errors that name another file, or say nothing of a place. */
static bool is_explained(const tnn_python_load *load, const tnn_error *err) {
    bool of_weights = load->state.name != NULL && strcmp(err->where, load->state.name) == 0;
    return of_weights || err->code == TNN_ERR_NOMEM || err->code == TNN_ERR_IO;
}

/* What PyTorch would refuse is a fault of the file, unless the user gave the sizes. */
static tnn_status finish(tnn_python_load *load, tnn_status status, tnn_lacks *lacks, tnn_error *err) {
    bool lacking = load->base.lacks.by_text.n_entries > 0 && status != TNN_ERR_NOMEM && status != TNN_ERR_LIMIT;
    if (lacking) return tnn_lack_set_report(&load->base.lacks, load->base.file, lacks, err);
    if (status != TNN_OK && err != NULL) {
        err->code = status;
        if (!is_explained(load, err)) explain(load, err);
    }
#ifndef NDEBUG
    if (status == TNN_OK) status = tnn_graph_verify(load->base.graph, tnn_ops_verify_infer, err);
#endif
    return status;
}

static tnn_status start(tnn_python_load *load, tnn_error *err) {
    tnn_program_load *base = &load->base;
    tnn_interp_options options = tnn_interp_options_default();
    options.max_steps = base->options->max_steps;
    options.python = true;
    options.keep_spellings = base->options->as_written;
    options.lacks = &base->lacks;
    TNN_TRY(tnn_graph_model_keep_file(base->model, load->source, err));
    TNN_TRY(tnn_custom_give(base->model, base->options->custom_ops, err));
    TNN_TRY(tnn_graph_new(&base->graph, base->model, "main", err));
    TNN_TRY(tnn_interp_new(&base->interp, base->graph, NULL, &options, err));
    tnn_weights_init(&base->weights, base->interp, base->graph, base->file, base->scratch);
    return TNN_OK;
}

static void load_init(tnn_python_load *load, tnn_file *file, const tnn_load_options *options, tnn_model *model,
                      tnn_arena *scratch) {
    memset(load, 0, sizeof *load);
    load->source = file;
    load->base.options = options;
    load->base.scratch = scratch;
    load->base.model = model;
    load->base.method = options->method == NULL ? "forward" : options->method;
    load->base.file = tnn_program_last_part(file->path);
    tnn_lack_set_init(&load->base.lacks, scratch);
    load->base.lacks.model = model;
}

tnn_status tnn_python_to_model(tnn_model **out, tnn_file *file, const tnn_load_options *options, tnn_lacks *lacks,
                               tnn_error *err) {
    tnn_python_load load;
    tnn_model *model = NULL;
    *out = NULL;
    TNN_TRY(tnn_graph_model_new(&model, file->path, err));
    tnn_arena *scratch = tnn_arena_new();
    tnn_status status = scratch == NULL ? tnn_fail_nomem(err) : TNN_OK;
    if (status == TNN_OK) {
        load_init(&load, file, options, model, scratch);
        status = start(&load, err);
        if (status == TNN_OK) status = finish(&load, evaluate(&load, lacks, err), lacks, err);
        tnn_interp_free(load.base.interp);
        tnn_state_dict_close(&load.state);
    }
    tnn_arena_free(scratch);
    if (status == TNN_OK) *out = model;
    else tnn_graph_model_free(model);
    return status;
}
