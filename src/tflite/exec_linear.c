/* FULLY_CONNECTED and BATCH_MATMUL. */
#include "tflite/exec_move.h"
#include "tflite/exec_sums.h"

/* ---- FULLY_CONNECTED: [N, C] by [O, C] ---- */

static tnn_status check_fully_connected(const tnn_exec_call *call, int64_t width, int64_t n_out, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0], *out = call->out[0];
    if (tnn_fb_int(call->options, "weights_format") != 0)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, call->where, "exec reads no shuffled weights");
    bool fits = width > 0 && in->n_elems % width == 0 && out->rank > 0 && out->dims[out->rank - 1] == n_out &&
                out->n_elems == in->n_elems / width * n_out;
    return fits ? TNN_OK : tnn_exec_malformed(call, err, "operand, weights and result do not fit together");
}

static tnn_status run_fully_connected(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0], *weights = call->in[1];
    tnn_exec_sums sums;
    const float *x, *w;
    TNN_TRY(tnn_exec_need_rank(call, weights, 2, err));
    int64_t n_out = weights->dims[0], width = weights->dims[1];
    TNN_TRY(check_fully_connected(call, width, n_out, err));
    TNN_TRY(tnn_exec_sums_begin(call, &sums, in, weights, call->n_in > 2 ? call->in[2] : NULL, n_out, false,
                                err));
    sums.is_real = true;
    if (weights->n_scales > 1 && weights->axis != 0) return tnn_exec_no_kernel(call, weights, err);
    TNN_TRY(tnn_exec_floats(call, in, &x, err));
    TNN_TRY(tnn_exec_floats(call, weights, &w, err));
    TNN_TRY(tnn_exec_spend_product(call, call->out[0]->n_elems, width, err));
    float *quantized = TNN_NEW_ARRAY(call->arena, (size_t)width, float);
    if (quantized == NULL) return tnn_fail_nomem(err);
    bool is_symmetric = tnn_fb_int(call->options, "asymmetric_quantize_inputs") == 0;
    for (int64_t n = 0; n < in->n_elems / width; n++) {
        const float *row = x + n * width;
        if (sums.is_hybrid) {
            sums.dynamic_scale = tnn_exec_quantize_dynamic(quantized, row, width, is_symmetric);
            row = quantized;
        }
        for (int64_t o = 0; o < n_out; o++)
            tnn_exec_sums_put(&sums, n * n_out + o, o, tnn_exec_dot(row, w + o * width, width));
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_FULLY_CONNECTED = {run_fully_connected, 2, 3, 1, NULL};

/* ---- BATCH_MATMUL: […, A, B] by […, B, C], each of them transposed where adj_x and adj_y say so ---- */

typedef struct matmul {
    const tnn_exec_tensor *x, *y;
    tnn_exec_tensor *out;
    int64_t a, b, c;
    int64_t x_row, x_step, y_step, y_column; /* steps along A and B of x, along B and C of y */
    tnn_exec_loops batches;
    tnn_exec_side sides[2]; /* of x and y over the batches */
} matmul;

static tnn_status batch_dims(const tnn_exec_call *call, matmul *m, tnn_error *err) {
    uint8_t n = (uint8_t)(m->out->rank - 2);
    m->batches.n = n;
    for (uint8_t k = 0; k < n; k++) m->batches.dims[k] = m->out->dims[k];
    for (int side = 0; side < 2; side++) {
        const tnn_exec_tensor *t = side == 0 ? m->x : m->y;
        uint8_t missing = (uint8_t)(m->out->rank - t->rank);
        tnn_exec_side dense = tnn_exec_dense(t);
        for (uint8_t k = missing; k < n; k++) {
            int64_t dim = t->dims[k - missing];
            if (dim != 1 && dim != m->out->dims[k]) return tnn_exec_malformed(call, err, "batch dimension %d differs", k);
            m->sides[side].steps[k] = dim == 1 ? 0 : dense.steps[k - missing];
        }
    }
    return TNN_OK;
}

static tnn_status begin_matmul(const tnn_exec_call *call, matmul *m, tnn_error *err) {
    *m = (matmul){.x = call->in[0], .y = call->in[1], .out = call->out[0]};
    bool adj_x = tnn_fb_int(call->options, "adj_x") != 0, adj_y = tnn_fb_int(call->options, "adj_y") != 0;
    if (m->x->rank < 2 || m->y->rank < 2 || m->out->rank < m->x->rank || m->out->rank < m->y->rank)
        return tnn_exec_malformed(call, err, "ranks do not fit");
    const int64_t *x = m->x->dims + m->x->rank - 2, *y = m->y->dims + m->y->rank - 2;
    const int64_t *out = m->out->dims + m->out->rank - 2;
    m->a = x[adj_x ? 1 : 0];
    m->b = x[adj_x ? 0 : 1];
    m->c = y[adj_y ? 0 : 1];
    if (y[adj_y ? 1 : 0] != m->b || out[0] != m->a || out[1] != m->c)
        return tnn_exec_malformed(call, err, "matrices do not fit together");
    m->x_row = adj_x ? 1 : x[1];
    m->x_step = adj_x ? x[1] : 1;
    m->y_step = adj_y ? 1 : y[1];
    m->y_column = adj_y ? y[1] : 1;
    TNN_TRY(batch_dims(call, m, err));
    return tnn_exec_spend_product(call, m->out->n_elems, m->b, err);
}

/* Along steps: rows and columns of matrices, either of which may be transposed. */
static double dot(const float *a, int64_t step_a, const float *b, int64_t step_b, int64_t n) {
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += (double)a[i * step_a] * (double)b[i * step_b];
    return sum;
}

/* Row `a` of x, quantized into `room` when the operator is hybrid. */
static const float *matmul_row(const matmul *m, tnn_exec_sums *sums, const float *x, int64_t *step, float *room,
                               bool is_symmetric) {
    *step = m->x_step;
    if (!sums->is_hybrid) return x;
    for (int64_t i = 0; i < m->b; i++) room[i] = x[i * m->x_step];
    sums->dynamic_scale = tnn_exec_quantize_dynamic(room, room, m->b, is_symmetric);
    *step = 1;
    return room;
}

/* The weights of a hybrid product have one scale. */
static tnn_status run_batch_matmul(const tnn_exec_call *call, tnn_error *err) {
    matmul m;
    tnn_exec_sums sums;
    const float *x, *y;
    TNN_TRY(begin_matmul(call, &m, err));
    TNN_TRY(tnn_exec_sums_begin(call, &sums, m.x, m.y, NULL, m.c, true, err));
    if (m.y->n_scales > 1 || m.x->n_scales > 1) return tnn_exec_no_kernel(call, m.y, err);
    TNN_TRY(tnn_exec_floats(call, m.x, &x, err));
    TNN_TRY(tnn_exec_floats(call, m.y, &y, err));
    float *room = TNN_NEW_ARRAY(call->arena, (size_t)m.b, float);
    if (room == NULL) return tnn_fail_nomem(err);
    if (m.out->n_elems == 0) return TNN_OK;
    bool is_symmetric = tnn_fb_int(call->options, "asymmetric_quantize_inputs") == 0;
    int64_t index[TNN_EXEC_MAX_LOOPS] = {0}, at[2] = {0, 0}, i = 0, step;
    do {
        for (int64_t a = 0; a < m.a; a++) {
            const float *row = matmul_row(&m, &sums, x + at[0] + a * m.x_row, &step, room, is_symmetric);
            for (int64_t c = 0; c < m.c; c++, i++)
                tnn_exec_sums_put(&sums, i, c, dot(row, step, y + at[1] + c * m.y_column, m.y_step, m.b));
        }
    } while (tnn_exec_next(&m.batches, index, 2, m.sides, at));
    return TNN_OK;
}

const tnn_exec_row tnn_exec_BATCH_MATMUL = {run_batch_matmul, 2, 2, 1, NULL};
