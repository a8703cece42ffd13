/* What the names in a program stand for. */
#include <string.h>

#include "read/pt2_load.h"

tnn_status tnn_pt2_scope_init(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *graph, tnn_error *err) {
    memset(scope, 0, sizeof *scope);
    scope->graph = *graph;
    TNN_TRY(tnn_json_member(&scope->nodes, &scope->graph, "nodes", err));
    TNN_TRY(tnn_json_member(&scope->tensor_values, &scope->graph, "tensor_values", err));
    tnn_strmap_init(&scope->names, load->scratch);
    return TNN_OK;
}

tnn_status tnn_pt2_bind(tnn_pt2_load *load, tnn_pt2_scope *scope, const char *name, tnn_obj obj, tnn_error *err) {
    tnn_pt2_binding *binding = TNN_NEW(load->scratch, tnn_pt2_binding);
    if (binding == NULL) return tnn_fail_nomem(err);
    binding->obj = obj;
    return tnn_strmap_set(&scope->names, name, binding) == TNN_OK ? TNN_OK : tnn_fail_nomem(err);
}

tnn_status tnn_pt2_lookup(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *name, tnn_obj *out,
                          tnn_error *err) {
    const char *text = NULL;
    TNN_TRY(tnn_json_text(&text, name, err));
    tnn_pt2_binding *binding = tnn_strmap_get(&scope->names, text);
    if (binding == NULL) {
        return tnn_json_fail(name, TNN_ERR_MALFORMED, err, "\"%.80s\" is used before anything gives it a value", text);
    }
    if (binding->constant != NULL) {
        load->broken = true;
        TNN_TRY(tnn_pt2_constant_get(load, binding->constant, binding->role, &binding->obj, err));
        load->broken = false;
        binding->constant = NULL;
    }
    *out = binding->obj;
    return TNN_OK;
}
