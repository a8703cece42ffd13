#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert_args.h"
#include "tinynn/compare.h"
#include "tinynn/samples.h"

static const char help[] =
    "usage: tinynn compare MODEL FILE.tflite (--inputs PATH | --random N) [options]\n"
    "\n"
    "Run a .tflite file and the model that it was made from, and say how far they are from each\n"
    "other. The exit code is 1 when an output departs by more than the tolerance.\n"
    "\n"
    "  --inputs PATH       an .npz with an array each input, of its name; an .npy; a picture, or a\n"
    "                      folder of them. Arrays may hold several samples side by side\n"
    "  --random N          N samples of normally distributed numbers; integers are 0 or 1\n"
    "  --tensors           also the tensors in between that have a name in the model; slow\n"
    "  --tolerance X       the part of its range by which a tensor may differ; 1e-4 is the default\n"
    "  --layout LAYOUT     nhwc (default) or nchw, as the file was converted\n"
    "  --json              print the result as JSON\n"
    CLI_MODEL_USAGE("refuse")
    "  -h, --help          this text\n";

enum { OPT_INPUTS = 1, OPT_RANDOM, OPT_TENSORS, OPT_TOLERANCE, OPT_LAYOUT, OPT_JSON };

static const cli_option options[] = {
    CLI_MODEL_OPTIONS,
    {OPT_INPUTS, 0, "inputs", true},
    {OPT_RANDOM, 0, "random", true},
    {OPT_TENSORS, 0, "tensors", false},
    {OPT_TOLERANCE, 0, "tolerance", true},
    {OPT_LAYOUT, 0, "layout", true},
    {OPT_JSON, 0, "json", false},
};

typedef struct compare_args {
    cli_model_args model;
    const char *tflite, *inputs;
    long n_random;
    tnn_compare_options compare;
    bool json;
} compare_args;

/* ---- samples ---- */

/* Uniform in (0, 1); the same on every machine. */
static double next_uniform(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return ((double)(*state >> 11) + 0.5) * 0x1p-53;
}

static void fill_random(tnn_array *array, uint64_t *state) {
    size_t n = 1;
    for (uint8_t k = 0; k < array->rank; k++) n *= (size_t)array->dims[k];
    for (size_t i = 0; i < n; i++) {
        double normal = sqrt(-2 * log(next_uniform(state))) * cos(6.283185307179586 * next_uniform(state));
        if (array->dtype == TNN_DTYPE_F32) ((float *)array->data)[i] = (float)normal;
        else if (array->dtype == TNN_DTYPE_F64) ((double *)array->data)[i] = normal;
        else if (array->dtype == TNN_DTYPE_I32) ((int32_t *)array->data)[i] = normal > 0;
        else if (array->dtype == TNN_DTYPE_I64) ((int64_t *)array->data)[i] = normal > 0;
        else if (tnn_dtype_bytes(array->dtype) == 1) ((unsigned char *)array->data)[i] = normal > 0;
    }
}

/* Zeroed memory for the model's inputs; types that fill_random does not know stay zeros. NULL: memory ran out. */
static tnn_array *new_inputs(const tnn_model *model) {
    size_t n = tnn_model_n_inputs(model);
    tnn_array *arrays = calloc(n + 1, sizeof *arrays);
    for (size_t i = 0; i < n && arrays != NULL; i++) {
        tnn_value_info info = tnn_model_input(model, i);
        size_t n_elems = 1;
        arrays[i] = (tnn_array){.dtype = info.dtype, .rank = info.rank};
        for (uint8_t k = 0; k < info.rank; k++) n_elems *= (size_t)(arrays[i].dims[k] = info.dims[k]);
        arrays[i].data = calloc(n_elems + 1, tnn_dtype_bytes(info.dtype));
    }
    return arrays;
}

static void free_inputs(tnn_array *arrays, size_t n) {
    for (size_t i = 0; arrays != NULL && i < n; i++) free(arrays[i].data);
    free(arrays);
}

static tnn_status add_random(tnn_comparison *comparison, const tnn_model *model, long n_samples, tnn_error *err) {
    size_t n = tnn_model_n_inputs(model);
    tnn_array *inputs = new_inputs(model);
    tnn_status status = TNN_OK;
    uint64_t state = 1;
    for (size_t i = 0; i < n && status == TNN_OK; i++)
        if (inputs == NULL || inputs[i].data == NULL) status = TNN_ERR_NOMEM;
    if (status == TNN_ERR_NOMEM) *err = (tnn_error){.code = status, .position = TNN_NO_POSITION, .message = "out of memory"};
    for (long s = 0; s < n_samples && status == TNN_OK; s++) {
        for (size_t i = 0; i < n; i++) fill_random(&inputs[i], &state);
        status = tnn_comparison_add(comparison, inputs, err);
    }
    free_inputs(inputs, n);
    return status;
}

static tnn_status add_files(tnn_comparison *comparison, const tnn_model *model, const char *path, tnn_error *err) {
    tnn_sample_set *samples;
    tnn_status status = tnn_sample_set_open(&samples, path, model, NULL, err);
    for (uint64_t i = 0; status == TNN_OK && i < tnn_sample_set_count(samples); i++) {
        const tnn_array *inputs = NULL;
        status = tnn_sample_set_read(samples, i, 0, &inputs, err);
        if (status == TNN_OK && inputs == NULL) cli_complain("%s", tnn_sample_set_warning(samples, i));
        if (status == TNN_OK && inputs != NULL) status = tnn_comparison_add(comparison, inputs, err);
    }
    tnn_sample_set_free(samples);
    return status;
}

