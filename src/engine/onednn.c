/* Kernels of oneDNN. Every call to it is here and in onednn_api.c. */
#include "engine/onednn.h"

#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "engine/onednn_api.h"

#if defined(TNN_HAVE_OMP) && DNNL_CPU_RUNTIME == DNNL_RUNTIME_OMP
#include <omp.h>
#endif

#define ALIGNMENT 64

struct tnn_dnnl {
    dnnl_engine_t engine;
};

struct tnn_dnnl_stream {
    dnnl_stream_t stream;
};

struct tnn_dnnl_op {
    dnnl_engine_t engine; /* borrowed */
    dnnl_primitive_desc_t pd;
    dnnl_primitive_t primitive;
    void *weights_block; /* owned, NULL: none */
    void *weights;       /* in it, aligned */
    float *bias;         /* owned, NULL: none */
    size_t scratch_bytes;
};

static tnn_status fail(dnnl_status_t status, tnn_error *err) {
    if (status == dnnl_out_of_memory) return tnn_fail_nomem(err);
    return tnn_fail(err, TNN_ERR_INTERNAL, NULL, "oneDNN ended with status %d", (int)status);
}

static bool is_lacking(dnnl_status_t status) {
    return status == dnnl_unimplemented || status == dnnl_invalid_arguments;
}

/* ---- engine and streams ---- */

tnn_status tnn_dnnl_new(tnn_dnnl **out, tnn_error *err) {
    *out = tnn_alloc_zero(1, sizeof **out);
    if (*out == NULL) return tnn_fail_nomem(err);
    dnnl_status_t status = dnnl_engine_create(&(*out)->engine, dnnl_cpu, 0);
    if (status == dnnl_success) return TNN_OK;
    tnn_free(*out);
    *out = NULL;
    return fail(status, err);
}

void tnn_dnnl_free(tnn_dnnl *dnnl) {
    if (dnnl == NULL) return;
    dnnl_engine_destroy(dnnl->engine);
    tnn_free(dnnl);
}

tnn_status tnn_dnnl_stream_new(tnn_dnnl_stream **out, tnn_dnnl *dnnl, tnn_error *err) {
    *out = tnn_alloc_zero(1, sizeof **out);
    if (*out == NULL) return tnn_fail_nomem(err);
    dnnl_status_t status = dnnl_stream_create(&(*out)->stream, dnnl->engine, dnnl_stream_default_flags);
    if (status == dnnl_success) return TNN_OK;
    tnn_free(*out);
    *out = NULL;
    return fail(status, err);
}

void tnn_dnnl_stream_free(tnn_dnnl_stream *stream) {
    if (stream == NULL) return;
    dnnl_stream_destroy(stream->stream);
    tnn_free(stream);
}

int tnn_dnnl_set_threads(int n_threads) {
#if defined(TNN_HAVE_OMP) && DNNL_CPU_RUNTIME == DNNL_RUNTIME_OMP
    int before = omp_get_max_threads();
    if (before != n_threads) omp_set_num_threads(n_threads);
    return before;
#else
    return n_threads;
#endif
}

bool tnn_dnnl_sgemm(float *out, int64_t out_stride, int64_t m, int64_t n, int64_t k, tnn_matrix a, bool turned, tnn_matrix b) {
    int before = tnn_dnnl_set_threads(1);
    dnnl_status_t status = dnnl_sgemm(turned ? 'T' : 'N', 'N', m, n, k, 1, a.data, a.stride, b.data, b.stride, 0, out, out_stride);
    tnn_dnnl_set_threads(before);
    return status == dnnl_success;
}

/* ---- making an operator ---- */

static dnnl_status_t append_activation(dnnl_post_ops_t ops, tnn_activation act) {
    if (act == TNN_ACT_RELU) return tnn_dnnl_post_eltwise(ops, dnnl_eltwise_relu, 0, 0);
    if (act == TNN_ACT_RELU6) return tnn_dnnl_post_eltwise(ops, dnnl_eltwise_clip, 0, 6);
    return tnn_dnnl_post_eltwise(ops, dnnl_eltwise_clip, -1, 1);
}

