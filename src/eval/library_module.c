/* A class is written as text, from its row of the table:
 *
 *   class LeakyReLU(torch.nn.Module):
 *       def __init__(self, negative_slope=0.01, inplace=False):
 *           self.negative_slope = negative_slope
 *           self.inplace = inplace
 *       def forward(self, input):
 *           negative_slope = self.negative_slope
 *           inplace = self.inplace
 *           if self.inplace:
 *               return torch.leaky_relu_(input, negative_slope)
 *           return torch.leaky_relu(input, negative_slope)
 */
#include "eval/library_module.h"

#include <string.h>

#include "ops/modules.h"
#include "ops/torch_library.h"

static const tnn_library_maker *find_maker(const char *name) {
    static const tnn_library_maker usual = {.name = ""};
    for (size_t k = 0; k < tnn_n_library_makers; k++)
        if (strcmp(tnn_library_makers[k].name, name) == 0) return &tnn_library_makers[k];
    return &usual;
}

static const char *or_else(const char *text, const char *usual) { return text ? text : usual; }

/* A line of a method's body, TO.NAME = FROM.NAME, of a name of `n` letters; `to` and `from` are "self." or "". */
static void add_line(tnn_strbuf *out, const char *to, const char *from, const char *name, size_t n) {
    char text[64] = "";
    if (n == 0 || n >= sizeof(text)) return;
    memcpy(text, name, n);
    tnn_strbuf_printf(out, "        %s%s = %s%s\n", to, text, from, text);
}

/* Is the name one of "weight bias running_mean!"? */
static bool is_among(const char *tensors, const char *name, size_t n) {
    for (; *tensors; tensors += strspn(tensors, " !")) {
        size_t length = strcspn(tensors, " !");
        if (length == n && memcmp(tensors, name, n) == 0) return true;
        tensors += length;
    }
    return false;
}

/* For each parameter that is no tensor's name: "a, b=1" has a and b. */
static void add_parameters(tnn_strbuf *out, const char *parameters, const char *tensors, const char *to,
                           const char *from) {
    while (*parameters) {
        parameters += strspn(parameters, ", ");
        size_t n = strcspn(parameters, "=, ");
        if (!is_among(tensors, parameters, n)) add_line(out, to, from, parameters, n);
        parameters += strcspn(parameters, ",");
    }
}

/* For each tensor of "weight bias running_mean!". */
static void add_tensors(tnn_strbuf *out, const char *tensors) {
    while (*tensors) {
        add_line(out, "", "self.", tensors, strcspn(tensors, " !"));
        tensors += strcspn(tensors, " ");
        tensors += strspn(tensors, " ");
    }
}

static void add_init(tnn_strbuf *out, const tnn_module_row *row, const tnn_library_maker *maker) {
    const char *comma = *row->parameters ? ", " : "";
    tnn_strbuf_printf(out, "    def __init__(self%s%s%s%s):\n", comma, row->parameters, or_else(maker->more, ""),
                      *row->tensors ? ", device=None, dtype=None" : "");
    add_parameters(out, row->parameters, row->tensors, "self.", "");
    add_parameters(out, or_else(maker->more, ""), row->tensors, "self.", "");
    tnn_strbuf_printf(out, "%s        pass\n", or_else(maker->make, ""));
}

/* The name of the operator in its in-place form is followed by "_". */
static void add_call(tnn_strbuf *out, const tnn_module_row *row) {
    const char *call = row->calls[0];
    size_t n_name = strcspn(call, ".("), n_all = strcspn(call, "(");
    add_parameters(out, row->parameters, row->tensors, "", "self.");
    add_tensors(out, row->tensors);
    tnn_strbuf_add(out, "        training = self.training\n");
    if (strstr(row->parameters, "inplace="))
        tnn_strbuf_printf(out, "        if self.inplace:\n            return torch.%.*s_%s\n", (int)n_name, call,
                          call + n_all);
    tnn_strbuf_printf(out, "        return torch.%s\n", call);
}

static void add_class(tnn_strbuf *out, const tnn_module_row *row, const tnn_library_maker *maker) {
    tnn_strbuf_printf(out, "class %s(%s):\n", row->name, or_else(maker->base, "torch.nn.Module"));
    add_init(out, row, maker);
    tnn_strbuf_printf(out, "    def forward(self, %s):\n", or_else(maker->inputs, "input"));
    if (maker->forward) tnn_strbuf_add(out, maker->forward);
    else add_call(out, row);
}

tnn_status tnn_library_module(tnn_interp *interp, const char *name, const char **out, tnn_error *err) {
    const tnn_module_row *row = tnn_module_find(name);
    tnn_strbuf text = {0};
    *out = NULL;
    if (!row || tnn_module_is_stub(row) || (!row->calls[0] && !find_maker(name)->forward)) return TNN_OK;
    add_class(&text, row, find_maker(name));
    *out = text.data ? tnn_arena_str(interp->arena, text.data) : NULL;
    bool failed = text.failed || !*out;
    tnn_strbuf_free(&text);
    return failed ? tnn_fail_nomem(err) : TNN_OK;
}
