/* The plan as a tree of FlatBuffer objects. */
#include "tflite/fbs_metadata.h"
#include "ir/value_quant.h"
#include "tflite/flexbuffer.h"
#include "tflite/write_plan.h"

typedef struct builder {
    tnn_write_plan *plan;
    tnn_arena *arena;
    bool outside;
    tnn_error *err;
} builder;

static tnn_fb_object **new_list(const builder *b, size_t n) { return TNN_NEW_ARRAY(b->arena, n, tnn_fb_object *); }

/* ---- tensors ---- */

static tnn_fb_object *make_quantization(const builder *b, const tnn_quant *quant) {
    tnn_fb_object *object = tnn_fb_new(b->arena, &tnn_fbs_QuantizationParameters);
    tnn_fb_set_items(object, "scale", quant->scale, quant->n);
    tnn_fb_set_items(object, "zero_point", quant->zero_point, quant->n);
    tnn_fb_set_int(object, "quantized_dimension", quant->axis);
    return object;
}

static tnn_fb_object *make_tensor(const builder *b, const tnn_plan_tensor *tensor) {
    const tnn_shape *shape = &tensor->value->shape;
    const tnn_quant *quant = tensor->value->quant;
    int32_t type = quant != NULL && quant->is_int4 ? TNN_TFL_INT4 : tnn_tfl_type(tensor->value->dtype);
    tnn_fb_object *object = tnn_fb_new(b->arena, &tnn_fbs_Tensor);
    int32_t *dims = TNN_NEW_ARRAY(b->arena, shape->rank, int32_t);
    if (dims == NULL) return NULL;
    for (uint8_t k = 0; k < shape->rank; k++) dims[k] = (int32_t)shape->dims[k].hint;
    tnn_fb_set_items(object, "shape", dims, shape->rank);
    tnn_fb_set_int(object, "type", type);
    tnn_fb_set_int(object, "buffer", tensor->buffer);
    tnn_fb_set_string(object, "name", tensor->value->name);
    if (quant != NULL) tnn_fb_set_child(object, "quantization", make_quantization(b, quant));
    tnn_fb_set_int(object, "has_rank", 1);
    return object;
}

static tnn_status set_tensors(const builder *b, tnn_fb_object *subgraph) {
    size_t n = b->plan->n_tensors;
    tnn_fb_object **list = new_list(b, n);
    if (list == NULL) return tnn_fail_nomem(b->err);
    for (size_t i = 0; i < n; i++) list[i] = make_tensor(b, &b->plan->tensors[i]);
    tnn_fb_set_children(subgraph, "tensors", list, n);
    return TNN_OK;
}

static tnn_status set_numbers(const builder *b, tnn_fb_object *object, const char *field, tnn_value *const *values,
                              size_t n) {
    int32_t *numbers = TNN_NEW_ARRAY(b->arena, n, int32_t);
    if (numbers == NULL) return tnn_fail_nomem(b->err);
    for (size_t i = 0; i < n; i++) numbers[i] = tnn_write_plan_tensor(b->plan, values[i]);
    tnn_fb_set_items(object, field, numbers, n);
    return TNN_OK;
}

/* ---- operators ---- */

static size_t count_operands(const tnn_node *node) {
    size_t n = 0;
    for (size_t i = 0; i < node->schema->n_args && !node->schema->args[i].keyword_only; i++)
        n += node->args[i].kind == TNN_ARG_TENSORS ? node->args[i].n : 1;
    return n;
}

static void list_operands(const tnn_node *node, tnn_value **operands) {
    for (size_t i = 0; i < node->schema->n_args && !node->schema->args[i].keyword_only; i++) {
        const tnn_arg *arg = &node->args[i];
        if (arg->kind != TNN_ARG_TENSORS) *operands++ = tnn_arg_tensor(arg);
        for (uint32_t k = 0; arg->kind == TNN_ARG_TENSORS && k < arg->n; k++) *operands++ = arg->as.tensors[k];
    }
}

