#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "convert_args.h"
#include "input_stats.h"
#include "loss_tables.h"
#include "progress_bar.h"
#include "range_args.h"
#include "sample_args.h"
#include "sampled_model.h"
#include "text_file.h"
#include "tinynn/quantize.h"

static const char help[] =
    "usage: tinynn quantize MODEL --samples PATH -o OUT.tflite [options]\n"
    "       tinynn quantize MODEL --write-config FILE.yaml\n"
    "\n"
    "Convert a float model to 8-bit integers: ranges are taken from samples, weights have a scale an\n"
    "output channel. Operators without an integer kernel stay float.\n"
    "\n"
    "  --samples PATH      a folder of pictures, a picture, an .npy, or an .npz with an array each\n"
    "                      input; arrays hold several samples side by side\n"
    "  --stats FILE        ranges are taken from what tinynn calibrate has written; samples are used,\n"
    "                      if there are any, for what needs them, and channels are not equalized\n"
    "  -o, --output FILE   the file to write; it appears whole or not at all\n"
    "  --algorithm NAME    how ranges are chosen: l2 (default, least mean square error), minmax,\n"
    "                      average (means of the samples' extremes), percentile, kl\n"
    "  --percentile P      of percentile: keep P percent of the numbers; 99.99 is the default\n"
    "  --io TYPE           of real inputs and outputs: float32 (default), int8 or uint8\n"
    "  --input-stats [NAME=]M,S  the input takes bytes as they are, (byte - M) / S; for each channel:\n"
    "                      M,M,M,S,S,S. Without NAME it is the next input. May be repeated\n"
    "  --per-tensor        one scale for all weights of a layer\n"
    "  --no-equalization   channels of different ranges are not scaled alike\n"
    "  --no-range-search   of l2: ranges with long tails are not tried at the network's outputs\n"
    "  --no-bias-correction  biases do not take back what rounding the weights does to means\n"
    "  --analytic-bias     biases do so by the statistics of batch norms, not by the samples\n"
    "  --absorb-bias       what channels behind a ReLU never fall below moves into the next layers\n"
    "  --adaround          weights are rounded up or down as suits what they are multiplied with\n"
    "  --concat MODE       of concatenations whose parts differ much in range, as boxes and scores:\n"
    "                      keep (default, with a warning), split (the parts become outputs) or float\n"
    "  --config FILE       which operators stay float: YAML, see docs/mixed-precision.md\n"
    "  --write-config FILE write such a file, of every operator, and nothing else\n"
    "  --auto-exclude DB   operators stay float, the costliest first, until the outputs' signal is so\n"
    "                      many dB above their noise\n"
    "  --analyze           print what each operator loses\n"
    "  --analysis FILE     write that as a page of HTML\n"
    "  --threads N         samples at a time; 1 is the default\n"
    "  --layout LAYOUT     nhwc (default) or nchw, as of tinynn convert\n"
    "  --report FILE       write what was done, as JSON\n"
    "  -q, --quiet         print nothing unless there is an error\n"
    CLI_WEIGHT_USAGE
    CLI_SAMPLE_USAGE
    CLI_MODEL_USAGE("refuse")
    "  -h, --help          this text\n";

enum {
    OPT_SAMPLES = 1, OPT_STATS, OPT_OUTPUT, OPT_ALGORITHM, OPT_PERCENTILE, OPT_IO, OPT_INPUT_STATS, OPT_PER_TENSOR,
    OPT_NO_EQUALIZATION, OPT_NO_RANGE_SEARCH, OPT_NO_BIAS_CORRECTION, OPT_ANALYTIC_BIAS, OPT_ABSORB_BIAS, OPT_ADAROUND,
    OPT_CONCAT, OPT_CONFIG, OPT_WRITE_CONFIG, OPT_AUTO_EXCLUDE, OPT_ANALYZE, OPT_ANALYSIS, OPT_THREADS,
    OPT_LAYOUT, OPT_REPORT, OPT_QUIET
};