static dnnl_status_t set_activation(dnnl_primitive_attr_t attr, tnn_activation act) {
    dnnl_post_ops_t ops = NULL;
    if (act == TNN_ACT_NONE) return dnnl_success;
    dnnl_status_t status = dnnl_post_ops_create(&ops);
    if (status == dnnl_success) status = append_activation(ops, act);
    if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attr, ops);
    if (ops != NULL) dnnl_post_ops_destroy(ops);
    return status;
}

/* Scratch memory is the caller's, so that operators may run in several threads. Released by the caller, unless NULL. */
static dnnl_status_t attributes(dnnl_primitive_attr_t *out, tnn_activation act) {
    *out = NULL;
    dnnl_status_t status = dnnl_primitive_attr_create(out);
    if (status == dnnl_success) status = dnnl_primitive_attr_set_scratchpad_mode(*out, dnnl_scratchpad_mode_user);
    return status == dnnl_success ? set_activation(*out, act) : status;
}

/* oneDNN's own reference kernels are slower than ours are good. */
static bool is_slow(dnnl_primitive_desc_t pd) {
    const char *name = NULL;
    dnnl_status_t status = dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, (void *)&name);
    return status != dnnl_success || strncmp(name, "ref", 3) == 0;
}

void tnn_dnnl_op_free(tnn_dnnl_op *op) {
    if (op == NULL) return;
    if (op->primitive != NULL) dnnl_primitive_destroy(op->primitive);
    if (op->pd != NULL) dnnl_primitive_desc_destroy(op->pd);
    tnn_free(op->weights_block);
    tnn_free(op->bias);
    tnn_free(op);
}

static dnnl_status_t fill_op(tnn_dnnl_op *op) {
    dnnl_status_t status = dnnl_primitive_create(&op->primitive, op->pd);
    if (status != dnnl_success) return status;
    op->scratch_bytes = dnnl_memory_desc_get_size(dnnl_primitive_desc_query_md(op->pd, dnnl_query_scratchpad_md, 0));
    return status;
}

/* The operator of a description `pd`, which it owns from now on. `made` is the status of making that. */
static tnn_status finish(tnn_dnnl_op **out, tnn_dnnl *dnnl, dnnl_status_t made, dnnl_primitive_desc_t pd,
                         tnn_error *err) {
    *out = NULL;
    if (is_lacking(made)) return TNN_OK;
    if (made != dnnl_success) return fail(made, err);
    tnn_dnnl_op *op = tnn_alloc_zero(1, sizeof *op);
    if (op == NULL) {
        dnnl_primitive_desc_destroy(pd);
        return tnn_fail_nomem(err);
    }
    op->engine = dnnl->engine;
    op->pd = pd;
    dnnl_status_t status = is_slow(pd) ? dnnl_unimplemented : fill_op(op);
    if (status == dnnl_success) *out = op;
    else tnn_dnnl_op_free(op);
    return status == dnnl_success || is_lacking(status) ? TNN_OK : fail(status, err);
}

/* ---- running ---- */

#define MAX_ARGS 5

typedef struct arguments {
    dnnl_exec_arg_t items[MAX_ARGS];
    int n;
    dnnl_status_t status; /* the first failure */
} arguments;

static void add_memory(arguments *args, dnnl_engine_t engine, int arg, tnn_dnnl_md_ref md, void *data) {
    dnnl_memory_t memory = NULL;
    if (args->status != dnnl_success) return;
    args->status = dnnl_memory_create(&memory, md, engine, data);
    if (args->status == dnnl_success) args->items[args->n++] = (dnnl_exec_arg_t){arg, memory};
}

/* What the operator says its memory looks like. */
static void add_operand(arguments *args, const tnn_dnnl_op *op, int arg, dnnl_query_t what, int index, void *data) {
    add_memory(args, op->engine, arg, dnnl_primitive_desc_query_md(op->pd, what, index), data);
}

/* Run and release the arguments. */
static dnnl_status_t execute(dnnl_primitive_t primitive, dnnl_stream_t stream, arguments *args) {
    if (args->status == dnnl_success) args->status = dnnl_primitive_execute(primitive, stream, args->n, args->items);
    if (args->status == dnnl_success) args->status = dnnl_stream_wait(stream);
    for (int i = 0; i < args->n; i++) dnnl_memory_destroy(args->items[i].memory);
    return args->status;
}