/* ---- results ---- */

/* A number of JSON, which has no infinity. */
static void print_number(const char *name, double value) {
    if (isfinite(value)) printf(", \"%s\": %.9g", name, value);
    else printf(", \"%s\": null", name);
}

static void print_text(const char *text) {
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') putchar('\\');
        if ((unsigned char)*text < 0x20) printf("\\u%04x", (unsigned)*text);
        else putchar(*text);
    }
    putchar('"');
}

static void print_json(const tnn_comparison *comparison, bool ok) {
    printf("{\"ok\": %s, \"differences\": [", ok ? "true" : "false");
    for (size_t i = 0; i < tnn_comparison_count(comparison); i++) {
        tnn_difference d = tnn_comparison_at(comparison, i);
        printf("%s\n  {\"name\": ", i > 0 ? "," : "");
        print_text(d.name);
        printf(", \"dtype\": \"%s\", \"output\": %s, \"departs\": %s", tnn_dtype_name(d.dtype),
               d.is_output ? "true" : "false", d.departs ? "true" : "false");
        print_number("max_error", d.max_error);
        print_number("relative", d.relative);
        print_number("snr", d.snr);
        print_number("cosine", d.cosine);
        printf("}");
    }
    printf("]}\n");
}

static void print_table(const tnn_comparison *comparison) {
    const char *first = NULL;
    printf("%-8s %-40s %-8s %12s %12s %10s %12s\n", "", "tensor", "type", "error", "of range", "SNR, dB", "cosine");
    for (size_t i = 0; i < tnn_comparison_count(comparison); i++) {
        tnn_difference d = tnn_comparison_at(comparison, i);
        printf("%-8s %-40s %-8s %12.3g %12.3g %10.4g %12.9f\n", d.departs ? "departs" : d.is_output ? "output" : "", d.name,
               tnn_dtype_name(d.dtype), d.max_error, d.relative, d.snr, d.cosine);
        if (d.departs && !d.is_output && first == NULL) first = d.name;
    }
    if (first != NULL) printf("the first tensor that departs is %s\n", first);
}

static bool outputs_agree(const tnn_comparison *comparison) {
    for (size_t i = 0; i < tnn_comparison_count(comparison); i++) {
        tnn_difference d = tnn_comparison_at(comparison, i);
        if (d.is_output && d.departs) return false;
    }
    return true;
}

/* ---- the command ---- */

static cli_exit compare(const compare_args *args) {
    tnn_model *model = NULL;
    tnn_comparison *comparison = NULL;
    tnn_lacks lacks = {0};
    tnn_error error;
    cli_exit code = CLI_OK;
    tnn_status status = tnn_model_load(&model, args->model.path, &args->model.load, &lacks, &error);
    if (status == TNN_OK) status = tnn_comparison_new(&comparison, model, args->tflite, &args->compare, &error);
    if (status == TNN_OK && args->inputs != NULL) status = add_files(comparison, model, args->inputs, &error);
    else if (status == TNN_OK) status = add_random(comparison, model, args->n_random, &error);
    if (status == TNN_OK) {
        bool ok = outputs_agree(comparison);
        if (args->json) print_json(comparison, ok);
        else print_table(comparison);
        code = ok ? CLI_OK : CLI_USAGE;
    } else {
        code = cli_complain_error(&error, &lacks, CLI_INPUT);
    }
    tnn_lacks_free(&lacks);
    tnn_comparison_free(comparison);
    tnn_model_free(model);
    return code == CLI_USAGE ? code : cli_finish_output(code);
}

static bool parse_positive(const char *option, const char *text, double most, double *out) {
    char *end;
    *out = strtod(text, &end);
    if (*end == '\0' && end != text && *out > 0 && *out <= most) return true;
    cli_complain("%s takes a number above 0, found \"%s\"", option, text);
    return false;
}

static bool apply(void *own, int id, char *value) {
    compare_args *args = own;
    double number;
    switch (id) {
    case OPT_INPUTS: args->inputs = value; return true;
    case OPT_RANDOM:
        if (!parse_positive("--random", value, 1e6, &number)) return false;
        args->n_random = (long)ceil(number);
        return true;
    case OPT_TENSORS: args->compare.tensors = true; return true;
    case OPT_TOLERANCE: return parse_positive("--tolerance", value, 1e9, &args->compare.tolerance);
    case OPT_LAYOUT: return cli_parse_layout(value, &args->compare.layout);
    default: args->json = true; return true;
    }
}

/* MODEL and FILE.tflite, and where the samples come from. */
static cli_exit check(const compare_args *args) {
    if (args->tflite == NULL) cli_complain("compare needs a .tflite file: tinynn compare MODEL FILE.tflite");
    else if ((args->inputs == NULL) == (args->n_random == 0)) cli_complain("compare needs one of --inputs and --random");
    else return CLI_OK;
    return CLI_USAGE;
}

cli_exit cli_compare(int argc, char **argv) {
    compare_args args = {.model.load = tnn_load_options_default(), .compare = tnn_compare_options_default()};
    args.model.second = &args.tflite;
    cli_exit code = cli_model_args_read(argc, argv, options, sizeof options / sizeof *options, apply, &args, &args.model);
    if (code == CLI_OK && args.model.help) {
        fputs(help, stdout);
        code = cli_finish_output(code);
    } else if (code == CLI_OK) {
        code = check(&args);
        if (code == CLI_OK) code = compare(&args);
    }
    cli_model_args_free(&args.model);
    return code;
}
