/* TensorMeta of a .pt2 program: element type, sizes and strides of a tensor. */
#ifndef TNN_READ_PT2_META_H
#define TNN_READ_PT2_META_H

#include "ir/size.h"
#include "read/pt2_sym.h"
#include "tinynn/dtype.h"

typedef struct tnn_pt2_meta {
    tnn_dtype dtype;
    tnn_shape shape;
    int64_t strides[TNN_MAX_RANK]; /* elements */
    int64_t offset;                /* elements */
} tnn_pt2_meta;

/* Is it an enum that is spelled out, as older files do: "FLOAT", "ScalarType.FLOAT"? */
bool tnn_pt2_enum_is(const tnn_json *at, const char *name);

/* The element type of a ScalarType code or name. Errors: TNN_ERR_UNSUPPORTED (named). */
tnn_status tnn_pt2_dtype(tnn_dtype *out, const tnn_json *code, tnn_error *err);

/* Element type and sizes; strides and offset are left zero. */
tnn_status tnn_pt2_meta_type(tnn_pt2_meta *out, tnn_symbols *symbols, const tnn_json *meta, tnn_error *err);
/* All of it. Strides that depend on symbols are taken by their hints. */
tnn_status tnn_pt2_meta_read(tnn_pt2_meta *out, tnn_symbols *symbols, const tnn_json *meta, tnn_error *err);

#endif
