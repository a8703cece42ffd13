/* Write every graph of hand_graphs.c to FOLDER/NAME.tflite, for LiteRT to judge.
 *   write_hand_graphs FOLDER [MAX_FLATBUFFER_BYTES] */
#include <stdio.h>
#include <stdlib.h>

#include "hand_graphs.h"

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    tnn_tflite_write_options options = tnn_tflite_write_options_default();
    if (argc > 2) options.max_flatbuffer_bytes = strtoull(argv[2], NULL, 10);
    for (size_t i = 0; i < n_hand_graphs; i++) {
        char path[4096], text[1024];
        tnn_error err;
        snprintf(path, sizeof path, "%s/%s.tflite", argv[1], hand_graphs[i].name);
        if (hand_graph_write(&hand_graphs[i], path, &options, NULL, &err) != TNN_OK) {
            tnn_error_format(&err, text, sizeof text);
            fprintf(stderr, "%s: %s\n", hand_graphs[i].name, text);
            return 1;
        }
    }
    return 0;
}
