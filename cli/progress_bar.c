#include "progress_bar.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define WIDTH 30
#define REDRAW_SECONDS 0.1
#define CLEAR_LINE "\r\033[K"

static double now(void) {
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

cli_progress_bar cli_progress_bar_start(bool quiet) {
    return (cli_progress_bar){.shown = !quiet && isatty(STDERR_FILENO), .start = now()};
}

static void draw(uint64_t done, uint64_t total, double seconds) {
    static const char full[WIDTH + 1] = "##############################";
    int part = (int)((double)WIDTH * (double)done / (double)total);
    fprintf(stderr, CLEAR_LINE "[%.*s%*s] %" PRIu64 "/%" PRIu64 " samples, %.1f images/s", part, full, WIDTH - part, "",
            done, total, seconds > 0 ? (double)done / seconds : 0);
    fflush(stderr);
}

bool cli_progress_bar_tell(void *bar, uint64_t done, uint64_t total) {
    cli_progress_bar *b = bar;
    double time = now();
    if (b->shown && done < total && time - b->drawn >= REDRAW_SECONDS) {
        draw(done, total, time - b->start);
        b->drawn = time;
    }
    if (done == total) cli_progress_bar_end(b);
    return true;
}

void cli_progress_bar_end(cli_progress_bar *bar) {
    if (bar->drawn > 0) fputs(CLEAR_LINE, stderr);
    bar->drawn = 0;
}