size_t tnn_dnnl_scratch_bytes(const tnn_dnnl_op *op) {
    return op->scratch_bytes;
}

tnn_status tnn_dnnl_run(const tnn_dnnl_op *op, tnn_dnnl_stream *stream, void *first, void *second, void *out,
                        void *scratch, tnn_error *err) {
    arguments args = {.status = dnnl_success};
    void *weights = op->weights != NULL ? op->weights : second;
    add_operand(&args, op, DNNL_ARG_SRC, dnnl_query_src_md, 0, first);
    add_operand(&args, op, DNNL_ARG_DST, dnnl_query_dst_md, 0, out);
    if (weights != NULL) add_operand(&args, op, DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0, weights);
    if (op->bias != NULL) add_operand(&args, op, DNNL_ARG_BIAS, dnnl_query_weights_md, 1, op->bias);
    if (op->scratch_bytes > 0) add_operand(&args, op, DNNL_ARG_SCRATCHPAD, dnnl_query_scratchpad_md, 0, scratch);
    dnnl_status_t status = execute(op->primitive, stream->stream, &args);
    return status == dnnl_success ? TNN_OK : fail(status, err);
}

/* ---- weights ---- */

static dnnl_status_t reorder(dnnl_engine_t engine, tnn_dnnl_md_ref from_md, void *from, tnn_dnnl_md_ref to_md,
                             void *to) {
    dnnl_primitive_desc_t pd = NULL;
    dnnl_primitive_t primitive = NULL;
    dnnl_stream_t stream = NULL;
    arguments args = {.status = dnnl_reorder_primitive_desc_create(&pd, from_md, engine, to_md, engine, NULL)};
    if (args.status == dnnl_success) args.status = dnnl_primitive_create(&primitive, pd);
    if (args.status == dnnl_success) args.status = dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
    add_memory(&args, engine, DNNL_ARG_FROM, from_md, from);
    add_memory(&args, engine, DNNL_ARG_TO, to_md, to);
    dnnl_status_t status = execute(primitive, stream, &args);
    if (stream != NULL) dnnl_stream_destroy(stream);
    if (primitive != NULL) dnnl_primitive_destroy(primitive);
    if (pd != NULL) dnnl_primitive_desc_destroy(pd);
    return status;
}

static tnn_status take_weights(tnn_dnnl_op *op, tnn_dnnl_md_ref md, const float *weight, tnn_error *err) {
    tnn_dnnl_md_ref wanted = dnnl_primitive_desc_query_md(op->pd, dnnl_query_weights_md, 0);
    size_t n_bytes = dnnl_memory_desc_get_size(wanted);
    op->weights_block = tnn_alloc(n_bytes + ALIGNMENT, 1);
    if (op->weights_block == NULL) return tnn_fail_nomem(err);
    op->weights = (uint8_t *)op->weights_block + (ALIGNMENT - (uintptr_t)op->weights_block % ALIGNMENT);
    dnnl_status_t status = reorder(op->engine, md, (void *)(uintptr_t)weight, wanted, op->weights);
    return status == dnnl_success ? TNN_OK : fail(status, err);
}

static tnn_status take_bias(tnn_dnnl_op *op, const float *bias, int64_t n, tnn_error *err) {
    op->bias = tnn_alloc((size_t)n, sizeof *op->bias);
    if (op->bias == NULL) return tnn_fail_nomem(err);
    memcpy(op->bias, bias, (size_t)n * sizeof *op->bias);
    return TNN_OK;
}

/* Give the operator, if there is one, its constants; after a failure there is none. */
static tnn_status take_constants(tnn_dnnl_op **op, tnn_dnnl_md_ref md, const float *weight, const float *bias,
                                 int64_t n_bias, tnn_error *err) {
    tnn_status status = TNN_OK;
    if (*op == NULL) return TNN_OK;
    if (weight != NULL) status = take_weights(*op, md, weight, err);
    if (status == TNN_OK && bias != NULL) status = take_bias(*op, bias, n_bias, err);
    if (status != TNN_OK) {
        tnn_dnnl_op_free(*op);
        *op = NULL;
    }
    return status;
}

