/* What a YAML file says of the precision of operators: an ordered list of rules (tinynn/precision.h). */
#ifndef TNN_READ_PRECISION_FILE_H
#define TNN_READ_PRECISION_FILE_H

#include "read/yamltree.h"
#include "tinynn/precision.h"

/* An operator that fits all patterns that there are; with none, every operator. */
typedef struct tnn_precision_rule {
    const char *name;                /* an operator's own; NULL: the patterns */
    const char *like, *type, *scope; /* patterns; NULL: any */
    bool is_float;
    const tnn_yaml *at; /* for messages */
} tnn_precision_rule;

struct tnn_precision {
    tnn_arena *arena; /* holds all, this too */
    tnn_precision_rule *rules;
    size_t n_rules, cap_rules;
};

#endif
