/* A bar on standard error that counts samples and tells how many a second; nothing where that is no terminal. */
#ifndef TINYNN_CLI_PROGRESS_BAR_H
#define TINYNN_CLI_PROGRESS_BAR_H

#include <stdbool.h>
#include <stdint.h>

typedef struct cli_progress_bar {
    bool shown;
    double start, drawn; /* seconds of a clock */
} cli_progress_bar;

/* `quiet`: nothing is shown anyhow. */
cli_progress_bar cli_progress_bar_start(bool quiet);
/* A tnn_sample_progress; `bar` is the context. Redraws at most ten times a second, and clears the line at the end. */
bool cli_progress_bar_tell(void *bar, uint64_t done, uint64_t total);
/* Clear what a run that failed has left. */
void cli_progress_bar_end(cli_progress_bar *bar);

#endif