static void free_shape(tnn_dnnl_shape *shape) {
    tnn_dnnl_md_free(shape->src);
    tnn_dnnl_md_free(shape->weights);
    tnn_dnnl_md_free(shape->bias);
    tnn_dnnl_md_free(shape->dst);
}

/* ---- convolution ---- */

/* [batch, channels, spatial], channels innermost. */
static dnnl_status_t image_md(tnn_dnnl_md *out, int n, int64_t batch, int64_t channels, const int64_t *sizes) {
    int64_t dims[2 + TNN_DNNL_SPATIAL] = {batch, channels}, strides[2 + TNN_DNNL_SPATIAL], stride = channels;
    for (int i = n; i-- > 0;) {
        dims[2 + i] = sizes[i];
        strides[2 + i] = stride;
        stride *= sizes[i];
    }
    strides[1] = 1;
    strides[0] = stride;
    return tnn_dnnl_md_new(out, n + 2, dims, strides);
}

/* [groups, O, I, kernel] as PyTorch has it, transposed [groups, I, O, kernel]; without groups where there is one.
 * `any`: in the order that oneDNN chooses. */
static dnnl_status_t weight_md(tnn_dnnl_md *out, const tnn_dnnl_conv *c, bool any) {
    int64_t dims[3 + TNN_DNNL_SPATIAL] = {c->groups, c->out_channels / c->groups, c->in_channels / c->groups};
    int64_t strides[3 + TNN_DNNL_SPATIAL], places = 1;
    for (int i = c->n_spatial; i-- > 0;) {
        dims[3 + i] = c->kernel[i];
        strides[3 + i] = places;
        places *= c->kernel[i];
    }
    strides[0] = dims[1] * dims[2] * places;
    strides[1] = c->transposed ? places : dims[2] * places;
    strides[2] = c->transposed ? dims[1] * places : places;
    int skip = c->groups == 1;
    return tnn_dnnl_md_new(out, c->n_spatial + 3 - skip, dims + skip, any ? NULL : strides + skip);
}

static dnnl_status_t conv_shape(tnn_dnnl_shape *shape, const tnn_dnnl_conv *c) {
    int64_t one = 1;
    dnnl_status_t status = image_md(&shape->src, c->n_spatial, c->batch, c->in_channels, c->in);
    if (status == dnnl_success) status = image_md(&shape->dst, c->n_spatial, c->batch, c->out_channels, c->out);
    if (status == dnnl_success) status = weight_md(&shape->weights, c, true);
    if (status == dnnl_success && c->bias != NULL) status = tnn_dnnl_md_new(&shape->bias, 1, &c->out_channels, &one);
    return status;
}

/* Padding behind follows from the sizes. */
static dnnl_status_t conv_pd(dnnl_primitive_desc_t *pd, tnn_dnnl *dnnl, const tnn_dnnl_conv *c,
                             const tnn_dnnl_shape *shape, dnnl_primitive_attr_t attr) {
    int64_t dilation[TNN_DNNL_SPATIAL] = {0}, after[TNN_DNNL_SPATIAL] = {0};
    for (int i = 0; i < c->n_spatial; i++) {
        int64_t small = c->transposed ? c->in[i] : c->out[i], large = c->transposed ? c->out[i] : c->in[i];
        int64_t extent = c->dilation[i] * (c->kernel[i] - 1) + 1;
        dilation[i] = c->dilation[i] - 1;
        after[i] = (small - 1) * c->stride[i] + extent - large - c->before[i];
    }
    return tnn_dnnl_pd_conv(pd, dnnl->engine, c->transposed, shape, c->stride, dilation, c->before, after, attr);
}

tnn_status tnn_dnnl_conv_new(tnn_dnnl_op **out, tnn_dnnl *dnnl, const tnn_dnnl_conv *conv, tnn_error *err) {
    tnn_dnnl_shape shape = {0};
    tnn_dnnl_md given = NULL;
    dnnl_primitive_attr_t attr = NULL;
    dnnl_primitive_desc_t pd = NULL;
    *out = NULL;
    dnnl_status_t made = attributes(&attr, conv->activation);
    if (made == dnnl_success) made = conv_shape(&shape, conv);
    if (made == dnnl_success) made = weight_md(&given, conv, false);
    if (made == dnnl_success) made = conv_pd(&pd, dnnl, conv, &shape, attr);
    tnn_status status = finish(out, dnnl, made, pd, err);
    if (status == TNN_OK) status = take_constants(out, given, conv->weight, conv->bias, conv->out_channels, err);
    free_shape(&shape);
    tnn_dnnl_md_free(given);
    if (attr != NULL) dnnl_primitive_attr_destroy(attr);
    return status;
}

