#include "make_pt2.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Tests run side by side in one folder: each process has a file of its own. */
static const char *pt2_path(void) {
    static char path[64];
    snprintf(path, sizeof path, "%ld-made.pt2", (long)getpid());
    return path;
}

static const char *or(const char *text, const char *usual) { return text != NULL ? text : usual; }

static const char usual_values[] = "\"x\": " TENSOR(INT(2) "," INT(4), INT(4) "," INT(1)) ", \"linear\": "
                                   TENSOR(INT(2) "," INT(3), INT(3) "," INT(1));
static const char usual_node[] = NODE("aten.linear.default", "linear", ARG("input", NAMED("x")) ","
                                      ARG("weight", NAMED("p_w")));
static const char usual_weights[] = WEIGHT("fc.weight", 0, INT(3) "," INT(4), INT(4) "," INT(1));

static const char *program(const made_pt2 *made) {
    static char text[8000];
    int n = snprintf(text, sizeof text,
                     "{\"graph_module\": {\"graph\": {\"inputs\": [], \"outputs\": [], \"nodes\": [%s], "
                     "\"tensor_values\": {%s}}, \"signature\": {\"input_specs\": [%s], \"output_specs\": [%s]}}, "
                     "\"range_constraints\": {%s}, \"schema_version\": %s, \"torch_version\": \"2.13.0\"}",
                     or(made->nodes, usual_node), or(made->values, usual_values),
                     or(made->inputs, PARAMETER("p_w", "fc.weight") "," USER_INPUT("x")),
                     or(made->outputs, USER_OUTPUT("linear")), or(made->ranges, ""),
                     or(made->schema, "{\"major\": 8, \"minor\": 20}"));
    assert(n > 0 && (size_t)n < sizeof text);
    (void)n;
    return text;
}

void pt2_make(made_zip *zip, const made_pt2 *made) {
    static const float numbers[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    static char config[4000];
    memset(zip, 0, sizeof *zip);
    zip_add_text(zip, "m/archive_format", "pt2");
    zip_add_text(zip, "m/archive_version", or(made->archive_version, "0"));
    zip_add_text(zip, "m/byteorder", or(made->byteorder, "little"));
    snprintf(config, sizeof config, "{\"config\": {%s}}", or(made->weights, usual_weights));
    if (!made->no_weights_config) zip_add_text(zip, "m/data/weights/model_weights_config.json", config);
    zip_add(zip, (made_entry){.name = "m/data/weights/weight_0", .data = numbers, .n_bytes = sizeof numbers,
                              .deflate = made->deflate});
    zip_add(zip, (made_entry){.name = "m/models/model.json", .data = program(made), .n_bytes = strlen(program(made)),
                              .deflate = made->deflate});
    if (made->extra_name != NULL) zip_add_text(zip, made->extra_name, "?");
    zip_end(zip, NULL);
}

void pt2_write(const char *path, const void *bytes, size_t n_bytes) {
    FILE *file = fopen(path, "wb");
    assert(file != NULL);
    if (file == NULL) return;
    fwrite(bytes, 1, n_bytes, file);
    fclose(file);
}

const char *pt2_file(const made_pt2 *made) {
    static made_zip zip;
    pt2_make(&zip, made);
    pt2_write(pt2_path(), zip.bytes, zip.size);
    return pt2_path();
}

void pt2_remove(void) { remove(pt2_path()); }
