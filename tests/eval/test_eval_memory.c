/* Memory that runs out anywhere in an evaluation is an error like any other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "eval/interp.h"

static const char program[] = "def part(a, *, k: int=2):\n"
                              "    return a.t().reshape(-1) * k\n"
                              "def main(x):\n"
                              "    y = torch.conv2d(x, torch.ones([3, 2, 3, 3]), None, 1, 'same')\n"
                              "    y[:, 1, 0:2].hardtanh_(0.0, 6.0)\n"
                              "    z = [part(q[0, 0], k=3) for q in torch.chunk(y, 2, 2)]\n"
                              "    w = y[0, 0]\n"
                              "    w.diagonal(1).copy_(w.as_strided([2, 2], [5, 1]).unfold(1, 2, 1)[0, 0, 0])\n"
                              "    w.t_()\n"
                              "    torch.add(w, 1, out=w)\n"
                              "    w[0].expand(2, 4).fill_(torch.full_like(w, 2.0)[0, 0])\n"
                              "    return torch.cat(z, 0) + str(1.5).count('1') if len(z) > 3 else torch.cat(z)\n";

static tnn_status run_once(void) {
    static const int64_t dims[] = {1, 2, 4, 4};
    tnn_shape shape = {.rank = 4};
    tnn_model *model = NULL;
    tnn_graph *graph;
    tnn_interp *interp;
    tnn_value *value;
    tnn_obj input, out;
    for (int k = 0; k < 4; k++) shape.dims[k] = tnn_size_const(dims[k]);
    tnn_status status = tnn_graph_model_new(&model, "test", NULL);
    if (status != TNN_OK) return status;
    if ((status = tnn_graph_new(&graph, model, "main", NULL)) == TNN_OK &&
        (status = tnn_interp_new(&interp, graph, NULL, NULL, NULL)) == TNN_OK &&
        (status = tnn_graph_input(&value, graph, "x", TNN_DTYPE_F32, &shape, NULL)) == TNN_OK &&
        (status = tnn_interp_tensor(interp, value, NULL, &input, NULL)) == TNN_OK) {
        status = tnn_interp_run(interp, program, "main", &input, 1, &out, NULL);
        tnn_interp_free(interp);
    }
    tnn_graph_model_free(model);
    return status;
}

static void fails_cleanly(void **state) {
    (void)state;
    assert_int_equal(run_once(), TNN_OK);
    tnn_status status = TNN_ERR_NOMEM;
    size_t k = 1;
    for (; status != TNN_OK; k++) {
        tnn_alloc_fail_after(k);
        status = run_once();
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_OK || status == TNN_ERR_NOMEM);
    }
    assert_true(k > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(fails_cleanly)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
