/* tnn_statistics: collecting them from a model, and asking them for ranges. */
#include "quant/statistics.h"

#include "api/range_method.h"
#include "api/sample_feed.h"
#include "api/stages.h"
#include "quant/masks.h"
#include "quant/products.h"

tnn_collect_options tnn_collect_options_default(void) { return (tnn_collect_options){.n_threads = 1}; }

static tnn_status collect(tnn_statistics *s, tnn_graph *graph, tnn_sample_feed *feed, tnn_error *err) {
    tnn_quant_plan plan;
    tnn_calibration calibration;
    bool changed;
    TNN_TRY(tnn_sample_feed_start(feed, graph, err));
    TNN_TRY(tnn_quant_products(graph, err));
    TNN_TRY(tnn_quant_plan_make(&plan, graph, NULL, NULL, err));
    TNN_TRY(tnn_sample_feed_calibrate(&calibration, &plan, feed, true, err));
    TNN_TRY(tnn_quant_masks(&plan, &calibration, &changed, err));
    if (changed)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, s->origin,
                        "has masks or infinite values, which change the network: quantize it by samples");
    return tnn_statistics_take(s, &calibration, err);
}

tnn_status tnn_statistics_collect(tnn_statistics **out, const tnn_model *model, const tnn_sample_reader *samples,
                                  const tnn_convert_options *convert, const tnn_collect_options *options,
                                  tnn_error *err) {
    tnn_collect_options chosen = options == NULL ? tnn_collect_options_default() : *options;
    tnn_convert_options converting = convert == NULL ? tnn_convert_options_default() : *convert;
    tnn_sample_feed feed = {.graph = model->graphs[0], .reader = samples, .n_threads = chosen.n_threads,
                            .progress = chosen.progress, .progress_context = chosen.progress_context};
    tnn_model *work = NULL;
    *out = NULL;
    TNN_TRY(tnn_sample_feed_check(&feed, model->path, err));
    TNN_TRY(tnn_statistics_new(out, model->path, err));
    tnn_status status = tnn_convert_prepare(&work, model, &converting, err);
    if (status == TNN_OK) status = collect(*out, work->graphs[0], &feed, err);
    tnn_graph_model_free(work);
    if (status == TNN_OK) return TNN_OK;
    tnn_statistics_free(*out);
    *out = NULL;
    return status;
}

void tnn_statistics_range(const tnn_statistics *statistics, uint64_t index, tnn_calibration_method method,
                          double percentile, double *low, double *high) {
    const tnn_statistics_entry *entry = statistics->entries.entries[index].value;
    tnn_range range = tnn_range_choose(&entry->histogram, tnn_range_method_of(method), 1 - percentile / 100);
    *low = range.low;
    *high = range.high;
}
