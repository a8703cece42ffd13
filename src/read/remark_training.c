/* Operators that were saved in training mode. They are evaluated as saved, which is hardly ever what a device needs. */
#include <string.h>

#include "ir/lacks.h"
#include "read/remark.h"

typedef struct training_kind {
    const char *op;
    const char *argument; /* in training it is true, or neither 0 nor 1 */
    const char *needs;    /* an argument without which the operator has no other mode; or NULL */
    const char *text;
} training_kind;

static const char of_batch[] =
    "it normalizes by the statistics of each batch, and its running statistics are neither used nor updated";

static const training_kind kinds[] = {
    {"dropout", "train", NULL, "its random result is converted as identity, its expected value"},
    {"bernoulli", "p", NULL, "its random result is converted as its expected value"},
    {"batch_norm", "training", "running_mean", of_batch},
    {"instance_norm", "use_input_stats", "running_mean", of_batch},
    {"scaled_dot_product_attention", "dropout_p", NULL,
     "the weights that it drops at random are all kept, which gives its expected value"},
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

static void count(const tnn_node *node, training_use *uses) {
    for (size_t k = 0; k < N_KINDS; k++) {
        if (!trains(node, &kinds[k])) continue;
        if (uses[k].n++ == 0) uses[k].first = node;
    }
}

tnn_status tnn_remark_training(const tnn_graph *graph, tnn_error *err) {
    training_use uses[N_KINDS] = {{NULL, 0}};
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) count(node, uses);
    for (size_t k = 0; k < N_KINDS; k++) {
        if (uses[k].n == 0) continue;
        const char *place = tnn_remark_place(uses[k].first, uses[k].n);
        if (place == NULL) return tnn_fail_nomem(err);
        TNN_TRY(tnn_graph_model_warn(graph->model, err,
                                     "%s was saved in training mode%s: %s; call model.eval() before the model is saved or "
                                     "exported", kinds[k].op, place, kinds[k].text));
    }
    return TNN_OK;
}
