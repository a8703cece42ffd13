#include "sample_args.h"

#include <stdlib.h>

#include "command.h"

#define MAX_SIDE 65535

bool cli_is_sample_option(int id) { return id >= CLI_SAMPLE_RESIZE && id < CLI_SAMPLE_END; }

/* Digits at `text`, 1 to `most`; what follows them is `*rest`. */
static bool read_count(const char *text, unsigned long long most, unsigned long long *out, char **rest) {
    *out = strtoull(text, rest, 10);
    return *text >= '0' && *text <= '9' && *out >= 1 && *out <= most;
}

static bool complain(const char *option, const char *value, const char *expected) {
    cli_complain("%s is \"%s\", expected %s", option, value, expected);
    return false;
}

/* N, or HxW. */
static bool read_resize(tnn_sample_options *out, const char *value) {
    unsigned long long height = 0, width = 0;
    char *rest;
    bool fine = read_count(value, MAX_SIDE, &height, &rest);
    if (fine && *rest == 'x') fine = read_count(rest + 1, MAX_SIDE, &width, &rest);
    if (!fine || *rest != '\0') return complain("--resize", value, "pixels, 256 or 224x320 (height first)");
    out->resize_height = (uint32_t)height;
    out->resize_width = (uint32_t)width;
    return true;
}

static bool read_crop(tnn_sample_options *out, const char *value) {
    unsigned long long side = 0;
    char *rest;
    if (!read_count(value, MAX_SIDE, &side, &rest) || *rest != '\0') return complain("--crop", value, "pixels, 224");
    out->crop = (uint32_t)side;
    return true;
}

static bool read_max(tnn_sample_options *out, const char *value) {
    unsigned long long n = 0;
    char *rest;
    bool fine = read_count(value, UINT64_MAX, &n, &rest) && *rest == '\0';
    if (!fine) return complain("--max-samples", value, "a number, 128");
    out->max_samples = n;
    return true;
}

static bool read_white(tnn_sample_options *out, const char *value) {
    char *rest;
    out->white = strtod(value, &rest);
    return rest != value && *rest == '\0' ? true : complain("--white", value, "1 or 255");
}

/* One number or three, with commas between. */
static bool read_numbers(const char *option, const char *value, double *numbers, size_t *n) {
    const char *at = value;
    for (*n = 0; *n < 3; at++) {
        char *rest;
        numbers[(*n)++] = strtod(at, &rest);
        if (rest == at) break;
        if (*rest == '\0' && *n != 2) return true;
        if (*rest != ',') break;
        at = rest;
    }
    return complain(option, value, "a number, or three with commas between");
}

bool cli_sample_args_apply(cli_sample_args *args, int id, const char *value) {
    tnn_sample_options *o = &args->options;
    switch (id) {
    case CLI_SAMPLE_RESIZE: return read_resize(o, value);
    case CLI_SAMPLE_CROP: return read_crop(o, value);
    case CLI_SAMPLE_WHITE: return read_white(o, value);
    case CLI_SAMPLE_MAX: return read_max(o, value);
    case CLI_SAMPLE_MEAN: o->mean = args->mean; return read_numbers("--mean", value, args->mean, &o->n_mean);
    case CLI_SAMPLE_STD: o->std = args->std; return read_numbers("--std", value, args->std, &o->n_std);
    case CLI_SAMPLE_BGR: o->bgr = true; return true;
    default: o->channels_last = true; return true;
    }
}