/* Absent operands at the end are left out. Only FULLY_CONNECTED keeps its place for the bias: version 1 wants three
 * operands, the third may be -1. */
static tnn_status set_operands(const builder *b, tnn_fb_object *object, const tnn_node *node) {
    size_t n = count_operands(node);
    tnn_value **operands = TNN_NEW_ARRAY(b->arena, n, tnn_value *);
    if (operands == NULL) return tnn_fail_nomem(b->err);
    list_operands(node, operands);
    while (n > 0 && operands[n - 1] == NULL && node->op != &tnn_tfl_FULLY_CONNECTED.op) n--;
    return set_numbers(b, object, "inputs", operands, n);
}

static tnn_status set_list_option(const builder *b, tnn_fb_object *options, const char *name, const tnn_arg *arg) {
    if (arg->n == 0) return TNN_OK;
    int32_t *items = TNN_NEW_ARRAY(b->arena, arg->n, int32_t);
    if (items == NULL) return tnn_fail_nomem(b->err);
    for (uint32_t i = 0; i < arg->n; i++) items[i] = (int32_t)arg->as.sizes[i].hint;
    tnn_fb_set_items(options, name, items, arg->n);
    return TNN_OK;
}

static tnn_status set_option(const builder *b, tnn_fb_object *options, const tnn_schema_arg *option,
                             const tnn_arg *arg) {
    if (arg->kind == TNN_ARG_INTS) return set_list_option(b, options, option->name, arg);
    if (option->type.base == TNN_TYPE_FLOAT) tnn_fb_set_number(options, option->name, tnn_arg_number(arg));
    else tnn_fb_set_int(options, option->name, tnn_arg_int(arg));
    return TNN_OK;
}

/* The keyword arguments of a CUSTOM operator as a FlexBuffer map. */
static tnn_status set_custom_options(const builder *b, tnn_fb_object *object, const tnn_node *node) {
    tnn_flex_entry *entries = TNN_NEW_ARRAY(b->arena, node->schema->n_args, tnn_flex_entry);
    tnn_flex_bytes bytes;
    size_t n = 0;
    if (entries == NULL) return tnn_fail_nomem(b->err);
    for (size_t i = 0; i < node->schema->n_args; i++)
        if (node->schema->args[i].keyword_only) entries[n++] = (tnn_flex_entry){node->schema->args[i].name, &node->args[i]};
    TNN_TRY(tnn_flex_map(&bytes, b->arena, entries, n, b->err));
    tnn_fb_set_items(object, "custom_options", bytes.data, bytes.size);
    return TNN_OK;
}

/* The table of the operator's options is a member of one of two unions. */
static tnn_status set_options(const builder *b, tnn_fb_object *object, const tnn_node *node) {
    const char *name = tnn_tfl_row_of(node->op)->options;
    if (tnn_tfl_row_of(node->op)->custom_code != NULL) return set_custom_options(b, object, node);
    if (name == NULL) return TNN_OK;
    uint8_t member = tnn_fbs_member(&tnn_fbs_BuiltinOptions, name);
    const tnn_fb_union *members = member != 0 ? &tnn_fbs_BuiltinOptions : &tnn_fbs_BuiltinOptions2;
    if (member == 0) member = tnn_fbs_member(members, name);
    tnn_fb_object *options = tnn_fb_new(b->arena, members->tables[member]);
    for (size_t i = 0; i < node->schema->n_args; i++) {
        if (node->schema->args[i].keyword_only)
            TNN_TRY(set_option(b, options, &node->schema->args[i], &node->args[i]));
    }
    bool first = members == &tnn_fbs_BuiltinOptions;
    tnn_fb_set_union(object, first ? "builtin_options" : "builtin_options_2", options);
    return options == NULL ? tnn_fail_nomem(b->err) : TNN_OK;
}

