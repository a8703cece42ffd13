#include "eval/library.h"

#include <string.h>

#include "base/nearest.h"
#include "eval/attribute.h"
#include "eval/library_module.h"
#include "ops/modules.h"
#include "ops/torch_library.h"

static const tnn_library_part *const parts[] = {
    &tnn_library_functions, &tnn_library_tensors, &tnn_library_modules, &tnn_library_attention,
};

/* Modules, and under which name this file knows them. A star stands for anything. */
static const struct {
    const char *name, *known;
} modules[] = {
    {"torch", "torch"},
    {"torch.functional", "torch"},
    {"torch.nn", "torch.nn"},
    {"torch.nn.functional", "torch.nn.functional"},
    {"torch.nn.init", "torch.nn.init"},
    {"torch.nn.parameter", "torch.nn"},
    {"torch.nn.modules", "torch.nn"},
    {"torch.nn.quantized", "torch.nn.quantized"},
    {"torch.nn.modules.*", "torch.nn"},
    {"torch.nn.utils", "torch.nn.utils"},
    {"torch.ao", "torch.ao"},
    {"torch.ao.nn", "torch.ao.nn"},
    {"torch.ao.nn.quantized", "torch.nn.quantized"},
    {"torch.ao.quantization", "torch.quantization"},
    {"torch.quantization", "torch.quantization"},
    {"torch.linalg", "torch.linalg"},
    {"torch.special", "torch.special"},
    {"torch.jit", "torch.jit"},
    {"torch.cuda", "torch.cuda"},
    {"torch.onnx", "torch.onnx"},
    {"torch.compiler", "torch.compiler"},
    {"torch.export", "torch.export"},
    {"tinynn.graph.quantization.*", "torch.quantization"},
    {"math", "math"},
    {"typing", "typing"},
    {"collections", "collections"},
    {"copy", "copy"},
    {"pathlib", "pathlib"}, /* for the block for __main__: it has no names here */
    {"__future__", "typing"},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Is it the name, or does the name end with a star and `text` begin with the rest? */
static bool fits(const char *name, const char *text) {
    size_t n = strlen(name);
    if (name[n - 1] != '*') return strcmp(name, text) == 0;
    return strncmp(name, text, n - 1) == 0;
}

/* NULL: there is no such module here. */
static const char *find_module(const char *name) {
    for (size_t k = 0; k < COUNT(modules); k++)
        if (fits(modules[k].name, name)) return modules[k].known;
    return NULL;
}

static const tnn_library_row *find_row(const char *full) {
    for (size_t p = 0; p < COUNT(parts); p++)
        for (size_t k = 0; k < parts[p]->n; k++)
            if (fits(parts[p]->rows[k].name, full)) return &parts[p]->rows[k];
    return NULL;
}

static tnn_status new_module(tnn_interp *interp, const char *known, tnn_obj *out, tnn_error *err) {
    bool is_math = strcmp(known, "math") == 0;
    return tnn_name_new(interp, (tnn_name){.kind = is_math ? TNN_NAME_MODULE : TNN_NAME_LIBRARY, .text = known}, out,
                        err);
}

/* What the row's text defines, under its full name. */
static tnn_status run_row(tnn_interp *interp, const tnn_library_row *row, const char *full, const char *module,
                          tnn_obj *out, tnn_error *err) {
    const char *name = strrchr(full, '.') + 1;
    if (!row->text) return tnn_name_new(interp, (tnn_name){.kind = TNN_NAME_OPERATOR, .text = name}, out, err);
    TNN_TRY(tnn_run_object(interp, row->text, module, out, err));
    const tnn_name *made = tnn_obj_name(out);
    if (made->kind != TNN_NAME_FUNCTION) return TNN_OK;
    tnn_name function = *made;
    function.text = full;
    return tnn_name_new(interp, function, out, err);
}

/* The name in that module that the word was meant to be; NULL: none is near. */
static const char *find_near(tnn_interp *interp, const char *module, const char *word) {
    size_t n = 0, n_module = strlen(module);
    for (size_t p = 0; p < COUNT(parts); p++) n += parts[p]->n;
    const char **names = TNN_NEW_ARRAY(interp->arena, n + tnn_n_module_rows, const char *);
    if (!names) return NULL;
    n = 0;
    bool is_nn = strcmp(module, "torch.nn") == 0;
    for (size_t k = 0; k < tnn_n_module_rows && is_nn; k++)
        if (!tnn_module_is_stub(&tnn_module_rows[k])) names[n++] = tnn_module_rows[k].name;
    for (size_t p = 0; p < COUNT(parts); p++)
        for (size_t k = 0; k < parts[p]->n; k++) {
            const char *full = parts[p]->rows[k].name, *name = full + n_module + 1;
            bool inside = strncmp(full, module, n_module) == 0 && full[n_module] == '.';
            if (inside && name[0] != '_' && !strchr(name, '.')) names[n++] = name;
        }
    return tnn_nearest(word, names, n);
}

static tnn_status fail_name(tnn_interp *interp, const char *module, const char *name, tnn_error *err) {
    const char *near = find_near(interp, module, name);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, NULL, "%s.%.60s is not supported%s%s%s", module, name,
                    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* torch.linalg.vector_norm and torch.special.expit are ATen's linalg_vector_norm and special_expit. */
static tnn_status find_prefixed(tnn_interp *interp, const char *module, const char *name, tnn_obj *out, bool *found,
                                tnn_error *err) {
    static const char *const prefixed[] = {"torch.linalg", "torch.special"};
    bool fits_module = false;
    for (size_t k = 0; k < COUNT(prefixed); k++) fits_module = fits_module || strcmp(prefixed[k], module) == 0;
    const char *full = fits_module ? tnn_arena_printf(interp->arena, "%s_%s", strrchr(module, '.') + 1, name) : "";
    if (!full) return tnn_fail_nomem(err);
    *found = fits_module && tnn_interp_knows(interp, full, NULL);
    return *found ? tnn_name_new(interp, (tnn_name){.kind = TNN_NAME_OPERATOR, .text = full}, out, err) : TNN_OK;
}

static tnn_status find_name(tnn_interp *interp, const char *module, const char *name, const char *full, tnn_obj *out,
                            tnn_error *err) {
    const tnn_library_row *row = find_row(full);
    const char *inner = find_module(full), *text = NULL;
    bool found;
    if (row) return run_row(interp, row, full, module, out, err);
    if (strcmp(module, "torch.nn") == 0) TNN_TRY(tnn_library_module(interp, name, &text, err));
    if (text) return tnn_run_object(interp, text, module, out, err);
    if (inner) return new_module(interp, inner, out, err);
    if (strcmp(module, "torch") == 0) return tnn_torch_attribute(interp, name, out, err);
    if (strcmp(module, "typing") == 0)
        return tnn_name_new(interp, (tnn_name){.kind = TNN_NAME_TYPE, .text = name}, out, err);
    TNN_TRY(find_prefixed(interp, module, name, out, &found, err));
    return found ? TNN_OK : fail_name(interp, module, name, err);
}

tnn_status tnn_library_get(tnn_interp *interp, const char *module, const char *name, tnn_obj *out, tnn_error *err) {
    const char *full = tnn_arena_printf(interp->arena, "%s.%s", module, name);
    if (!full) return tnn_fail_nomem(err);
    TNN_TRY(tnn_interp_step(interp, 1, err));
    const tnn_obj *known = tnn_strmap_get(&interp->packages, full);
    if (!known) {
        TNN_TRY(find_name(interp, module, name, full, out, err));
        known = tnn_arena_copy(interp->arena, out, 1, sizeof(*out));
        if (!known || tnn_strmap_set(&interp->packages, full, (void *)known) != TNN_OK) return tnn_fail_nomem(err);
    }
    *out = *known;
    return TNN_OK;
}

tnn_status tnn_library_method(tnn_interp *interp, const char *name, tnn_obj *out, bool *found, tnn_error *err) {
    char full[80] = "torch.Tensor.";
    *found = false;
    if (strlen(full) + strlen(name) >= sizeof(full)) return TNN_OK;
    *found = find_row(strcat(full, name)) != NULL;
    return *found ? tnn_library_get(interp, "torch.Tensor", name, out, err) : TNN_OK;
}

void tnn_library_fields(const char *operator_name, tnn_obj *result) {
    static const char *const fields[] = {"values", "indices"};
    static const char *const names[] = {"max",     "min",    "sort",   "topk",  "kthvalue", "mode",
                                        "median",  "cummax", "cummin", "nanmedian"};
    if (result->kind != TNN_OBJ_TUPLE || result->as.list->n != COUNT(fields)) return;
    for (size_t k = 0; k < COUNT(names); k++)
        if (strcmp(names[k], operator_name) == 0) result->as.list->fields = fields;
}

tnn_status tnn_library_import(tnn_frame *frame, const tnn_import *import, tnn_error *err) {
    tnn_interp *interp = frame->interp;
    const char *known = find_module(import->module), *dot = strchr(import->module, '.');
    tnn_obj value;
    if (!known)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, NULL,
                        "import of %.60s: a model may import torch, torch.nn, torch.nn.functional, math, typing, "
                        "collections and copy", import->module);
    if (import->name) {
        TNN_TRY(tnn_library_get(interp, known, import->name, &value, err));
        return tnn_frame_set(frame, import->alias ? import->alias : import->name, value, err);
    }
    TNN_TRY(new_module(interp, known, &value, err));
    if (import->alias || !dot) return tnn_frame_set(frame, import->alias ? import->alias : import->module, value, err);
    const char *first = tnn_arena_strn(interp->arena, import->module, (size_t)(dot - import->module));
    if (!first) return tnn_fail_nomem(err);
    TNN_TRY(new_module(interp, first, &value, err));
    return tnn_frame_set(frame, first, value, err);
}
