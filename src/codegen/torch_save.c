#include "codegen/torch_save.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/zip_write.h"
#include "ir/recipe.h"

#define ALIGNMENT 64

/* ---- pickle, protocol 2 ---- */

enum {
    OP_PROTO = 0x80, OP_GLOBAL = 'c', OP_EMPTY_TUPLE = ')', OP_REDUCE = 'R', OP_MARK = '(', OP_UNICODE = 'X',
    OP_TUPLE = 't', OP_PERSISTENT = 'Q', OP_INT = 'J', OP_LONG = 0x8A, OP_FALSE = 0x89, OP_SET_ITEMS = 'u', OP_STOP = '.'
};

static void add_byte(tnn_strbuf *out, unsigned byte) {
    char c = (char)byte;
    tnn_strbuf_addn(out, &c, 1);
}

static void add_little_endian(tnn_strbuf *out, uint64_t number, unsigned n_bytes) {
    for (unsigned i = 0; i < n_bytes; i++) add_byte(out, (unsigned)(number >> (8 * i)) & 0xFF);
}

static void add_text(tnn_strbuf *out, const char *text) {
    size_t n = strlen(text);
    add_byte(out, OP_UNICODE);
    add_little_endian(out, n, 4);
    tnn_strbuf_addn(out, text, n);
}

static void add_int(tnn_strbuf *out, int64_t number) {
    bool small = number <= INT32_MAX;
    add_byte(out, small ? OP_INT : OP_LONG);
    if (!small) add_byte(out, 8);
    add_little_endian(out, (uint64_t)number, small ? 4 : 8);
}

static void add_global(tnn_strbuf *out, const char *module, const char *name) {
    tnn_strbuf_printf(out, "%c%s\n%s\n", OP_GLOBAL, module, name);
}

static void add_empty_dict(tnn_strbuf *out) {
    add_global(out, "collections", "OrderedDict");
    add_byte(out, OP_EMPTY_TUPLE);
    add_byte(out, OP_REDUCE);
}

static const char *storage_class(tnn_dtype dtype) {
    static const char *const names[TNN_DTYPE_COUNT] = {
        [TNN_DTYPE_BOOL] = "BoolStorage", [TNN_DTYPE_U8] = "ByteStorage",  [TNN_DTYPE_I8] = "CharStorage",
        [TNN_DTYPE_I16] = "ShortStorage", [TNN_DTYPE_I32] = "IntStorage",  [TNN_DTYPE_I64] = "LongStorage",
        [TNN_DTYPE_F16] = "HalfStorage",  [TNN_DTYPE_BF16] = "BFloat16Storage",
        [TNN_DTYPE_F32] = "FloatStorage", [TNN_DTYPE_F64] = "DoubleStorage",
    };
    return names[dtype];
}

/* ("storage", torch.FloatStorage, "0", "cpu", number of elements) */
static void add_storage(tnn_strbuf *out, tnn_dtype dtype, unsigned key, int64_t n_elems) {
    char text[24];
    snprintf(text, sizeof text, "%u", key);
    add_byte(out, OP_MARK);
    add_text(out, "storage");
    add_global(out, "torch", storage_class(dtype));
    add_text(out, text);
    add_text(out, "cpu");
    add_int(out, n_elems);
    add_byte(out, OP_TUPLE);
    add_byte(out, OP_PERSISTENT);
}

/* Sizes, then strides of dense elements. */
static void add_sizes(tnn_strbuf *out, unsigned rank, const int64_t *dims) {
    int64_t strides[TNN_MAX_RANK], next = 1;
    for (unsigned k = rank; k-- > 0;) {
        strides[k] = next;
        next *= dims[k] > 0 ? dims[k] : 1;
    }
    for (int which = 0; which < 2; which++) {
        add_byte(out, OP_MARK);
        for (unsigned k = 0; k < rank; k++) add_int(out, which == 0 ? dims[k] : strides[k]);
        add_byte(out, OP_TUPLE);
    }
}

/* ---- tensors ---- */

typedef struct saving {
    const tnn_code *code;
    tnn_zip_writer zip;
    tnn_strbuf pickle;
    const tnn_recipe **storages; /* by key; NULL: a zero of int64 */
    unsigned n_storages;
    tnn_strmap keys; /* by the name of a value: an item of `numbers` */
    unsigned *numbers;
} saving;

/* `recipe` NULL: batches that were counted, of which there are none. */
static void add_tensor(saving *s, const char *name, const tnn_recipe *recipe, unsigned key) {
    tnn_strbuf *out = &s->pickle;
    tnn_dtype dtype = recipe ? recipe->dtype : TNN_DTYPE_I64;
    add_text(out, name);
    add_global(out, "torch._utils", "_rebuild_tensor_v2");
    add_byte(out, OP_MARK);
    add_storage(out, dtype, key, recipe ? tnn_recipe_count(recipe) : 1);
    add_int(out, 0);
    add_sizes(out, recipe ? recipe->rank : 0, recipe ? recipe->dims : NULL);
    add_byte(out, OP_FALSE);
    add_empty_dict(out);
    add_byte(out, OP_TUPLE);
    add_byte(out, OP_REDUCE);
}

static unsigned new_storage(saving *s, const tnn_recipe *recipe) {
    s->storages[s->n_storages] = recipe;
    return s->n_storages++;
}