static tnn_status make_operator(const builder *b, const tnn_node *node, uint32_t code, tnn_fb_object **out) {
    *out = tnn_fb_new(b->arena, &tnn_fbs_Operator);
    tnn_fb_set_int(*out, "opcode_index", code);
    TNN_TRY(set_operands(b, *out, node));
    TNN_TRY(set_numbers(b, *out, "outputs", node->outputs, node->n_outputs));
    return set_options(b, *out, node);
}

static tnn_status set_operators(const builder *b, tnn_fb_object *subgraph) {
    const tnn_graph *graph = b->plan->graph;
    tnn_fb_object **list = new_list(b, graph->n_nodes);
    size_t n = 0;
    if (list == NULL) return tnn_fail_nomem(b->err);
    for (const tnn_node *node = graph->first; node != NULL; node = node->next, n++)
        TNN_TRY(make_operator(b, node, b->plan->code_of[n], &list[n]));
    tnn_fb_set_children(subgraph, "operators", list, n);
    return TNN_OK;
}

/* Readers that know only the byte-wide field see 127 for what does not fit it. */
static tnn_status set_codes(const builder *b, tnn_fb_object *model) {
    size_t n = b->plan->n_codes;
    tnn_fb_object **list = new_list(b, n);
    if (list == NULL) return tnn_fail_nomem(b->err);
    for (size_t i = 0; i < n; i++) {
        int32_t code = b->plan->codes[i].row->op.id;
        list[i] = tnn_fb_new(b->arena, &tnn_fbs_OperatorCode);
        tnn_fb_set_int(list[i], "deprecated_builtin_code", code < 127 ? code : 127);
        tnn_fb_set_int(list[i], "version", b->plan->codes[i].version);
        tnn_fb_set_int(list[i], "builtin_code", code);
        if (b->plan->codes[i].row->custom_code != NULL)
            tnn_fb_set_string(list[i], "custom_code", b->plan->codes[i].row->custom_code);
    }
    tnn_fb_set_children(model, "operator_codes", list, n);
    return TNN_OK;
}

/* ---- the model ---- */

static tnn_status set_subgraph(const builder *b, tnn_fb_object *model) {
    const tnn_graph *graph = b->plan->graph;
    tnn_fb_object *subgraph = tnn_fb_new(b->arena, &tnn_fbs_SubGraph), **list = new_list(b, 1);
    if (list == NULL) return tnn_fail_nomem(b->err);
    TNN_TRY(set_tensors(b, subgraph));
    TNN_TRY(set_numbers(b, subgraph, "inputs", graph->inputs, graph->n_inputs));
    TNN_TRY(set_numbers(b, subgraph, "outputs", graph->outputs, graph->n_outputs));
    TNN_TRY(set_operators(b, subgraph));
    tnn_fb_set_string(subgraph, "name", "main");
    list[0] = subgraph;
    tnn_fb_set_children(model, "subgraphs", list, 1);
    return TNN_OK;
}

static tnn_status set_maps(const builder *b, tnn_fb_object *signature, const char *field, tnn_value *const *values,
                           const char *const *names, size_t n) {
    tnn_fb_object **list = new_list(b, n);
    if (list == NULL) return tnn_fail_nomem(b->err);
    for (size_t i = 0; i < n; i++) {
        list[i] = tnn_fb_new(b->arena, &tnn_fbs_TensorMap);
        tnn_fb_set_string(list[i], "name", names != NULL ? names[i] : values[i]->name);
        tnn_fb_set_int(list[i], "tensor_index", tnn_write_plan_tensor(b->plan, values[i]));
    }
    tnn_fb_set_children(signature, field, list, n);
    return TNN_OK;
}

