/* Any bytes as a file of statistics: what is read is looked at, merged, asked for ranges, and written again. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tinynn/statistics.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const tnn_statistics *s) {
    double low, high;
    for (uint64_t i = 0; i < tnn_statistics_n_values(s); i++) {
        tnn_value_statistics v = tnn_statistics_value(s, i);
        if (v.low > v.high) abort();
        for (int method = 0; method <= TNN_CALIBRATION_KL; method++) {
            tnn_statistics_range(s, i, (tnn_calibration_method)method, 99.9, &low, &high);
            if (!(low <= 0 && high >= 0)) abort();
        }
    }
}

static void write_again(const tnn_statistics *s, const char *path) {
    tnn_statistics *again = NULL;
    tnn_error err;
    if (tnn_statistics_save(s, path, &err) != TNN_OK) abort();
    if (tnn_statistics_load(&again, path, &err) != TNN_OK || tnn_statistics_merge(again, s, &err) != TNN_OK) abort();
    look(again);
    tnn_statistics_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[] = "/tmp/fuzz_statistics_XXXXXX";
    int file = mkstemp(path);
    tnn_statistics *s = NULL;
    tnn_error err;
    if (file < 0) return 0;
    if (write(file, data, size) == (ssize_t)size && tnn_statistics_load(&s, path, &err) == TNN_OK) {
        look(s);
        write_again(s, path);
    }
    tnn_statistics_free(s);
    close(file);
    unlink(path);
    return 0;
}
