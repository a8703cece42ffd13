#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model_args.h"
#include "sample_args.h"
#include "tinynn/run.h"
#include "tinynn/samples.h"

static const char help[] =
    "usage: tinynn run MODEL --inputs PATH -o OUT.npz [options]\n"
    "\n"
    "Run a model on inputs from files, and write its outputs. Of one sample the outputs have the\n"
    "model's shapes; several stand side by side along a new first dimension.\n"
    "\n"
    "  --inputs PATH       an .npz with an array each input, of its name; an .npy; a picture, or a\n"
    "                      folder of them. Arrays may hold several samples side by side\n"
    "  -o, --output FILE   where the outputs go, an array each, of its name\n"
    "  --reference         by the kernels that define the operators: slow\n"
    "  --threads N         threads inside of a run; 1 is the default\n"
    CLI_SAMPLE_USAGE
    CLI_MODEL_USAGE("refuse")
    "  -h, --help          this text\n";

enum { OPT_INPUTS = 1, OPT_OUTPUT, OPT_REFERENCE, OPT_THREADS };

static const cli_option options[] = {
    CLI_MODEL_OPTIONS,
    CLI_SAMPLE_OPTIONS,
    {OPT_INPUTS, 0, "inputs", true},
    {OPT_OUTPUT, 'o', "output", true},
    {OPT_REFERENCE, 0, "reference", false},
    {OPT_THREADS, 0, "threads", true},
};

typedef struct run_args {
    cli_model_args model;
    cli_sample_args samples;
    const char *inputs, *output;
    bool reference;
    tnn_runner_options runner;
} run_args;

/* What a run holds. */
typedef struct run_state {
    tnn_model *model;
    tnn_sample_set *samples;
    tnn_runner *runner;     /* NULL: by the reference kernels */
    tnn_named_array *items; /* an output each, of all samples */
    tnn_array *outputs;     /* of one sample, in the memory of `items` */
    size_t n_outputs;
} run_state;

static void free_state(run_state *s) {
    for (size_t i = 0; s->items != NULL && i < s->n_outputs; i++) free(s->items[i].array.data);
    free(s->items);
    free(s->outputs);
    tnn_runner_free(s->runner);
    tnn_sample_set_free(s->samples);
    tnn_model_free(s->model);
}

static cli_exit complain_memory(void) {
    cli_complain("out of memory");
    return CLI_NOMEM;
}

/* The bytes of an array of that shape; 0 where they overflow. */
static size_t bytes_of(const tnn_value_info *info) {
    size_t n = tnn_dtype_bytes(info->dtype);
    for (uint8_t d = 0; d < info->rank; d++) {
        size_t dim = (size_t)info->dims[d];
        if (dim != 0 && n > SIZE_MAX / dim) return 0;
        n *= dim;
    }
    return n;
}

/* Room for output `index` of `n_samples`; with several there is one dimension more. */
static cli_exit make_output(run_state *s, size_t index, size_t n_samples) {
    tnn_value_info info = tnn_model_output(s->model, index);
    tnn_array *all = &s->items[index].array;
    size_t bytes = bytes_of(&info);
    if (n_samples > 1 && info.rank == TINYNN_MAX_RANK) {
        cli_complain("output %s has %d dimensions, there is none left for the samples", info.name, info.rank);
        return CLI_UNSUPPORTED;
    }
    s->items[index].name = info.name;
    *all = s->outputs[index] = (tnn_array){.dtype = info.dtype, .rank = info.rank};
    memcpy(s->outputs[index].dims, info.dims, sizeof info.dims);
    all->rank = (uint8_t)(info.rank + (n_samples > 1));
    all->dims[0] = (int64_t)n_samples;
    memcpy(all->dims + (n_samples > 1), info.dims, info.rank * sizeof *info.dims);
    all->data = calloc(n_samples, bytes > 0 ? bytes : 1);
    return all->data != NULL ? CLI_OK : complain_memory();
}