static const cli_option options[] = {
    CLI_MODEL_OPTIONS,
    CLI_SAMPLE_OPTIONS,
    CLI_WEIGHT_OPTIONS,
    {OPT_SAMPLES, 0, "samples", true},
    {OPT_STATS, 0, "stats", true},
    {OPT_OUTPUT, 'o', "output", true},
    {OPT_ALGORITHM, 0, "algorithm", true},
    {OPT_PERCENTILE, 0, "percentile", true},
    {OPT_IO, 0, "io", true},
    {OPT_INPUT_STATS, 0, "input-stats", true},
    {OPT_PER_TENSOR, 0, "per-tensor", false},
    {OPT_NO_EQUALIZATION, 0, "no-equalization", false},
    {OPT_NO_RANGE_SEARCH, 0, "no-range-search", false},
    {OPT_NO_BIAS_CORRECTION, 0, "no-bias-correction", false},
    {OPT_ANALYTIC_BIAS, 0, "analytic-bias", false},
    {OPT_ABSORB_BIAS, 0, "absorb-bias", false},
    {OPT_ADAROUND, 0, "adaround", false},
    {OPT_CONCAT, 0, "concat", true},
    {OPT_CONFIG, 0, "config", true},
    {OPT_WRITE_CONFIG, 0, "write-config", true},
    {OPT_AUTO_EXCLUDE, 0, "auto-exclude", true},
    {OPT_ANALYZE, 0, "analyze", false},
    {OPT_ANALYSIS, 0, "analysis", true},
    {OPT_THREADS, 0, "threads", true},
    {OPT_LAYOUT, 0, "layout", true},
    {OPT_REPORT, 0, "report", true},
    {OPT_QUIET, 'q', "quiet", false},
};

typedef struct quantize_args {
    cli_model_args model;
    cli_sample_args samples;
    const char *source, *statistics, *output, *report, *config, *written_config, *analysis;
    tnn_convert_options convert;
    tnn_quantize_options quantize;
    cli_input_stats input_stats;
    cli_weight_args weights;
    bool prints_losses, quiet;
} quantize_args;

/* ---- options ---- */

static bool parse_concat(const char *text, tnn_concat_mode *out) {
    static const char *const names[] = {
        [TNN_CONCAT_KEEP] = "keep", [TNN_CONCAT_SPLIT] = "split", [TNN_CONCAT_FLOAT] = "float"};
    int chosen = cli_parse_choice("--concat", text, names, sizeof names / sizeof *names);
    if (chosen >= 0) *out = (tnn_concat_mode)chosen;
    return chosen >= 0;
}

static bool parse_io(const char *text, tnn_dtype *out) {
    *out = tnn_dtype_from_name(text);
    if (*out == TNN_DTYPE_F32 || *out == TNN_DTYPE_I8 || *out == TNN_DTYPE_U8) return true;
    cli_complain("--io is \"%s\", expected float32, int8 or uint8", text);
    return false;
}

static bool parse_budget(const char *text, double *out) {
    char *end;
    *out = strtod(text, &end);
    if (*text != '\0' && *end == '\0' && *out >= 1 && *out <= 200) return true;
    cli_complain("--auto-exclude is \"%s\", expected dB from 1 to 200", text);
    return false;
}

