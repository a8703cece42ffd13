/* 64-bit arithmetic that says when it overflows. */
#ifndef TNN_IR_CHECKED_H
#define TNN_IR_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

/* false on overflow; `*out` is then untouched. */
static inline bool tnn_add_i64(int64_t a, int64_t b, int64_t *out) {
    if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b) return false;
    *out = a + b;
    return true;
}

static inline bool tnn_sub_i64(int64_t a, int64_t b, int64_t *out) {
    if (b < 0 ? a > INT64_MAX + b : a < INT64_MIN + b) return false;
    *out = a - b;
    return true;
}

static inline bool tnn_mul_i64(int64_t a, int64_t b, int64_t *out) {
    if (a != 0 && b != 0) {
        if (a > 0 ? (b > 0 ? a > INT64_MAX / b : b < INT64_MIN / a)
                  : (b > 0 ? a < INT64_MIN / b : b < INT64_MAX / a)) {
            return false;
        }
    }
    *out = a * b;
    return true;
}

/* Flooring, as in Python. false when b is 0 or the quotient overflows. */
static inline bool tnn_floordiv_i64(int64_t a, int64_t b, int64_t *out) {
    if (b == 0 || (a == INT64_MIN && b == -1)) return false;
    int64_t quotient = a / b;
    *out = quotient - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
    return true;
}

/* The divisor's sign, as in Python. false when b is 0. */
static inline bool tnn_mod_i64(int64_t a, int64_t b, int64_t *out) {
    if (b == 0) return false;
    int64_t rest = b == -1 ? 0 : a % b;
    *out = rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    return true;
}

#endif
