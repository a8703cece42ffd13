#include "range_args.h"

#include <stdlib.h>

#include "command.h"
#include "options.h"

#define MIN_PERCENTILE 50

bool cli_parse_algorithm(const char *text, tnn_calibration_method *out) {
    static const char *const names[] = {
        [TNN_CALIBRATION_L2] = "l2", [TNN_CALIBRATION_MINMAX] = "minmax", [TNN_CALIBRATION_AVERAGE] = "average",
        [TNN_CALIBRATION_PERCENTILE] = "percentile", [TNN_CALIBRATION_KL] = "kl",
    };
    int chosen = cli_parse_choice("--algorithm", text, names, sizeof names / sizeof *names);
    if (chosen >= 0) *out = (tnn_calibration_method)chosen;
    return chosen >= 0;
}

bool cli_parse_percentile(const char *text, double *out) {
    char *end;
    *out = strtod(text, &end);
    if (*text != '\0' && *end == '\0' && *out >= MIN_PERCENTILE && *out <= 100) return true;
    cli_complain("--percentile is \"%s\", expected a number from %d to 100", text, MIN_PERCENTILE);
    return false;
}
