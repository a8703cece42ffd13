#include <string.h>

#include "eval/builtins.h"
#include "eval/methods.h"

/* One value as str() gives it. */
static tnn_status add_value(tnn_interp *interp, tnn_strbuf *text, const tnn_obj *value, tnn_error *err) {
    tnn_obj part;
    TNN_TRY(tnn_builtin_call(interp, tnn_builtin_find("builtins.str"), value, 1, NULL, 0, &part, err));
    if (part.kind == TNN_OBJ_STRING) tnn_strbuf_add(text, part.as.text);
    return TNN_OK;
}

/* What stands behind a percent sign; `*used` counts the values taken. */
static tnn_status add_format(tnn_interp *interp, tnn_strbuf *text, char letter, const tnn_obj_list *values,
                             size_t *used, tnn_error *err) {
    if (letter == '%') {
        tnn_strbuf_add(text, "%");
        return TNN_OK;
    }
    if (letter != 'd' && letter != 'i' && letter != 's')
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "a format of %% other than %%d, %%i and %%s");
    if (*used == values->n)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%% of a text: more formats than values");
    return add_value(interp, text, &values->items[(*used)++], err);
}

static tnn_status add_all(tnn_interp *interp, tnn_strbuf *text, const char *format, const tnn_obj_list *values,
                          tnn_error *err) {
    size_t used = 0;
    for (; *format; format++) {
        const char letter[] = {*format, '\0'};
        TNN_TRY(tnn_interp_step(interp, 1, err));
        if (*format != '%') tnn_strbuf_add(text, letter);
        else TNN_TRY(add_format(interp, text, *++format, values, &used, err));
        if (!*format) break;
    }
    if (used == values->n) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%% of a text: more values than formats");
}

tnn_status tnn_text_percent(tnn_interp *interp, const char *format, const tnn_obj *values, tnn_obj *out,
                            tnn_error *err) {
    tnn_obj one = *values;
    tnn_obj_list single = {.items = &one, .n = 1};
    tnn_strbuf text = {0};
    tnn_status status = add_all(interp, &text, format, values->kind == TNN_OBJ_TUPLE ? values->as.list : &single, err);
    *out = tnn_obj_string(tnn_arena_str(interp->arena, text.data ? text.data : ""));
    if (status == TNN_OK && (text.failed || !out->as.text)) status = tnn_fail_nomem(err);
    tnn_strbuf_free(&text);
    return status;
}
