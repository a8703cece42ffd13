#include "read/torchscript_graph.h"

#include <string.h>

#include "ir/verify.h"
#include "ops/custom_rows.h"
#include "ops/infer.h"
#include "read/remark.h"
#include "read/torchscript_load.h"
#include "read/torchscript_source.h"

/* "__torch__.a.b" is code/__torch__/a/b.py. */
static tnn_status find_module(void *data, const char *module, tnn_program_text *out, tnn_error *err) {
    tnn_ts_load *load = data;
    const tnn_zip_entry *entry = NULL;
    const uint8_t *bytes = NULL;
    char *file = tnn_arena_printf(load->base.model->arena, "code/%s.py", module);
    if (file == NULL) return tnn_fail_nomem(err);
    for (char *at = file + strlen("code/"); at[3] != '\0'; at++) {
        if (*at == '.') *at = '/';
    }
    TNN_TRY(tnn_torchscript_entry(&entry, load->archive, err, "%s", file));
    if (entry == NULL) return TNN_OK;
    TNN_TRY(tnn_zip_read(load->archive->zip, entry, load->base.scratch, &bytes, err));
    out->text = (const char *)bytes;
    out->n_bytes = (size_t)entry->size;
    out->file = file;
    return TNN_OK;
}

static void load_init(tnn_ts_load *load, tnn_torchscript *archive, const tnn_load_options *options,
                      tnn_model *model) {
    memset(load, 0, sizeof *load);
    load->archive = archive;
    load->base.options = options;
    load->base.scratch = archive->arena;
    load->base.model = model;
    load->base.method = options->method == NULL ? "forward" : options->method;
    load->base.file = tnn_program_last_part(archive->file->path);
    load->program = (tnn_program){.root = "__torch__", .find = find_module, .data = load};
    tnn_lack_set_init(&load->base.lacks, archive->arena);
    load->base.lacks.model = model;
}

static tnn_status no_such_method(const tnn_ts_load *load, tnn_error *err) {
    tnn_strbuf names = {0};
    const tnn_strmap *members = &load->base.root->type->members;
    for (size_t i = 0; i < members->n_entries; i++) {
        const char *name = members->entries[i].key;
        if (tnn_class_method(load->base.root->type, name) == NULL) continue;
        tnn_strbuf_printf(&names, "%s%s", names.length == 0 ? "" : ", ", name);
    }
    tnn_status status = tnn_fail(err, TNN_ERR_INVALID, load->base.file, "the model has no method \"%.60s\"; it has: %s",
                                 load->base.method, names.data == NULL ? "none" : names.data);
    tnn_strbuf_free(&names);
    return status;
}

/* What is to be said of a traced program. */
static tnn_status remark_tracing(tnn_ts_load *load, tnn_error *err) {
    const tnn_obj_list *list = load->constants.kind == TNN_OBJ_TUPLE ? load->constants.as.list : NULL;
    size_t n = 0, n_items = list == NULL ? 0 : list->n;
    tnn_value **values = TNN_NEW_ARRAY(load->base.scratch, n_items, tnn_value *);
    if (values == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n_items; i++) {
        const tnn_obj *item = &list->items[i];
        bool is_unchanged = item->kind == TNN_OBJ_TENSOR && !tnn_interp_was_written(item->as.tensor);
        if (is_unchanged) TNN_TRY(tnn_interp_read(load->base.interp, item->as.tensor, &values[n++], err));
    }
    return tnn_remark_tracing(load->base.graph, values, n, err);
}

/* A module says whether it trains, a function is no layer that could. */
static tnn_saved_mode saved_mode(const tnn_ts_load *load) {
    const tnn_obj *training = load->base.root == NULL ? NULL : tnn_strmap_get(&load->base.root->attributes, "training");
    bool trains = training != NULL && training->kind == TNN_OBJ_BOOL && training->as.boolean;
    return trains ? TNN_SAVED_TRAINING : TNN_SAVED_EVALUATION;
}

