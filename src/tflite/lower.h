/* Lowering: a graph of ATen primitives with layouts becomes a graph of TFLite operators.
 *
 * One row an operator (lower_table.c): what order of elements it wants, and how it is written in TFLite. A value of
 * the source is held by a tensor whose elements lie in the value's order; the tensor's own shape may be another one
 * (a view costs nothing until somebody needs its shape, and then one RESHAPE for all). Inside this folder shapes are
 * physical, outermost first; the letters are N batch, H W spatial, C I O channels, K contracted. */
#ifndef TNN_TFLITE_LOWER_H
#define TNN_TFLITE_LOWER_H

#include "ops/row.h"
#include "tflite/builtin.h"
#include "tflite/demand.h"
#include "tflite/dynamic_range.h"
#include "tinynn/model.h"

typedef struct tnn_lower tnn_lower;

typedef tnn_status tnn_lower_fn(tnn_lower *lower, const tnn_node *node, tnn_error *err);

typedef struct tnn_lower_row {
    tnn_demand demand;
    /* TNN_ERR_UNSUPPORTED with a reason when TFLite cannot express this node. */
    tnn_lower_fn *lower;
    /* Can the last TFLite operator apply an activation? NULL: no. */
    bool (*fuses)(const tnn_node *node, tnn_activation act);
} tnn_lower_row;

const tnn_lower_row *tnn_lower_row_of(const tnn_node *node);

/* For tnn_pass_prepare: operators that lowering wants whole are those of the user's that have a custom code. */
bool tnn_lower_keeps(const tnn_op *op);
bool tnn_lower_can_fuse(const tnn_node *node, tnn_activation act);

typedef struct tnn_lower_options {
    bool split_groups; /* CONV_2D with groups becomes SPLIT, a CONV_2D each, CONCATENATION */
    bool float16;      /* float32 weights are stored as float16 (tflite/half_weights.h) */
    const tnn_dynamic_range_options *dynamic_range; /* NULL: weights stay float (tflite/dynamic_range.h) */
    tnn_dynamic_range_stats *dynamic_stats;         /* filled when that is not NULL */
    bool legacy_gelu;  /* x * sigmoid(1.702 x), with a warning of the source's model */
    bool tconv_bias_as_add;      /* transposed convolutions without a bias, and an ADD behind them */
    bool mtk_ops;                /* MTK_TRANSPOSE_CONV for TRANSPOSE_CONV */
    uint8_t max_transpose_dims;  /* of a TRANSPOSE; 0: as they come */
    uint32_t max_concat_inputs;  /* of a CONCATENATION; 0: as they come, else at least 2 */
} tnn_lower_options;

/* The whole graph, into a new graph of `out_model`. `options` NULL: all false and 0. What cannot be lowered is collected
 * in `lacks` (in its order, all of it) and gives TNN_ERR_UNSUPPORTED at the end. */
tnn_status tnn_lower_graph(const tnn_graph *source, tnn_model *out_model, const tnn_lower_options *options,
                           tnn_lacks *lacks, tnn_graph **out, tnn_error *err);

/* ---- for the rows ---- */

struct tnn_lower {
    const tnn_graph *source;
    tnn_lower_options options;
    tnn_graph *out;
    tnn_arena *arena;
    tnn_value **held;    /* by id of a source value: the tensor that holds its elements */
    uint32_t n_held;
    const tnn_node *node; /* being lowered */
};

/* A shape in memory. */
typedef struct tnn_box {
    uint8_t rank;
    int64_t at[TNN_MAX_RANK];
} tnn_box;

tnn_box tnn_box_make(uint8_t rank, const int64_t *dims);
int64_t tnn_box_count(const tnn_box *dims);
bool tnn_box_equal(const tnn_box *a, const tnn_box *b);
/* Right-aligned broadcasting of two shapes that fit. */
tnn_box tnn_box_broadcast(const tnn_box *a, const tnn_box *b);
tnn_box tnn_box_of(const tnn_value *tensor); /* of a TFLite tensor */

/* Has the value, of the source or of the file, a size of 0? */
bool tnn_lower_is_empty(const tnn_value *value);

/* Physical dimensions of a source value. */
tnn_status tnn_lower_dims(const tnn_value *value, tnn_box *out, tnn_error *err);

/* The physical position of a dimension that layout keeps in one piece. */
uint8_t tnn_lower_axis(const tnn_value *value, uint8_t dim);

/* The tensor that holds a source value: under its physical dimensions; under any shape; under the shape `dims`. */
tnn_status tnn_lower_get(tnn_lower *lower, const tnn_value *value, tnn_value **out, tnn_error *err);
tnn_status tnn_lower_get_any(tnn_lower *lower, const tnn_value *value, tnn_value **out, tnn_error *err);
tnn_status tnn_lower_get_shaped(tnn_lower *lower, const tnn_value *value, const tnn_box *dims, tnn_value **out,
                                tnn_error *err);
