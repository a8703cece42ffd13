/* CUSTOM operators: a node of the user's becomes one operator, its attributes keyword arguments of that. */
#include <string.h>

#include "ops/custom_rows.h"
#include "tflite/lower_conv.h"

static void channels_last(const tnn_node *node, int slot, uint8_t rank, uint8_t *order) {
    (void)node, (void)slot;
    for (uint8_t k = 0; k < rank; k++) order[k] = k;
    if (rank == 4) tnn_channels_last_order(rank, 2, order);
}

/* Attributes of the node that have a value. */
static size_t list_attributes(const tnn_node *node, const tnn_custom_attribute **out) {
    const tnn_custom_row *custom = tnn_custom_row_of(node->op);
    size_t n = 0;
    for (size_t i = 0; i < custom->n_attributes; i++)
        if (!tnn_node_is_none(node, custom->attributes[i].argument)) out[n++] = &custom->attributes[i];
    return n;
}

static const char *type_text(tnn_arg_kind kind) {
    switch (kind) {
    case TNN_ARG_INT: return "int";
    case TNN_ARG_FLOAT: return "float";
    case TNN_ARG_BOOL: return "bool";
    case TNN_ARG_STRING: return "str";
    case TNN_ARG_INTS: return "int[]";
    case TNN_ARG_FLOATS: return "float[]";
    case TNN_ARG_BOOLS: return "bool[]";
    case TNN_ARG_STRINGS: return "str[]";
    case TNN_ARG_NONE: case TNN_ARG_TENSOR: case TNN_ARG_TENSORS: case TNN_ARG_DTYPE: case TNN_ARG_MEMORY_FORMAT:
    case TNN_ARG_GRAPH: break;
    }
    return "Scalar";
}

/* The row of an operator that has these attributes: keys are its keyword arguments. */
static tnn_status make_row(tnn_lower *l, const tnn_node *node, const tnn_custom_attribute *const *attributes, size_t n,
                           const tnn_tfl_row **out, tnn_error *err) {
    const char *code = tnn_custom_row_of(node->op)->custom_code;
    tnn_tfl_row *row = TNN_NEW(l->arena, tnn_tfl_row);
    tnn_strbuf text = {0};
    *out = row;
    tnn_strbuf_add(&text, n > 0 ? "CUSTOM(Tensor?[] inputs, *" : "CUSTOM(Tensor?[] inputs");
    for (size_t i = 0; i < n; i++)
        tnn_strbuf_printf(&text, ", %s %s", type_text(tnn_node_arg(node, attributes[i]->argument)->kind),
                          attributes[i]->key);
    tnn_strbuf_add(&text, ") -> Tensor[]");
    const char *signature = text.failed ? NULL : tnn_arena_str(l->arena, text.data);
    tnn_strbuf_free(&text);
    if (row == NULL || signature == NULL) return tnn_fail_nomem(err);
    const char *name = tnn_arena_printf(l->arena, "CUSTOM:%s", code);
    row->op = (tnn_op){name, signature, TNN_TFL_CUSTOM, TNN_OPLIST_TFLITE};
    row->runtimes = TNN_TFL_CUSTOM_RUNTIMES;
    row->custom_code = tnn_arena_str(l->arena, code);
    return name == NULL || row->custom_code == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

static tnn_status get_operands(tnn_lower *l, const tnn_node *node, tnn_arg *out, tnn_error *err) {
    size_t n = tnn_node_n_operands(node);
    tnn_value **operands = TNN_NEW_ARRAY(l->arena, n, tnn_value *);
    if (operands == NULL) return tnn_fail_nomem(err);
    for (size_t s = 0; s < n; s++) {
        const tnn_value *operand = tnn_node_operand(node, s);
        if (operand != NULL) TNN_TRY(tnn_lower_get(l, operand, &operands[s], err));
    }
    *out = tnn_arg_of_tensors(operands, n);
    return TNN_OK;
}

static tnn_status add_outputs(tnn_lower *l, const tnn_node *node, tnn_node *made, tnn_error *err) {
    for (uint32_t k = 0; k < node->n_outputs; k++) {
        const tnn_value *result = node->outputs[k];
        tnn_value *tensor;
        tnn_box dims;
        TNN_TRY(tnn_lower_dims(result, &dims, err));
        tnn_shape shape = {.rank = dims.rank};
        for (uint8_t d = 0; d < dims.rank; d++) shape.dims[d] = tnn_size_const(dims.at[d]);
        TNN_TRY(tnn_node_output(&tensor, made, result->name, result->dtype, &shape, err));
        tnn_lower_set(l, result, tensor);
    }
    return TNN_OK;
}

static tnn_status lower_custom(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    size_t most = tnn_custom_row_of(node->op)->n_attributes;
    const tnn_custom_attribute **attributes = TNN_NEW_ARRAY(l->arena, most, const tnn_custom_attribute *);
    tnn_arg *args = TNN_NEW_ARRAY(l->arena, most + 1, tnn_arg);
    const tnn_tfl_row *row;
    tnn_node *made;
    if (attributes == NULL || args == NULL) return tnn_fail_nomem(err);
    size_t n = list_attributes(node, attributes);
    TNN_TRY(make_row(l, node, attributes, n, &row, err));
    TNN_TRY(get_operands(l, node, &args[0], err));
    for (size_t i = 0; i < n; i++) args[i + 1] = *tnn_node_arg(node, attributes[i]->argument);
    TNN_TRY(tnn_graph_node(&made, l->out, NULL, &row->op, args, n + 1, err));
    made->name = node->name;
    made->scope = node->scope;
    made->source = node->source;
    return add_outputs(l, node, made, err);
}

const tnn_lower_row tnn_lowering_custom = {{TNN_DEMAND_FIXED, NULL, NULL}, lower_custom, NULL};
const tnn_lower_row tnn_lowering_custom_nhwc = {{TNN_DEMAND_FIXED, NULL, channels_last}, lower_custom, NULL};