static bool apply(void *own, int id, char *value) {
    quantize_args *args = own;
    if (cli_is_weight_option(id)) return cli_weight_args_apply(&args->weights, &args->convert.int4, id, value);
    if (cli_is_sample_option(id)) return cli_sample_args_apply(&args->samples, id, value);
    switch (id) {
    case OPT_SAMPLES: args->source = value; break;
    case OPT_STATS: args->statistics = value; break;
    case OPT_OUTPUT: args->output = value; break;
    case OPT_ALGORITHM: return cli_parse_algorithm(value, &args->quantize.method);
    case OPT_PERCENTILE: return cli_parse_percentile(value, &args->quantize.percentile);
    case OPT_IO: return parse_io(value, &args->quantize.io);
    case OPT_INPUT_STATS: return cli_parse_input_stats(value, &args->input_stats);
    case OPT_PER_TENSOR: args->quantize.per_tensor = true; break;
    case OPT_NO_EQUALIZATION: args->quantize.no_equalization = true; break;
    case OPT_NO_RANGE_SEARCH: args->quantize.no_range_search = true; break;
    case OPT_NO_BIAS_CORRECTION: args->quantize.no_bias_correction = true; break;
    case OPT_ANALYTIC_BIAS: args->quantize.analytic_bias = true; break;
    case OPT_ABSORB_BIAS: args->quantize.absorb_bias = true; break;
    case OPT_ADAROUND: args->quantize.adaround = true; break;
    case OPT_CONCAT: return parse_concat(value, &args->quantize.concat);
    case OPT_CONFIG: args->config = value; break;
    case OPT_WRITE_CONFIG: args->written_config = value; break;
    case OPT_AUTO_EXCLUDE:
        args->prints_losses = true;
        return parse_budget(value, &args->quantize.auto_exclude);
    case OPT_ANALYZE: args->prints_losses = args->quantize.analyze = true; break;
    case OPT_ANALYSIS:
        args->analysis = value;
        args->quantize.analyze = true;
        break;
    case OPT_THREADS: return cli_parse_threads(value, &args->quantize.n_threads);
    case OPT_LAYOUT: return cli_parse_layout(value, &args->convert.layout);
    case OPT_REPORT: args->report = value; break;
    case OPT_QUIET: args->quiet = true; break;
    }
    return true;
}

/* ---- the work ---- */

static cli_exit read_statistics(const char *path, tnn_statistics **out) {
    tnn_error error;
    if (!path || tnn_statistics_load(out, path, &error) == TNN_OK) return CLI_OK;
    return cli_complain_error(&error, NULL, CLI_INPUT);
}

static cli_exit write_out(const quantize_args *args, const cli_sampled_model *from, const tnn_statistics *statistics,
                          tnn_report **report) {
    tnn_precision *precision = NULL;
    tnn_quantize_options quantizing = args->quantize;
    tnn_lacks lacks = {0};
    tnn_error error;
    cli_exit code = CLI_OK;
    if (args->config && tnn_precision_read(&precision, args->config, &error) != TNN_OK)
        return cli_complain_error(&error, NULL, CLI_INPUT);
    cli_progress_bar bar = cli_progress_bar_start(args->quiet);
    quantizing.precision = precision;
    quantizing.statistics = statistics;
    quantizing.input_stats = args->input_stats.items;
    quantizing.n_input_stats = args->input_stats.n;
    quantizing.progress = cli_progress_bar_tell;
    quantizing.progress_context = &bar;
    tnn_status status = tnn_model_quantize(from->model, args->output, from->samples ? &from->reader : NULL, &args->convert,
                                           &quantizing, report, &lacks, &error);
    cli_progress_bar_end(&bar);
    if (status != TNN_OK) code = cli_complain_error(&error, &lacks, CLI_OUTPUT);
    tnn_lacks_free(&lacks);
    tnn_precision_free(precision);
    return code;
}

static cli_exit write_config(const quantize_args *args) {
    cli_text_file file = {0};
    tnn_model *model = NULL;
    tnn_lacks lacks = {0};
    tnn_error error;
    char *text = NULL;
    tnn_status status = tnn_model_load(&model, args->model.path, &args->model.load, &lacks, &error);
    if (status == TNN_OK) status = tnn_model_precision_text(model, &args->convert, &text, &lacks, &error);
    cli_exit code = status == TNN_OK ? CLI_OK : cli_complain_error(&error, &lacks, CLI_INPUT);
    bool written = code == CLI_OK && cli_text_file_open(&file, args->written_config) && cli_text_file_commit(&file, text);
    if (code == CLI_OK && !written) code = CLI_OUTPUT;
    tnn_text_free(text);
    tnn_lacks_free(&lacks);
    tnn_model_free(model);
    return code;
}