/* The storage of a value, which tensors that are the same have in common. */
static tnn_status storage_of(saving *s, const tnn_value *value, unsigned *key, tnn_error *err) {
    const unsigned *known = tnn_strmap_get(&s->keys, value->name);
    if (known) {
        *key = *known;
        return TNN_OK;
    }
    *key = new_storage(s, value->constant);
    s->numbers[*key] = *key;
    return tnn_strmap_set(&s->keys, value->name, &s->numbers[*key]) == TNN_OK ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status add_value(saving *s, const char *name, const tnn_value *value, tnn_error *err) {
    unsigned key;
    if (!name) return tnn_fail_nomem(err);
    TNN_TRY(storage_of(s, value, &key, err));
    add_tensor(s, name, value->constant, key);
    return TNN_OK;
}

static bool counts_batches(const tnn_code_module *module) {
    bool counts = strstr(module->row->tensors, "num_batches_tracked") != NULL;
    for (size_t k = 0; counts && k < module->n_tensors; k++)
        if (strcmp(module->tensors[k].name, "running_mean") == 0) return true;
    return false;
}

static tnn_status add_module(saving *s, const tnn_code_module *module, tnn_error *err) {
    tnn_arena *arena = s->code->arena;
    for (size_t k = 0; k < module->n_tensors; k++) {
        const tnn_code_tensor *tensor = &module->tensors[k];
        TNN_TRY(add_value(s, tnn_arena_printf(arena, "%s.%s", module->name, tensor->name), tensor->value, err));
    }
    if (!counts_batches(module)) return TNN_OK;
    const char *name = tnn_arena_printf(arena, "%s.num_batches_tracked", module->name);
    if (!name) return tnn_fail_nomem(err);
    add_tensor(s, name, NULL, new_storage(s, NULL));
    return TNN_OK;
}

static tnn_status add_all(saving *s, tnn_error *err) {
    const tnn_code *code = s->code;
    for (size_t i = 0; i < code->modules.n_entries; i++) {
        const tnn_code_module *module = code->modules.entries[i].value;
        if (module->name) TNN_TRY(add_module(s, module, err));
    }
    for (size_t i = 0; i < code->n_constants; i++) {
        const tnn_code_constant *constant = &code->constants[i];
        if (!constant->is_literal) TNN_TRY(add_value(s, constant->name, constant->value, err));
    }
    return TNN_OK;
}

static size_t max_storages(const tnn_code *code) {
    size_t n = code->n_constants;
    for (size_t i = 0; i < code->modules.n_entries; i++)
        n += ((const tnn_code_module *)code->modules.entries[i].value)->n_tensors + 1;
    return n;
}

/* ---- the archive ---- */

static tnn_status write_entry(saving *s, const char *name, const void *bytes, size_t n_bytes, tnn_error *err) {
    tnn_zip_part part = {bytes, n_bytes};
    return tnn_zip_write_entry(&s->zip, name, &part, 1, err);
}

static tnn_status write_made(saving *s, const char *name, const tnn_recipe *recipe, tnn_error *err) {
    size_t n_bytes = (size_t)tnn_recipe_bytes(recipe);
    uint8_t *bytes = tnn_alloc(n_bytes, 1);
    if (!bytes && n_bytes > 0) return tnn_fail_nomem(err);
    tnn_status status = tnn_recipe_read(recipe, 0, tnn_recipe_count(recipe), bytes, err);
    if (status == TNN_OK) status = write_entry(s, name, bytes, n_bytes, err);
    tnn_free(bytes);
    return status;
}

static tnn_status write_storage(saving *s, unsigned key, tnn_error *err) {
    static const uint8_t zero[8] = {0};
    char name[40];
    const tnn_recipe *recipe = s->storages[key];
    snprintf(name, sizeof name, "archive/data/%u", key);
    if (!recipe) return write_entry(s, name, zero, sizeof zero, err);
    const void *bytes = tnn_recipe_direct(recipe);
    if (!bytes) return write_made(s, name, recipe, err);
    TNN_TRY(write_entry(s, name, bytes, (size_t)tnn_recipe_bytes(recipe), err));
    tnn_recipe_release(recipe);
    return TNN_OK;
}

static tnn_status write_archive(saving *s, tnn_error *err) {
    add_byte(&s->pickle, OP_PROTO);
    add_byte(&s->pickle, 2);
    add_empty_dict(&s->pickle);
    add_byte(&s->pickle, OP_MARK);
    TNN_TRY(add_all(s, err));
    add_byte(&s->pickle, OP_SET_ITEMS);
    add_byte(&s->pickle, OP_STOP);
    if (s->pickle.failed) return tnn_fail_nomem(err);
    TNN_TRY(write_entry(s, "archive/data.pkl", s->pickle.data, s->pickle.length, err));
    TNN_TRY(write_entry(s, "archive/byteorder", "little", 6, err));
    for (unsigned key = 0; key < s->n_storages; key++) TNN_TRY(write_storage(s, key, err));
    TNN_TRY(write_entry(s, "archive/version", "3\n", 2, err));
    return tnn_zip_write_end(&s->zip, err);
}

tnn_status tnn_code_weights(const tnn_code *code, tnn_out *out, tnn_error *err) {
    saving s = {.code = code, .zip = {.out = out, .alignment = ALIGNMENT}};
    size_t n = max_storages(code);
    s.storages = TNN_NEW_ARRAY(code->arena, n + 1, const tnn_recipe *);
    s.numbers = TNN_NEW_ARRAY(code->arena, n + 1, unsigned);
    if (!s.storages || !s.numbers) return tnn_fail_nomem(err);
    tnn_strmap_init(&s.keys, code->arena);
    tnn_status status = write_archive(&s, err);
    tnn_strbuf_free(&s.pickle);
    tnn_zip_writer_clear(&s.zip);
    return status;
}
