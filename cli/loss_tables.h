/* What a report says of losses, as text. */
#ifndef TINYNN_CLI_LOSS_TABLES_H
#define TINYNN_CLI_LOSS_TABLES_H

#include "command.h"

/* Print the operators of a report's "analysis", what costs the outputs most first, and what was left in floats.
 *   json  of tnn_report_json
 * Complains when it does not return CLI_OK. */
cli_exit cli_print_losses(const char *json);

#endif