/* The object, its inputs, the method, what it gives back. */
static tnn_status evaluate(tnn_ts_load *load, tnn_lacks *lacks, tnn_error *err) {
    const char **names = NULL;
    tnn_obj *args = NULL, result;
    size_t n = 0;
    TNN_TRY(tnn_ts_objects(load, err));
    TNN_TRY(tnn_state_dict_check(&load->state, load->base.model, lacks, err));
    const tnn_name *method = tnn_class_method(load->base.root->type, load->base.method);
    if (method == NULL) return no_such_method(load, err);
    TNN_TRY(tnn_ts_inputs(load, method->function, &names, &args, &n, err));
    TNN_TRY(tnn_instance_call(load->base.interp, load->base.root, load->base.method, args, n, names, n, &result, err));
    if (load->base.lacks.by_text.n_entries > 0) return TNN_OK;
    TNN_TRY(tnn_program_outputs(&load->base, &result, err));
    TNN_TRY(tnn_program_check(&load->base, err));
    tnn_graph_drop_unused(load->base.graph);
    TNN_TRY(tnn_custom_warn_unused(load->base.model, err));
    if (!load->base.options->as_written)
        TNN_TRY(tnn_remark_training(load->base.graph, saved_mode(load), &load->base.lacks, err));
    return load->archive->examples == NULL ? TNN_OK : remark_tracing(load, err);
}

/* What is lacking counts before an error that may be only its consequence. What PyTorch would refuse is a fault of the
 * file, unless the user gave the sizes or operators. */
static tnn_status finish(tnn_ts_load *load, tnn_status status, tnn_lacks *lacks, tnn_error *err) {
    bool lacking = load->base.lacks.by_text.n_entries > 0 && status != TNN_ERR_NOMEM && status != TNN_ERR_LIMIT;
    if (lacking) return tnn_lack_set_report(&load->base.lacks, load->base.file, lacks, err);
    bool in_program = load->base.root != NULL && tnn_interp_origin(load->base.interp)->source.file != NULL;
    bool given = load->base.options->n_inputs > 0 || load->base.model->customs != NULL;
    if (status == TNN_ERR_INVALID && !given && in_program) status = TNN_ERR_MALFORMED;
    bool of_weights = load->state.name != NULL && err != NULL && strcmp(err->where, load->state.name) == 0;
    if (status != TNN_OK && status != TNN_ERR_NOMEM && err != NULL && !of_weights) {
        err->code = status;
        tnn_program_explain(&load->base, err);
    }
#ifndef NDEBUG
    if (status == TNN_OK) status = tnn_graph_verify(load->base.graph, tnn_ops_verify_infer, err);
#endif
    return status;
}

static tnn_status start(tnn_ts_load *load, tnn_error *err) {
    tnn_interp_options options = tnn_interp_options_default();
    options.max_steps = load->base.options->max_steps;
    options.program = &load->program;
    options.lacks = &load->base.lacks;
    options.keep_spellings = load->base.options->as_written;
    TNN_TRY(tnn_graph_model_keep_file(load->base.model, load->archive->file, err));
    TNN_TRY(tnn_custom_give(load->base.model, load->base.options->custom_ops, err));
    TNN_TRY(tnn_ts_locator_set(load->base.model, load->archive, load->base.options, err));
    TNN_TRY(tnn_graph_new(&load->base.graph, load->base.model, "main", err));
    TNN_TRY(tnn_interp_new(&load->base.interp, load->base.graph, NULL, &options, err));
    tnn_weights_init(&load->base.weights, load->base.interp, load->base.graph, load->base.file, load->base.scratch);
    return tnn_state_dict_give(&load->state, &load->base.weights, load->base.options, err);
}

tnn_status tnn_torchscript_to_model(tnn_model **out, tnn_torchscript *archive, const tnn_load_options *options,
                                    tnn_torchscript_tree *tree, tnn_lacks *lacks, tnn_error *err) {
    *out = NULL;
    tnn_model *model = NULL;
    tnn_ts_load load;
    TNN_TRY(tnn_graph_model_new(&model, archive->file->path, err));
    load_init(&load, archive, options, model);
    tnn_status status = start(&load, err);
    if (status == TNN_OK) status = finish(&load, evaluate(&load, lacks, err), lacks, err);
    if (tree != NULL) *tree = (tnn_torchscript_tree){load.base.root, load.base.method};
    tnn_interp_free(load.base.interp);
    tnn_state_dict_close(&load.state);
    bool shown = tree != NULL && load.base.root != NULL && (status == TNN_ERR_UNSUPPORTED || status == TNN_ERR_INVALID);
    if (status == TNN_OK || shown) *out = model;
    else tnn_graph_model_free(model);
    return status;
}
