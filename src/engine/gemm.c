#include "engine/gemm.h"

#include <string.h>

#include "engine/onednn.h"

/* Without oneDNN. */
static void by_loops(float *out, int64_t out_stride, int64_t m, int64_t n, int64_t k, tnn_matrix a, bool turned,
                     tnn_matrix b) {
    int64_t down = turned ? 1 : a.stride, along = turned ? a.stride : 1;
    for (int64_t i = 0; i < m; i++) {
        float *to = out + i * out_stride;
        memset(to, 0, (size_t)n * sizeof *to);
        for (int64_t j = 0; j < k; j++) {
            float x = a.data[i * down + j * along];
            const float *row = b.data + j * b.stride;
            for (int64_t c = 0; c < n; c++) to[c] += x * row[c];
        }
    }
}

void tnn_gemm(float *out, int64_t out_stride, int64_t m, int64_t n, int64_t k, tnn_matrix a, bool turned, tnn_matrix b) {
    if (m == 0 || n == 0) return;
    if (k > 0 && tnn_dnnl_sgemm(out, out_stride, m, n, k, a, turned, b)) return;
    by_loops(out, out_stride, m, n, k, a, turned, b);
}
