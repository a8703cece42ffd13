#include "tflite/exec_clamp.h"

#include <math.h>

#include "tflite/builtin.h"

/* The stored integer that is nearest to a real number, within the type. */
static int64_t stored(const tnn_exec_tensor *out, float real) {
    int64_t least = tnn_exec_type_min(out->dtype), most = tnn_exec_type_max(out->dtype);
    if (isinf(real)) return real < 0 ? least : most;
    double value = tnn_exec_is_quantized(out) ? (double)out->zero_point + (double)roundf(real / out->scale) : (double)real;
    return value <= (double)least ? least : value >= (double)most ? most : (int64_t)value;
}

tnn_exec_bounds tnn_exec_bounds_between(const tnn_exec_tensor *out, float low, float high) {
    tnn_exec_bounds bounds = {low, high, 0, 0};
    if (tnn_dtype_is_float(out->dtype)) return bounds;
    bounds.first = stored(out, low);
    bounds.last = stored(out, high);
    return bounds;
}

tnn_status tnn_exec_bounds_of(const tnn_exec_call *call, const tnn_exec_tensor *out, tnn_exec_bounds *bounds,
                              tnn_error *err) {
    static const float limits[][2] = {{-INFINITY, INFINITY}, {0, INFINITY}, {-1, 1}, {0, 6}};
    const tnn_fb_table *table = call->options.type;
    bool has_any = table != NULL && tnn_fbs_field(table, "fused_activation_function") != NULL;
    int64_t activation = has_any ? tnn_fb_int(call->options, "fused_activation_function") : TNN_TFL_ACT_NONE;
    if (activation < TNN_TFL_ACT_NONE || activation > TNN_TFL_ACT_RELU6)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, call->where, "exec has no activation %lld", (long long)activation);
    *bounds = tnn_exec_bounds_between(out, limits[activation][0], limits[activation][1]);
    return TNN_OK;
}