/* ---- products ---- */

static dnnl_status_t matmul_shape(tnn_dnnl_shape *shape, const tnn_dnnl_matmul *m) {
    dnnl_status_t status = tnn_dnnl_md_new(&shape->src, m->rank, m->a_dims, m->a_strides);
    if (status == dnnl_success) status = tnn_dnnl_md_new(&shape->weights, m->rank, m->b_dims, m->b_strides);
    return status == dnnl_success ? tnn_dnnl_md_new(&shape->dst, m->rank, m->out_dims, m->out_strides) : status;
}

tnn_status tnn_dnnl_matmul_new(tnn_dnnl_op **out, tnn_dnnl *dnnl, const tnn_dnnl_matmul *m, tnn_error *err) {
    tnn_dnnl_shape shape = {0};
    dnnl_primitive_attr_t attr = NULL;
    dnnl_primitive_desc_t pd = NULL;
    *out = NULL;
    dnnl_status_t made = attributes(&attr, m->activation);
    if (made == dnnl_success) made = matmul_shape(&shape, m);
    if (made == dnnl_success) made = tnn_dnnl_pd_matmul(&pd, dnnl->engine, &shape, attr);
    tnn_status status = finish(out, dnnl, made, pd, err);
    free_shape(&shape);
    if (attr != NULL) dnnl_primitive_attr_destroy(attr);
    return status;
}

/* ---- functions and softmax ---- */

static dnnl_alg_kind_t algorithm(tnn_dnnl_function function) {
    switch (function) {
        case TNN_DNNL_EXP: return dnnl_eltwise_exp;
        case TNN_DNNL_SIGMOID: return dnnl_eltwise_logistic;
        case TNN_DNNL_TANH: return dnnl_eltwise_tanh;
        case TNN_DNNL_GELU: return dnnl_eltwise_gelu_erf;
        case TNN_DNNL_GELU_TANH: return dnnl_eltwise_gelu_tanh;
        case TNN_DNNL_NO_FUNCTION: break;
    }
    return dnnl_alg_kind_undef;
}

tnn_status tnn_dnnl_map_new(tnn_dnnl_op **out, tnn_dnnl *dnnl, tnn_dnnl_function function, int64_t n, tnn_error *err) {
    tnn_dnnl_md md = NULL;
    dnnl_primitive_attr_t attr = NULL;
    dnnl_primitive_desc_t pd = NULL;
    int64_t one = 1;
    dnnl_status_t made = attributes(&attr, TNN_ACT_NONE);
    if (made == dnnl_success) made = tnn_dnnl_md_new(&md, 1, &n, &one);
    if (made == dnnl_success) made = tnn_dnnl_pd_map(&pd, dnnl->engine, algorithm(function), md, attr);
    tnn_status status = finish(out, dnnl, made, pd, err);
    tnn_dnnl_md_free(md);
    if (attr != NULL) dnnl_primitive_attr_destroy(attr);
    return status;
}

tnn_status tnn_dnnl_softmax_new(tnn_dnnl_op **out, tnn_dnnl *dnnl, int64_t rows, int64_t n, bool logarithm,
                                tnn_error *err) {
    tnn_dnnl_md md = NULL;
    dnnl_primitive_attr_t attr = NULL;
    dnnl_primitive_desc_t pd = NULL;
    int64_t dims[2] = {rows, n}, strides[2] = {n, 1};
    dnnl_status_t made = attributes(&attr, TNN_ACT_NONE);
    if (made == dnnl_success) made = tnn_dnnl_md_new(&md, 2, dims, strides);
    if (made == dnnl_success) made = tnn_dnnl_pd_softmax(&pd, dnnl->engine, logarithm, 1, md, attr);
    tnn_status status = finish(out, dnnl, made, pd, err);
    tnn_dnnl_md_free(md);
    if (attr != NULL) dnnl_primitive_attr_destroy(attr);
    return status;
}
