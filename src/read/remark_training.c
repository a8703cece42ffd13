/* Operators that were saved in training mode. They are evaluated as saved, which is hardly ever what a device needs. */
#include <string.h>

#include "read/remark.h"

typedef struct training_kind {
    const char *op;
    const char *argument; /* in training it is true, or neither 0 nor 1 */
    const char *needs;    /* an argument without which the operator has no other mode; or NULL */
    const char *text;
    bool is_random;
} training_kind;

static const char of_batch[] =
    "it normalizes by the statistics of each batch, and its running statistics are neither used nor updated";

static const training_kind kinds[] = {
    {"dropout", "train", NULL, "its random result is converted as identity, as in evaluation mode", true},
    {"bernoulli", "p", NULL, "its random result is converted as its expected value", true},
    {"batch_norm", "training", "running_mean", of_batch, false},
    {"instance_norm", "use_input_stats", "running_mean", of_batch, false},
    {"scaled_dot_product_attention", "dropout_p", NULL,
     "the weights that it drops at random are all kept, which gives its expected value", true},
};

enum { N_KINDS = sizeof kinds / sizeof *kinds };

typedef struct training_use {
    const tnn_node *first;
    uint64_t n;
} training_use;

static bool trains(const tnn_node *node, const training_kind *kind) {
    if (strcmp(node->op->name, kind->op) != 0) return false;
    if (kind->needs != NULL && tnn_arg_tensor(tnn_node_arg(node, kind->needs)) == NULL) return false;
    const tnn_arg *argument = tnn_node_arg(node, kind->argument);
    double number = tnn_arg_number(argument);
    return number != 0 && (argument->kind == TNN_ARG_BOOL || number != 1);
}

static bool is_read(const tnn_node *node) {
    const tnn_value *result = node->outputs[0];
    for (size_t i = 0; i < node->graph->n_outputs; i++)
        if (node->graph->outputs[i] == result) return true;
    return result->n_users > 0;
}

static bool is_wanted(const tnn_node *node, tnn_saved_mode mode) {
    return mode == TNN_SAVED_EVALUATION || (mode == TNN_SAVED_UNKNOWN && (node->scope == NULL || *node->scope == '\0'));
}

static tnn_status count(const tnn_node *node, tnn_saved_mode mode, training_use *uses, tnn_lack_set *lacks,
                        tnn_error *err) {
    for (size_t k = 0; k < N_KINDS; k++) {
        if (!trains(node, &kinds[k]) || !is_read(node)) continue;
        if (kinds[k].is_random && is_wanted(node, mode))
            TNN_TRY(tnn_lack_set_add(lacks, node->op->name,
                                     "in training it draws random numbers; call model.eval() before the model is saved",
                                     node->scope, node->source, err));
        else if (uses[k].n++ == 0) uses[k].first = node;
    }
    return TNN_OK;
}

tnn_status tnn_remark_training(const tnn_graph *graph, tnn_saved_mode mode, tnn_lack_set *lacks, tnn_error *err) {
    training_use uses[N_KINDS] = {{NULL, 0}};
    for (const tnn_node *node = graph->first; node != NULL; node = node->next)
        TNN_TRY(count(node, mode, uses, lacks, err));
    for (size_t k = 0; k < N_KINDS; k++) {
        if (uses[k].n == 0) continue;
        const char *place = tnn_remark_place(uses[k].first, uses[k].n);
        if (place == NULL) return tnn_fail_nomem(err);
        TNN_TRY(tnn_graph_model_warn(
            graph->model, err, "%s was saved in training mode%s: %s; call model.eval() before the model is saved or exported",
            kinds[k].op, place, kinds[k].text));
    }
    return TNN_OK;
}