static tnn_status set_signature(const builder *b, tnn_fb_object *model) {
    const tnn_graph *graph = b->plan->graph;
    tnn_fb_object *signature = tnn_fb_new(b->arena, &tnn_fbs_SignatureDef), **list = new_list(b, 1);
    if (list == NULL) return tnn_fail_nomem(b->err);
    TNN_TRY(set_maps(b, signature, "inputs", graph->inputs, NULL, graph->n_inputs));
    TNN_TRY(set_maps(b, signature, "outputs", graph->outputs, graph->output_names, graph->n_outputs));
    tnn_fb_set_string(signature, "signature_key", "serving_default");
    list[0] = signature;
    tnn_fb_set_children(model, "signature_defs", list, 1);
    return TNN_OK;
}

static tnn_fb_object *make_buffer(const builder *b, tnn_plan_buffer *buffer) {
    tnn_fb_object *object = tnn_fb_new(b->arena, &tnn_fbs_Buffer);
    if (buffer->recipe == NULL) return object;
    if (b->outside) {
        tnn_fb_set_later(object, "offset", &buffer->offset_place);
        tnn_fb_set_later(object, "size", &buffer->size_place);
    } else {
        tnn_fb_set_later(object, "data", &buffer->data_place);
    }
    return object;
}

/* What a metadata entry says stands in a buffer of its own, inside the FlatBuffer in both forms. */
typedef struct note {
    const char *name;
    const void *bytes;
    size_t n_bytes;
} note;

enum { MAX_NOTES = 3 };

static size_t list_notes(const builder *b, note *notes) {
    static const char outside[] = "outside flatbuffers";
    size_t n = 0;
    notes[n++] = (note){"min_runtime_version", b->plan->min_runtime, TNN_RUNTIME_TEXT};
    if (b->plan->metadata != NULL)
        notes[n++] = (note){TNN_METADATA_ENTRY, b->plan->metadata, b->plan->metadata_bytes};
    if (b->outside) notes[n++] = (note){"buffer_location", outside, sizeof outside - 1};
    return n;
}

static tnn_status set_buffers(const builder *b, tnn_fb_object *model) {
    note notes[MAX_NOTES];
    size_t n = b->plan->n_buffers, n_notes = list_notes(b, notes);
    tnn_fb_object **buffers = new_list(b, n + n_notes), **entries = new_list(b, n_notes);
    if (buffers == NULL || entries == NULL) return tnn_fail_nomem(b->err);
    for (size_t i = 0; i < n; i++) buffers[i] = make_buffer(b, &b->plan->buffers[i]);
    for (size_t i = 0; i < n_notes; i++) {
        buffers[n + i] = tnn_fb_new(b->arena, &tnn_fbs_Buffer);
        tnn_fb_set_items(buffers[n + i], "data", notes[i].bytes, notes[i].n_bytes);
        entries[i] = tnn_fb_new(b->arena, &tnn_fbs_Metadata);
        tnn_fb_set_string(entries[i], "name", notes[i].name);
        tnn_fb_set_int(entries[i], "buffer", (int64_t)(n + i));
    }
    tnn_fb_set_children(model, "buffers", buffers, n + n_notes);
    tnn_fb_set_children(model, "metadata", entries, n_notes);
    return TNN_OK;
}

static tnn_status make_model(const builder *b, const char *description, tnn_fb_object *model) {
    tnn_fb_set_int(model, "version", TNN_TFLITE_SCHEMA_VERSION);
    tnn_fb_set_string(model, "description", description);
    TNN_TRY(set_codes(b, model));
    TNN_TRY(set_subgraph(b, model));
    TNN_TRY(set_signature(b, model));
    return set_buffers(b, model);
}

tnn_status tnn_write_model(tnn_write_plan *plan, const char *description, bool outside, tnn_fb_bytes *out,
                           tnn_error *err) {
    builder b = {plan, tnn_arena_new(), outside, err};
    if (b.arena == NULL) return tnn_fail_nomem(err);
    tnn_fb_object *model = tnn_fb_new(b.arena, &tnn_fbs_Model);
    tnn_status status = make_model(&b, description, model);
    if (status == TNN_OK) status = tnn_fb_write(model, TNN_TFLITE_IDENTIFIER, out, err);
    tnn_arena_free(b.arena);
    return status;
}
