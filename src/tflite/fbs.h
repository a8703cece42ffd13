/* The TFLite schema as one table: what the writer, the reader, the verifier and inspect walk.
 *
 * A FlatBuffer table is a set of numbered fields. A scalar field that is absent has its default; any other absent
 * field is empty. A union is two fields, the number of its member in `NAME_type`, which has the id before the
 * union's, and the member's table.
 * Source: tensorflow/lite/schema/schema.fbs, version 3 with the revisions a to d. */
#ifndef TNN_TFLITE_FBS_H
#define TNN_TFLITE_FBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TNN_TFLITE_IDENTIFIER "TFL3"
#define TNN_TFLITE_SCHEMA_VERSION 3

typedef enum tnn_fb_type {
    TNN_FB_BOOL,
    TNN_FB_I8,
    TNN_FB_U8,
    TNN_FB_I16,
    TNN_FB_U16,
    TNN_FB_I32,
    TNN_FB_U32,
    TNN_FB_I64,
    TNN_FB_U64,
    TNN_FB_F32,
    TNN_FB_STRING,
    TNN_FB_TABLE,
    TNN_FB_UNION
} tnn_fb_type;

typedef struct tnn_fb_table tnn_fb_table;
typedef struct tnn_fb_union tnn_fb_union;

typedef struct tnn_fb_field {
    const char *name;
    uint16_t id;
    tnn_fb_type type;           /* of the elements where `vector` */
    bool vector;
    int32_t if_absent;          /* scalars */
    uint32_t align;             /* vectors: of the first element in the file; 0: the element's size */
    const tnn_fb_table *table;  /* TABLE */
    const tnn_fb_union *members; /* UNION */
} tnn_fb_field;

struct tnn_fb_table {
    const char *name;
    const tnn_fb_field *fields; /* in order of ids */
    size_t n_fields;
};

struct tnn_fb_union {
    const tnn_fb_table *const *tables; /* by member number; tables[0] is NULL */
    size_t n_tables;
};

extern const tnn_fb_table tnn_fbs_Model; /* the root */
extern const tnn_fb_table tnn_fbs_OperatorCode;
extern const tnn_fb_table tnn_fbs_SubGraph;
extern const tnn_fb_table tnn_fbs_Tensor;
extern const tnn_fb_table tnn_fbs_Operator;
extern const tnn_fb_table tnn_fbs_Buffer;
extern const tnn_fb_table tnn_fbs_Metadata;
extern const tnn_fb_table tnn_fbs_SignatureDef;
extern const tnn_fb_table tnn_fbs_TensorMap;
extern const tnn_fb_table tnn_fbs_QuantizationParameters;

/* The members of Operator.builtin_options and of Operator.builtin_options_2. */
extern const tnn_fb_union tnn_fbs_BuiltinOptions;
extern const tnn_fb_union tnn_fbs_BuiltinOptions2;

/* The field of a name; NULL when the table has none. */
const tnn_fb_field *tnn_fbs_field(const tnn_fb_table *table, const char *name);

/* The member number of the table with this name; 0 when the union has none. */
uint8_t tnn_fbs_member(const tnn_fb_union *members, const char *table_name);

/* Bytes of an element; of a string or table, those of its offset. */
uint32_t tnn_fb_type_bytes(tnn_fb_type type);

#endif
