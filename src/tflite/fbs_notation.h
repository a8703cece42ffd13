/* The notation of fbs.c and fbs_options.c. */
#ifndef TNN_TFLITE_FBS_NOTATION_H
#define TNN_TFLITE_FBS_NOTATION_H

#include "tflite/fbs.h"

#define SCALAR(id, name, type, if_absent) {#name, id, TNN_FB_##type, false, if_absent, 0, NULL, NULL}
#define STRING(id, name) {#name, id, TNN_FB_STRING, false, 0, 0, NULL, NULL}
#define CHILD(id, name, table) {#name, id, TNN_FB_TABLE, false, 0, 0, &table, NULL}
#define UNION(id, name, members) {#name, id, TNN_FB_UNION, false, 0, 0, NULL, &members}
#define VECTOR(id, name, type) {#name, id, TNN_FB_##type, true, 0, 0, NULL, NULL}
#define ALIGNED(id, name, type, align) {#name, id, TNN_FB_##type, true, 0, align, NULL, NULL}
#define CHILDREN(id, name, table) {#name, id, TNN_FB_TABLE, true, 0, 0, &table, NULL}

/* LINKAGE is `static` or nothing. */
#define TABLE(linkage, symbol, name, ...)                                                          \
    static const tnn_fb_field symbol##_fields[] = {__VA_ARGS__};                                   \
    linkage const tnn_fb_table symbol = {name, symbol##_fields, sizeof symbol##_fields / sizeof(tnn_fb_field)};

#define UNION_OF(tables) {tables, sizeof tables / sizeof *tables}

#endif
