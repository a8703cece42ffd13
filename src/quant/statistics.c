#include "quant/statistics.h"

#include <string.h>

tnn_status tnn_statistics_new(tnn_statistics **out, const char *origin, tnn_error *err) {
    tnn_arena *arena = tnn_arena_new();
    tnn_statistics *s = arena == NULL ? NULL : TNN_NEW(arena, tnn_statistics);
    const char *copy = s == NULL ? NULL : tnn_arena_str(arena, origin);
    *out = NULL;
    if (copy == NULL) {
        tnn_arena_free(arena);
        return tnn_fail_nomem(err);
    }
    s->arena = arena;
    s->origin = copy;
    tnn_strmap_init(&s->entries, arena);
    *out = s;
    return TNN_OK;
}

tnn_status tnn_statistics_add(tnn_statistics_entry **out, tnn_statistics *s, const char *name, uint8_t rank,
                              const int64_t *dims, tnn_error *err) {
    tnn_statistics_entry *entry = TNN_NEW(s->arena, tnn_statistics_entry);
    if (entry == NULL) return tnn_fail_nomem(err);
    if (tnn_strmap_find(&s->entries, name) != NULL)
        return tnn_fail(err, TNN_ERR_MALFORMED, s->origin, "has two values \"%s\"", name);
    if (tnn_strmap_set(&s->entries, name, entry) != TNN_OK) return tnn_fail_nomem(err);
    entry->name = tnn_strmap_find(&s->entries, name)->key;
    entry->rank = rank;
    memcpy(entry->dims, dims, rank * sizeof *dims);
    tnn_histogram_init(&entry->histogram);
    *out = entry;
    return TNN_OK;
}

/* ---- from and to a graph ---- */

static void dims_of(const tnn_value *value, int64_t *dims) {
    for (uint8_t d = 0; d < value->shape.rank; d++) dims[d] = value->shape.dims[d].hint;
}

static tnn_status take_value(tnn_statistics *s, const tnn_calibration *c, const tnn_value *value, tnn_error *err) {
    const tnn_calibrated *seen = value->id < c->plan->n_values ? c->values[value->id] : NULL;
    int64_t dims[TNN_MAX_RANK] = {0};
    tnn_statistics_entry *entry;
    if (seen == NULL) return TNN_OK;
    dims_of(value, dims);
    TNN_TRY(tnn_statistics_add(&entry, s, value->name, value->shape.rank, dims, err));
    entry->histogram = seen->histogram;
    return TNN_OK;
}

tnn_status tnn_statistics_take(tnn_statistics *s, const tnn_calibration *calibration, tnn_error *err) {
    const tnn_graph *graph = calibration->plan->graph;
    s->n_samples = calibration->n_samples;
    for (size_t i = 0; i < graph->n_inputs; i++) TNN_TRY(take_value(s, calibration, graph->inputs[i], err));
    for (const tnn_node *node = graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++) TNN_TRY(take_value(s, calibration, node->outputs[k], err));
    return TNN_OK;
}

static bool has_shape(const tnn_statistics_entry *entry, const tnn_value *value) {
    int64_t dims[TNN_MAX_RANK] = {0};
    dims_of(value, dims);
    return entry->rank == value->shape.rank && memcmp(dims, entry->dims, entry->rank * sizeof *dims) == 0;
}

static tnn_status give_value(tnn_calibration *out, const tnn_statistics *s, const tnn_value *value, tnn_error *err) {
    const tnn_statistics_entry *entry = tnn_strmap_get(&s->entries, value->name);
    if (entry == NULL)
        return tnn_fail(err, TNN_ERR_INVALID, value->name,
                        "has no statistics in %s: they are of another model, or of other options", s->origin);
    if (!has_shape(entry, value))
        return tnn_fail(err, TNN_ERR_INVALID, value->name, "has another shape in %s", s->origin);
    tnn_calibrated *seen = out->values[value->id] = TNN_NEW(out->arena, tnn_calibrated);
    if (seen == NULL) return tnn_fail_nomem(err);
    *seen = (tnn_calibrated){.histogram = entry->histogram, .lowest = entry->histogram.low, .infinite = SIZE_MAX};
    return TNN_OK;
}

tnn_status tnn_statistics_give(tnn_calibration *out, const tnn_statistics *s, const tnn_quant_plan *plan,
                               tnn_error *err) {
    TNN_TRY(tnn_calibration_init(out, plan, plan->arena, err));
    out->n_samples = s->n_samples;
    for (uint32_t k = 0; k < plan->n_classes; k++) {
        const tnn_quant_class *class = &plan->classes[k];
        for (uint32_t i = 0; !class->is_fixed && i < class->n_origins; i++)
            TNN_TRY(give_value(out, s, class->origins[i], err));
    }
    return TNN_OK;
}

/* ---- merging ---- */

/* The entry of `to` that `from` fits. */
static tnn_status partner(tnn_statistics_entry **out, const tnn_statistics *to, const tnn_statistics_entry *from,
                          const tnn_statistics *other, tnn_error *err) {
    *out = tnn_strmap_get(&to->entries, from->name);
    if (*out == NULL)
        return tnn_fail(err, TNN_ERR_INVALID, other->origin, "is of another model: %s has no value \"%s\"", to->origin,
                        from->name);
    if ((*out)->rank != from->rank || memcmp((*out)->dims, from->dims, from->rank * sizeof *from->dims) != 0)
        return tnn_fail(err, TNN_ERR_INVALID, other->origin, "is of another model: in %s \"%s\" has another shape",
                        to->origin, from->name);
    return TNN_OK;
}

tnn_status tnn_statistics_merge(tnn_statistics *to, const tnn_statistics *from, tnn_error *err) {
    tnn_statistics_entry *entry;
    if (to->entries.n_entries != from->entries.n_entries)
        return tnn_fail(err, TNN_ERR_INVALID, from->origin, "is of another model: %zu values, %s has %zu",
                        from->entries.n_entries, to->origin, to->entries.n_entries);
    for (size_t i = 0; i < from->entries.n_entries; i++)
        TNN_TRY(partner(&entry, to, from->entries.entries[i].value, from, err));
    for (size_t i = 0; i < from->entries.n_entries; i++) {
        const tnn_statistics_entry *other = from->entries.entries[i].value;
        TNN_TRY(partner(&entry, to, other, from, err));
        tnn_histogram_merge(&entry->histogram, &other->histogram);
    }
    to->n_samples += from->n_samples;
    return TNN_OK;
}

/* ---- looking ---- */

void tnn_statistics_free(tnn_statistics *s) {
    if (s != NULL) tnn_arena_free(s->arena);
}

uint64_t tnn_statistics_n_samples(const tnn_statistics *s) { return s->n_samples; }
uint64_t tnn_statistics_n_values(const tnn_statistics *s) { return s->entries.n_entries; }

tnn_value_statistics tnn_statistics_value(const tnn_statistics *s, uint64_t index) {
    const tnn_statistics_entry *entry = s->entries.entries[index].value;
    const tnn_histogram *h = &entry->histogram;
    tnn_value_statistics out = {.name = entry->name, .rank = entry->rank, .n_numbers = h->n};
    memcpy(out.dims, entry->dims, sizeof out.dims);
    if (h->n == 0) return out;
    double n = (double)h->n_samples;
    out.low = (double)h->low;
    out.high = (double)h->high;
    out.mean = tnn_histogram_mean(h);
    out.mean_low = tnn_exact_sum_value(&h->lows) / n;
    out.mean_high = tnn_exact_sum_value(&h->highs) / n;
    return out;
}
