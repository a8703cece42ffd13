#include "input_spec.h"

#include <stdlib.h>
#include <string.h>

#include "command.h"

static bool refuse(const char *option, const char *text, const char *why) {
    cli_complain("%s \"%s\": %s; the form is [NAME=]1x3x224x224[:DTYPE], for example image=1x3x224x224 or "
                 "1x128:int64",
                 option, text, why);
    return false;
}

/* One dimension at `*at`, which moves behind it. Returns -1 when there is none or it is too large. */
static int64_t read_dim(const char **at) {
    int64_t value = 0;
    const char *p = *at;
    if (*p < '0' || *p > '9') return -1;
    for (; *p >= '0' && *p <= '9'; p++) {
        value = value * 10 + (*p - '0');
        if (value > INT32_MAX) return -1; /* TFLite's dimensions are int32 */
    }
    *at = p;
    return value;
}

/* "1x3x224x224", or "" for a scalar, up to ":" or the end. Returns what is wrong, or NULL. */
static const char *read_dims(const char **at, tnn_input_spec *out) {
    if (**at == '\0' || **at == ':') return NULL;
    for (;; (*at)++) {
        if (out->rank == TINYNN_MAX_RANK) return "more than 8 dimensions";
        int64_t dim = read_dim(at);
        if (dim < 0) return "expected a dimension from 0 to 2147483647";
        out->dims[out->rank++] = dim;
        if (**at == '\0' || **at == ':') return NULL;
        if (**at != 'x') return "expected \"x\" between dimensions";
    }
}

bool cli_parse_input(const char *option, char *text, tnn_input_spec *out) {
    *out = (tnn_input_spec){.name = NULL, .dtype = TNN_DTYPE_NONE, .rank = 0};
    char *equals = strchr(text, '=');
    const char *at = equals ? equals + 1 : text;
    if (equals == text) return refuse(option, text, "the name is empty");
    if (*at == '\0') return refuse(option, text, "the shape is missing");
    const char *wrong = read_dims(&at, out);
    if (wrong) return refuse(option, text, wrong);
    if (*at == ':') {
        out->dtype = tnn_dtype_from_name(at + 1);
        if (out->dtype == TNN_DTYPE_NONE) return refuse(option, text, "no such dtype");
    }
    if (equals) {
        *equals = '\0';
        out->name = text;
    }
    return true;
}
