/* The YAML of all operators, for editing. */
#include <inttypes.h>
#include <string.h>

#include "api/precision.h"
#include "api/stages.h"
#include "base/strbuf.h"
#include "quant/plan.h"
#include "quant/products.h"

static const char head[] =
    "# Which operators are computed in integers: true (or int8), false (or float). The last line that is about an operator\n"
    "# decides; operators without a line are int8. Patterns come under \"rules\":\n"
    "#\n"
    "# rules:\n"
    "#   - {type: softmax, precision: float}\n"
    "#   - {scope: \"head.*\", name: \"conv*\", precision: float}\n";

/* ---- a line ---- */

/* Letters that mean nothing else in YAML, and no word that does. */
static bool is_plain(const char *name) {
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "default", "rules"};
    const char *letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789./";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], name) == 0) return false;
    bool starts = *name == '_' || (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z');
    return starts && name[strspn(name, letters)] == '\0';
}

static void print_name(tnn_strbuf *out, const char *name) {
    if (is_plain(name)) tnn_strbuf_add(out, name);
    else tnn_strbuf_json(out, name);
}

static void print_types(tnn_strbuf *out, const tnn_operator *op) {
    static const char *const activations[] = {"", " + relu", " + relu6", " + relu_n1_to_1"};
    bool composite = op->n_parts > 0 && op->parts[0]->op->list == TNN_OPLIST_COMPOSITE;
    tnn_strbuf_printf(out, "%s%s", op->node->op->name, activations[op->node->activation]);
    if (composite) tnn_strbuf_printf(out, " of %s", op->parts[0]->op->name);
}

static void print_shape(tnn_strbuf *out, const tnn_value *v) {
    tnn_strbuf_printf(out, " %s[", tnn_dtype_name(v->dtype));
    for (uint8_t d = 0; d < v->shape.rank; d++)
        tnn_strbuf_printf(out, d == 0 ? "%" PRId64 : ", %" PRId64, v->shape.dims[d].hint);
    tnn_strbuf_add(out, "]");
}

/* `why_float` NULL: it is computed in integers. */
static void print_operator(tnn_strbuf *out, const tnn_operator *op, const char *why_float) {
    const tnn_value *v = op->node->outputs[0];
    print_name(out, v->name);
    tnn_strbuf_add(out, why_float == NULL ? ": true  # " : ": false  # ");
    print_types(out, op);
    print_shape(out, v);
    if (op->node->scope != NULL && *op->node->scope != '\0') {
        tnn_strbuf_add(out, " in ");
        print_name(out, op->node->scope);
    }
    if (why_float != NULL) tnn_strbuf_printf(out, "; %s", why_float);
    tnn_strbuf_add(out, "\n");
}

/* ---- all of them ---- */

typedef struct writing {
    const tnn_model *model;
    tnn_strbuf text;
} writing;

static tnn_status prepared(void *context, tnn_graph *graph, tnn_error *err) {
    writing *w = context;
    tnn_operators ops;
    tnn_quant_plan plan;
    TNN_TRY(tnn_quant_products(graph, err));
    TNN_TRY(tnn_quant_plan_make(&plan, graph, NULL, NULL, err));
    TNN_TRY(tnn_operators_list(&ops, w->model->graphs[0], graph, graph->model->arena, err));
    tnn_strbuf_add(&w->text, head);
    for (size_t i = 0; i < ops.n; i++)
        print_operator(&w->text, &ops.items[i], plan.why_float[ops.items[i].node->outputs[0]->id]);
    return w->text.failed ? tnn_fail_nomem(err) : TNN_OK;
}

static tnn_status lowered(void *context, tnn_graph *graph, tnn_error *err) {
    (void)context, (void)graph, (void)err;
    return TNN_OK;
}

tnn_status tnn_model_precision_text(const tnn_model *model, const tnn_convert_options *convert, char **out,
                                    tnn_lacks *lacks, tnn_error *err) {
    writing w = {.model = model};
    tnn_convert_stages stages = {.context = &w, .prepared = prepared, .lowered = lowered};
    *out = NULL;
    tnn_status status = tnn_convert_in_stages(model, NULL, convert, &stages, NULL, lacks, err);
    if (status == TNN_OK) *out = tnn_strbuf_take(&w.text);
    tnn_strbuf_free(&w.text);
    return status == TNN_OK && *out == NULL ? tnn_fail_nomem(err) : status;
}
