/* PyTorch's type promotion. The enum's order is that of the lattice but for two pairs that have no order. */
#include "ops/promote.h"

#include "ir/elems.h"

tnn_dtype tnn_promote_types(tnn_dtype a, tnn_dtype b) {
    tnn_dtype low = a < b ? a : b, high = a < b ? b : a;
    if (low == TNN_DTYPE_U8 && high == TNN_DTYPE_I8) return TNN_DTYPE_I16;
    if (low == TNN_DTYPE_F16 && high == TNN_DTYPE_BF16) return TNN_DTYPE_F32;
    return high;
}

static void add_tensor(tnn_promotion *promotion, const tnn_value *value) {
    tnn_dtype *level = value->shape.rank > 0 ? &promotion->tensors : &promotion->zero_dim;
    *level = tnn_promote_types(*level, value->dtype);
}

static void add_number(tnn_promotion *promotion, tnn_dtype dtype) {
    promotion->numbers = tnn_promote_types(promotion->numbers, dtype);
}

void tnn_promotion_add(tnn_promotion *promotion, const tnn_arg *arg) {
    if (arg->kind == TNN_ARG_TENSOR) add_tensor(promotion, arg->as.tensor);
    if (arg->kind == TNN_ARG_BOOL) add_number(promotion, TNN_DTYPE_BOOL);
    if (arg->kind == TNN_ARG_INT) add_number(promotion, TNN_DTYPE_I64);
    if (arg->kind == TNN_ARG_FLOAT) add_number(promotion, TNN_DTYPE_F32);
    for (uint32_t i = 0; arg->kind == TNN_ARG_TENSORS && i < arg->n; i++) {
        if (arg->as.tensors[i]) add_tensor(promotion, arg->as.tensors[i]);
    }
}

static tnn_dtype combine(tnn_dtype higher, tnn_dtype lower) {
    if (tnn_dtype_is_float(higher)) return higher;
    if (higher <= TNN_DTYPE_BOOL || tnn_dtype_is_float(lower)) return tnn_promote_types(higher, lower);
    return higher;
}

tnn_dtype tnn_promotion_result(const tnn_promotion *promotion) {
    return combine(promotion->tensors, combine(promotion->zero_dim, promotion->numbers));
}

tnn_dtype tnn_promoted(const tnn_arg *args, size_t n) {
    tnn_promotion promotion = {0};
    for (size_t i = 0; i < n; i++) tnn_promotion_add(&promotion, &args[i]);
    return tnn_promotion_result(&promotion);
}

tnn_dtype tnn_dtype_to_float(tnn_dtype dtype) {
    return tnn_dtype_is_integral(dtype) ? TNN_DTYPE_F32 : dtype;
}
