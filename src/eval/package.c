/* Names of the program: __torch__.torch.nn.functional.relu. Its modules are read when they are first named. */
#include <string.h>

#include "eval/object.h"
#include "eval/parse.h"

/* The globals of a module; empty when the program has no such module. */
static tnn_status load_module(tnn_interp *interp, const char *name, tnn_strmap **out, tnn_error *err) {
    const tnn_program *program = interp->options.program;
    tnn_program_text text = {NULL, 0, NULL};
    *out = tnn_strmap_get(&interp->modules, name);
    if (*out) return TNN_OK;
    *out = TNN_NEW(interp->arena, tnn_strmap);
    if (!*out) return tnn_fail_nomem(err);
    tnn_strmap_init(*out, interp->arena);
    if (tnn_strmap_set(&interp->modules, name, *out) != TNN_OK) return tnn_fail_nomem(err);
    if (program) TNN_TRY(program->find(program->data, name, &text, err));
    return text.text ? tnn_run_program_text(interp, name, &text, *out, err) : TNN_OK;
}

static tnn_status find_name(tnn_interp *interp, const char *package, const char *name, const char *full,
                            tnn_obj *out, tnn_error *err) {
    tnn_strmap *globals;
    TNN_TRY(tnn_interp_step(interp, 1, err));
    TNN_TRY(load_module(interp, package, &globals, err));
    const tnn_obj *held = tnn_strmap_get(globals, name);
    if (!held) return tnn_name_new(interp, (tnn_name){.kind = TNN_NAME_PACKAGE, .text = full}, out, err);
    *out = *held;
    return TNN_OK;
}

tnn_status tnn_package_get(tnn_interp *interp, const char *package, const char *name, tnn_obj *out, tnn_error *err) {
    const char *full = tnn_arena_printf(interp->arena, "%s.%s", package, name);
    if (!full) return tnn_fail_nomem(err);
    tnn_obj *known = tnn_strmap_get(&interp->packages, full);
    if (!known) {
        TNN_TRY(find_name(interp, package, name, full, out, err));
        known = tnn_arena_copy(interp->arena, out, 1, sizeof(*out));
        if (!known || tnn_strmap_set(&interp->packages, full, known) != TNN_OK) return tnn_fail_nomem(err);
    }
    *out = *known;
    return TNN_OK;
}

tnn_status tnn_class_find(tnn_interp *interp, const char *name, const tnn_class **out, tnn_error *err) {
    const char *dot = strrchr(name, '.');
    tnn_obj found = tnn_obj_none();
    *out = NULL;
    if (dot) {
        const char *package = tnn_arena_strn(interp->arena, name, (size_t)(dot - name));
        if (!package) return tnn_fail_nomem(err);
        TNN_TRY(tnn_package_get(interp, package, dot + 1, &found, err));
    }
    const tnn_name *class_name = tnn_obj_name(&found);
    if (class_name && class_name->kind == TNN_NAME_CLASS) *out = class_name->type;
    return *out ? TNN_OK : tnn_fail(err, TNN_ERR_MALFORMED, NULL, "the program has no class %.200s", name);
}

void tnn_interp_set_constants(tnn_interp *interp, tnn_obj tuple) { interp->constants = tuple; }
