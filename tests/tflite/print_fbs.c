/* Print the schema table for test_fbs.py: a line "TABLE FIELD ID TYPE DEFAULT" for each field that is reached from
 * Model, vectors with [] behind their type, and a line "UNION NUMBER TABLE" for each member of the options unions. */
#include <stdio.h>

#include "tflite/fbs.h"

static const char *const type_names[] = {
    [TNN_FB_BOOL] = "Bool",   [TNN_FB_I8] = "Int8",     [TNN_FB_U8] = "Uint8",      [TNN_FB_I16] = "Int16",
    [TNN_FB_U16] = "Uint16",  [TNN_FB_I32] = "Int32",   [TNN_FB_U32] = "Uint32",    [TNN_FB_I64] = "Int64",
    [TNN_FB_U64] = "Uint64",  [TNN_FB_F32] = "Float32", [TNN_FB_STRING] = "String", [TNN_FB_TABLE] = "Table",
    [TNN_FB_UNION] = "Union",
};

static const tnn_fb_table *seen[512];
static size_t n_seen;

static void print_table(const tnn_fb_table *table);

static void print_union(const tnn_fb_union *members) {
    for (size_t i = 1; i < members->n_tables; i++) print_table(members->tables[i]);
}

static void print_field(const tnn_fb_table *table, const tnn_fb_field *field) {
    const char *type = field->type == TNN_FB_TABLE ? field->table->name : type_names[field->type];
    printf("%s %s %d %s%s %d\n", table->name, field->name, field->id, type, field->vector ? "[]" : "",
           field->if_absent);
    if (field->type == TNN_FB_TABLE) print_table(field->table);
    if (field->type == TNN_FB_UNION) print_union(field->members);
}

static void print_table(const tnn_fb_table *table) {
    for (size_t i = 0; i < n_seen; i++) {
        if (seen[i] == table) return;
    }
    seen[n_seen++] = table;
    for (size_t i = 0; i < table->n_fields; i++) print_field(table, &table->fields[i]);
}

static void print_members(const char *name, const tnn_fb_union *members) {
    for (size_t i = 1; i < members->n_tables; i++) printf("%s %zu %s\n", name, i, members->tables[i]->name);
}

int main(void) {
    print_table(&tnn_fbs_Model);
    print_members("BuiltinOptions", &tnn_fbs_BuiltinOptions);
    print_members("BuiltinOptions2", &tnn_fbs_BuiltinOptions2);
    return 0;
}
