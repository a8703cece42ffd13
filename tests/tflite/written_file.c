#include "written_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static tnn_status write_to(const char *path, const tnn_graph *graph, const tnn_tflite_write_options *options,
                           tnn_tflite_stats *stats, tnn_error *err) {
    tnn_out *out;
    TNN_TRY(tnn_out_open(&out, path, err));
    tnn_status status = tnn_tflite_write(graph, options, out, stats, err);
    if (status == TNN_OK) status = tnn_out_commit(out, err);
    tnn_out_free(out);
    return status;
}

tnn_file *written(const tnn_graph *graph, const tnn_tflite_write_options *options, tnn_tflite_stats *stats,
                  tnn_error *err) {
    char path[300];
    const char *tmp = getenv("TMPDIR");
    tnn_file *file = NULL;
    snprintf(path, sizeof path, "%s/tnn_written_%ld.tflite", tmp != NULL ? tmp : "/tmp", (long)getpid());
    if (write_to(path, graph, options, stats, err) == TNN_OK) tnn_file_open(&file, path, err);
    unlink(path);
    return file;
}

tnn_file *written_hand_graph(const char *name, bool outside) {
    tnn_tflite_write_options options = tnn_tflite_write_options_default();
    if (outside) options.max_flatbuffer_bytes = 0;
    tnn_model *model;
    assert_int_equal(hand_graph_build(&model, hand_graph_find(name), NULL), TNN_OK);
    tnn_file *file = written(model->graphs[0], &options, NULL, NULL);
    tnn_graph_model_free(model);
    assert_non_null(file);
    return file;
}