static void print_summary(const quantize_args *args, const tnn_sample_set *samples, const tnn_report *report) {
    cli_print_skipped(samples);
    printf("%s: %" PRIu64 " operators, %.2f MB, calibrated on %" PRIu64 " samples\n", args->output,
           tnn_report_n_operators(report), (double)tnn_report_file_bytes(report) / 1e6, tnn_report_n_samples(report));
    for (uint64_t i = 0; i < tnn_report_n_warnings(report); i++) printf("  warning: %s\n", tnn_report_warning(report, i));
    for (uint64_t i = 0; i < tnn_report_n_steps(report); i++) printf("  %s\n", tnn_report_step(report, i));
    for (uint64_t i = 0; i < tnn_report_n_left_out(report); i++) printf("  left out: %s\n", tnn_report_left_out(report, i));
}

/* Files beside the .tflite: opened before the work, which would be lost otherwise. */
typedef struct side_files {
    cli_text_file report, analysis;
} side_files;

static bool open_sides(const quantize_args *args, side_files *files) {
    return (!args->report || cli_text_file_open(&files->report, args->report)) &&
           (!args->analysis || cli_text_file_open(&files->analysis, args->analysis));
}

static bool commit_sides(const quantize_args *args, side_files *files, const tnn_report *report) {
    return (!args->report || cli_text_file_commit(&files->report, tnn_report_json(report))) &&
           (!args->analysis || cli_text_file_commit(&files->analysis, tnn_report_analysis_page(report)));
}

static cli_exit quantize(const quantize_args *args) {
    cli_sampled_model from;
    tnn_statistics *statistics = NULL;
    tnn_report *report = NULL;
    side_files files = {0};
    bool has_ranges = args->source || args->statistics;
    if (!has_ranges || !args->output) {
        cli_complain("%s is missing, `tinynn quantize --help` says how to use it",
                     has_ranges ? "-o" : "--samples or --stats");
        return CLI_USAGE;
    }
    cli_exit code = cli_sampled_model_open(&from, &args->model, args->source, &args->samples.options, args->quantize.n_threads);
    if (code == CLI_OK) code = read_statistics(args->statistics, &statistics);
    if (code == CLI_OK && !open_sides(args, &files)) code = CLI_OUTPUT;
    if (code == CLI_OK) code = write_out(args, &from, statistics, &report);
    if (code == CLI_OK && !commit_sides(args, &files, report)) code = CLI_OUTPUT;
    if (code == CLI_OK && args->prints_losses && !args->quiet) code = cli_print_losses(tnn_report_json(report));
    if (code == CLI_OK && !args->quiet) print_summary(args, from.samples, report);
    cli_text_file_discard(&files.report);
    cli_text_file_discard(&files.analysis);
    tnn_report_free(report);
    tnn_statistics_free(statistics);
    cli_sampled_model_close(&from);
    return cli_finish_output(code);
}

cli_exit cli_quantize(int argc, char **argv) {
    quantize_args args = {.model.load = tnn_load_options_default(), .samples.options = tnn_sample_options_default(),
                          .convert = tnn_convert_options_default(), .quantize = tnn_quantize_options_default()};
    cli_exit code = cli_model_args_read(argc, argv, options, sizeof options / sizeof *options, apply, &args, &args.model);
    if (code == CLI_OK && args.model.help) {
        fputs(help, stdout);
        code = cli_finish_output(code);
    } else if (code == CLI_OK) {
        code = args.written_config ? write_config(&args) : quantize(&args);
    }
    cli_model_args_free(&args.model);
    return code;
}