/* `tensor` holds `value` from now on; same number of elements, in the value's order. */
void tnn_lower_set(tnn_lower *lower, const tnn_value *value, tnn_value *tensor);

/* Call `tensor` what the source calls its value. An intermediate that was called so takes its name in exchange; a name that
 * an input or constant has stays there. */
tnn_status tnn_lower_name(tnn_lower *lower, tnn_value *tensor, const char *name, tnn_error *err);

/* Tensors under another shape (constants: a recipe step; else a RESHAPE, one for all who ask) and another type. */
tnn_status tnn_lower_reshape(tnn_lower *lower, tnn_value *tensor, const tnn_box *dims, tnn_value **out,
                             tnn_error *err);
tnn_status tnn_lower_cast(tnn_lower *lower, tnn_value *tensor, tnn_dtype dtype, tnn_value **out, tnn_error *err);

/* Constants. */
tnn_status tnn_lower_constant(tnn_lower *lower, const char *suffix, const tnn_recipe *recipe, tnn_value **out,
                              tnn_error *err);
tnn_status tnn_lower_ints(tnn_lower *lower, const char *suffix, const int64_t *values, const tnn_box *dims,
                          tnn_value **out, tnn_error *err); /* int32 */
tnn_status tnn_lower_scalar(tnn_lower *lower, tnn_dtype dtype, double value, tnn_value **out, tnn_error *err);
tnn_status tnn_lower_fill(tnn_lower *lower, const char *suffix, double value, const tnn_box *dims, tnn_value **out,
                          tnn_error *err); /* float32 */

/* A TFLite operator being written. Options are named as in the schema's options table. */
typedef struct tnn_emit {
    tnn_lower *lower;
    const tnn_tfl_row *row;
    tnn_arg args[16];
    tnn_value *list[1]; /* storage of a one-entry list */
    size_t n_tensors;
} tnn_emit;

tnn_status tnn_emit_begin(tnn_emit *emit, tnn_lower *lower, const tnn_tfl_row *row, tnn_error *err);
void tnn_emit_tensor(tnn_emit *emit, tnn_value *tensor); /* the next operand; NULL: absent */
void tnn_emit_tensors(tnn_emit *emit, tnn_value **tensors, size_t n); /* borrowed until the end */
void tnn_emit_int(tnn_emit *emit, const char *option, int64_t value);
void tnn_emit_float(tnn_emit *emit, const char *option, double value);
void tnn_emit_bool(tnn_emit *emit, const char *option, bool value);
/* Fused activation of the node being lowered. */
void tnn_emit_activation(tnn_emit *emit, const tnn_node *node);
/* `suffix` NULL: the result of the node; else an intermediate, named NODE/suffix. */
tnn_status tnn_emit_end(tnn_emit *emit, const char *suffix, tnn_dtype dtype, const tnn_box *dims, tnn_value **out,
                        tnn_error *err);
/* Several results of equal shape. */
tnn_status tnn_emit_end_many(tnn_emit *emit, const char *suffix, tnn_dtype dtype, const tnn_box *dims,
                             tnn_value **outs, size_t n_outs, tnn_error *err);
/* Operators of one or two operands without options. */
tnn_status tnn_emit_unary(tnn_lower *lower, const tnn_tfl_row *row, const char *suffix, tnn_value *x, tnn_value **out,
                          tnn_error *err);
tnn_status tnn_emit_binary(tnn_lower *lower, const tnn_tfl_row *row, const char *suffix, tnn_value *x, tnn_value *y,
                           tnn_value **out, tnn_error *err);

/* The node's arguments. */
int64_t tnn_node_int(const tnn_node *node, const char *name);
double tnn_node_number(const tnn_node *node, const char *name, double if_none);
bool tnn_node_bool(const tnn_node *node, const char *name);
bool tnn_node_is_none(const tnn_node *node, const char *name);
/* Entry `index` of a list of ints; a list of one entry is repeated. */
int64_t tnn_node_list_int(const tnn_node *node, const char *name, size_t index);
size_t tnn_node_list_n(const tnn_node *node, const char *name);
/* A dimension argument, made non-negative for a value of rank `rank`. */
uint8_t tnn_node_dim(int64_t dim, uint8_t rank);
tnn_value *tnn_node_tensor(const tnn_node *node, const char *name);

/* TNN_ERR_UNSUPPORTED unless the node's result is float32. */
tnn_status tnn_lower_need_float(const tnn_node *node, tnn_error *err);
tnn_status tnn_lower_refuse(const tnn_node *node, tnn_error *err, const char *format, ...) TNN_PRINTF(3, 4);

#endif