static cli_exit make_outputs(run_state *s) {
    cli_exit code = CLI_OK;
    s->n_outputs = tnn_model_n_outputs(s->model);
    s->items = calloc(s->n_outputs + 1, sizeof *s->items);
    s->outputs = calloc(s->n_outputs + 1, sizeof *s->outputs);
    if (s->items == NULL || s->outputs == NULL) return complain_memory();
    size_t n_samples = (size_t)tnn_sample_set_count(s->samples);
    for (size_t i = 0; i < s->n_outputs && code == CLI_OK; i++) code = make_output(s, i, n_samples);
    return code;
}

static tnn_status run_sample(run_state *s, uint64_t sample, tnn_error *error) {
    const tnn_array *inputs = NULL;
    tnn_status status = tnn_sample_set_read(s->samples, sample, 0, &inputs, error);
    if (status != TNN_OK) return status;
    for (size_t i = 0; i < s->n_outputs; i++) {
        tnn_value_info info = tnn_model_output(s->model, i);
        s->outputs[i].data = (char *)s->items[i].array.data + sample * bytes_of(&info);
    }
    if (s->runner == NULL) return tnn_model_run(s->model, inputs, s->outputs, error);
    return tnn_runner_run(s->runner, inputs, s->outputs, error);
}

static cli_exit run_samples(run_state *s, const run_args *args) {
    tnn_error error;
    tnn_status status = args->reference ? TNN_OK : tnn_runner_new(&s->runner, s->model, &args->runner, &error);
    for (uint64_t i = 0; i < tnn_sample_set_count(s->samples) && status == TNN_OK; i++)
        status = run_sample(s, i, &error);
    if (status != TNN_OK) return cli_complain_error(&error, NULL, CLI_INPUT);
    status = tnn_arrays_save(args->output, s->items, s->n_outputs, &error);
    return status == TNN_OK ? CLI_OK : cli_complain_error(&error, NULL, CLI_OUTPUT);
}

static cli_exit open_files(run_state *s, const run_args *args) {
    tnn_sample_options samples = args->samples.options;
    tnn_lacks lacks = {0};
    tnn_error error;
    samples.strict = true; /* an output for each sample, or none */
    tnn_status status = tnn_model_load(&s->model, args->model.path, &args->model.load, &lacks, &error);
    if (status == TNN_OK) status = tnn_sample_set_open(&s->samples, args->inputs, s->model, &samples, &error);
    cli_exit code = status == TNN_OK ? CLI_OK : cli_complain_error(&error, &lacks, CLI_INPUT);
    tnn_lacks_free(&lacks);
    return code;
}

static cli_exit run(const run_args *args) {
    run_state s = {0};
    if (args->inputs == NULL || args->output == NULL) {
        cli_complain("%s is missing, `tinynn run --help` says how to use it", args->inputs == NULL ? "--inputs" : "-o");
        return CLI_USAGE;
    }
    cli_exit code = open_files(&s, args);
    if (code == CLI_OK) code = make_outputs(&s);
    if (code == CLI_OK) code = run_samples(&s, args);
    free_state(&s);
    return code;
}

static bool apply(void *own, int id, char *value) {
    run_args *args = own;
    if (cli_is_sample_option(id)) return cli_sample_args_apply(&args->samples, id, value);
    if (id == OPT_INPUTS) args->inputs = value;
    if (id == OPT_OUTPUT) args->output = value;
    if (id == OPT_REFERENCE) args->reference = true;
    return id != OPT_THREADS || cli_parse_threads(value, &args->runner.n_threads);
}

cli_exit cli_run(int argc, char **argv) {
    run_args args = {.model.load = tnn_load_options_default(),
                     .samples.options = tnn_sample_options_default(),
                     .runner = tnn_runner_options_default()};
    cli_exit code = cli_model_args_read(argc, argv, options, sizeof options / sizeof *options, apply, &args, &args.model);
    if (code == CLI_OK && args.model.help) {
        fputs(help, stdout);
        code = cli_finish_output(code);
    } else if (code == CLI_OK) {
        code = run(&args);
    }
    cli_model_args_free(&args.model);
    return code;
}
