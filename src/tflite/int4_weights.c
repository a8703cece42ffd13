#include "tflite/int4_weights.h"

#include "ir/recipe.h"
#include "ir/value_quant.h"
#include "ops/row.h"
#include "tflite/int8_rules.h"

bool tnn_int4_takes(const tnn_node *node) {
    const tnn_int8_rule *rule = tnn_int8_rule_of(node);
    return node->wants_int4 && rule != NULL && rule->takes_int4;
}

static const tnn_value *weights_of(const tnn_node *node) {
    const tnn_int8_rule *rule = tnn_int8_rule_of(node);
    const tnn_value *weights = rule != NULL && rule->kind == TNN_INT8_WEIGHTS ? tnn_node_operand(node, rule->weights) : NULL;
    return weights != NULL && weights->constant != NULL && weights->quant != NULL ? weights : NULL;
}

static tnn_status count_node(tnn_int4_stats *stats, const tnn_node *node, tnn_error *err) {
    const tnn_value *weights = weights_of(node);
    if (weights == NULL) return TNN_OK;
    if (!weights->quant->is_int4)
        return node->wants_int4 ? tnn_int4_note(stats, node->outputs[0]->name, node->op->name, "has no such kernel", err) : TNN_OK;
    stats->n_operators++;
    if (weights->users[0] == node) stats->n_bytes += ((uint64_t)tnn_recipe_count(weights->constant) + 1) / 2;
    return TNN_OK;
}

tnn_status tnn_int4_count(tnn_int4_stats *stats, const tnn_graph *graph, tnn_error *err) {
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) TNN_TRY(count_node(stats, node, err));
    return TNN_OK;
}
