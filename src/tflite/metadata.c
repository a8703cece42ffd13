#include "tflite/metadata.h"

#include <math.h>

#include "base/strbuf.h"
#include "tflite/fbs_metadata.h"

#define PIXEL_RANGE 255.0         /* what the metadata's numbers count in */
#define PARSER_VERSION "1.0.0"    /* all that is written has been in the schema from the beginning */

tnn_metadata tnn_metadata_default(void) { return (tnn_metadata){.image_range = 1}; }

typedef struct builder {
    const tnn_metadata *said;
    const tnn_graph *graph;
    tnn_arena *arena;
    size_t labelled; /* the output with the labels; n_outputs: none */
    tnn_error *err;
} builder;

/* ---- the picture ---- */

static tnn_status check_numbers(const builder *b, const char *what, const double *numbers, size_t n,
                                bool may_be_zero) {
    double range = b->said->image_range;
    if (n == 0) return tnn_fail(b->err, TNN_ERR_INVALID, what, "is missing, mean and std go together");
    for (size_t i = 0; i < n; i++) {
        bool fits = (may_be_zero ? numbers[i] >= 0 : numbers[i] > 0) && numbers[i] <= range;
        if (!fits)
            return tnn_fail(b->err, TNN_ERR_INVALID, what, "%g does not fit pixels from 0 to %g; an image range of 255 "
                            "is for numbers in the unit of bytes", numbers[i], range);
    }
    return TNN_OK;
}

static tnn_status check_picture(const builder *b) {
    const tnn_metadata *said = b->said;
    if (said->image_mean == NULL && said->image_std == NULL) return TNN_OK;
    if (!(said->image_range > 0) || isinf(said->image_range))
        return tnn_fail(b->err, TNN_ERR_INVALID, "image range", "%g is not above 0", said->image_range);
    TNN_TRY(check_numbers(b, "image mean", said->image_mean, said->n_image_mean, true));
    return check_numbers(b, "image std", said->image_std, said->n_image_std, false);
}

static bool is_picture_type(tnn_dtype dtype) {
    return dtype == TNN_DTYPE_F32 || dtype == TNN_DTYPE_U8 || dtype == TNN_DTYPE_I8;
}

/* [N,H,W,C] with as many channels as there are numbers. */
static bool is_picture(const builder *b, const tnn_value *input) {
    const tnn_metadata *said = b->said;
    if (said->image_mean == NULL || input->shape.rank != 4 || !is_picture_type(input->dtype)) return false;
    size_t channels = (size_t)input->shape.dims[3].hint;
    bool fits = (said->n_image_mean == 1 || said->n_image_mean == channels) &&
                (said->n_image_std == 1 || said->n_image_std == channels);
    return fits && (channels == 1 || channels == 3);
}

static tnn_status fail_picture(const builder *b) {
    tnn_strbuf text = {0};
    for (size_t i = 0; i < b->graph->n_inputs; i++) {
        const tnn_value *input = b->graph->inputs[i];
        tnn_strbuf_printf(&text, "%s \"%s\" is %s", i == 0 ? "" : ",", input->name, tnn_dtype_name(input->dtype));
        tnn_shape_print(&text, &input->shape);
    }
    tnn_status status = text.failed ? tnn_fail_nomem(b->err)
                                    : tnn_fail(b->err, TNN_ERR_INVALID, "image mean",
                                               "no input is a picture: [N,H,W,C] with 1 or 3 channels, as many as "
                                               "there are numbers (%zu and %zu);%s",
                                               b->said->n_image_mean, b->said->n_image_std,
                                               text.data == NULL ? " there are none" : text.data);
    tnn_strbuf_free(&text);
    return status;
}

static tnn_status check_inputs(const builder *b) {
    if (b->said->image_mean == NULL) return TNN_OK;
    for (size_t i = 0; i < b->graph->n_inputs; i++)
        if (is_picture(b, b->graph->inputs[i])) return TNN_OK;
    return fail_picture(b);
}

/* ---- the tree ---- */

static tnn_fb_object *new_content(const builder *b, tnn_fb_object *properties) {
    tnn_fb_object *content = tnn_fb_new(b->arena, &tnn_fbs_Content);
    tnn_fb_set_union(content, "content_properties", properties);
    return properties == NULL ? NULL : content;
}

/* A list of one. */
static tnn_status set_only(const builder *b, tnn_fb_object *object, const char *field, tnn_fb_object *child) {
    tnn_fb_object **list = TNN_NEW_ARRAY(b->arena, 1, tnn_fb_object *);
    if (list == NULL || child == NULL) return tnn_fail_nomem(b->err);
    list[0] = child;
    tnn_fb_set_children(object, field, list, 1);
    return TNN_OK;
}

/* In the unit of pixels from 0 to 255. */
static tnn_status set_numbers(const builder *b, tnn_fb_object *object, const char *field, const double *numbers, size_t n) {
    float *scaled = TNN_NEW_ARRAY(b->arena, n, float);
    if (scaled == NULL) return tnn_fail_nomem(b->err);
    for (size_t i = 0; i < n; i++) scaled[i] = (float)(numbers[i] * (PIXEL_RANGE / b->said->image_range));
    tnn_fb_set_items(object, field, scaled, n);
    return TNN_OK;
}

static tnn_status describe_picture(const builder *b, tnn_fb_object *tensor, int64_t channels) {
    tnn_fb_object *image = tnn_fb_new(b->arena, &tnn_fbs_ImageProperties);
    tnn_fb_object *unit = tnn_fb_new(b->arena, &tnn_fbs_ProcessUnit);
    tnn_fb_object *options = tnn_fb_new(b->arena, &tnn_fbs_NormalizationOptions);
    tnn_fb_set_int(image, "color_space", channels == 3 ? TNN_COLOR_RGB : TNN_COLOR_GRAYSCALE);
    tnn_fb_set_child(tensor, "content", new_content(b, image));
    TNN_TRY(set_numbers(b, options, "mean", b->said->image_mean, b->said->n_image_mean));
    TNN_TRY(set_numbers(b, options, "std", b->said->image_std, b->said->n_image_std));
    tnn_fb_set_union(unit, "options", options);
    if (image == NULL || options == NULL) return tnn_fail_nomem(b->err);
    return set_only(b, tensor, "process_units", unit);
}

static tnn_status describe_labels(const builder *b, tnn_fb_object *tensor) {
    tnn_fb_object *file = tnn_fb_new(b->arena, &tnn_fbs_AssociatedFile);
    tnn_fb_set_string(file, "name", TNN_LABELS_FILE);
    tnn_fb_set_int(file, "type", TNN_FILE_AXIS_LABELS);
    tnn_fb_set_child(tensor, "content", new_content(b, tnn_fb_new(b->arena, &tnn_fbs_FeatureProperties)));
    return set_only(b, tensor, "associated_files", file);
}

static tnn_status set_inputs(const builder *b, tnn_fb_object *subgraph) {
    size_t n = b->graph->n_inputs;
    tnn_fb_object **list = TNN_NEW_ARRAY(b->arena, n, tnn_fb_object *);
    if (list == NULL) return tnn_fail_nomem(b->err);
    for (size_t i = 0; i < n; i++) {
        const tnn_value *input = b->graph->inputs[i];
        list[i] = tnn_fb_new(b->arena, &tnn_fbs_TensorMetadata);
        tnn_fb_set_string(list[i], "name", input->name);
        if (is_picture(b, input)) TNN_TRY(describe_picture(b, list[i], input->shape.dims[3].hint));
    }
    tnn_fb_set_children(subgraph, "input_tensor_metadata", list, n);
    return TNN_OK;
}

static tnn_status set_outputs(const builder *b, tnn_fb_object *subgraph) {
    size_t n = b->graph->n_outputs;
    tnn_fb_object **list = TNN_NEW_ARRAY(b->arena, n, tnn_fb_object *);
    if (list == NULL) return tnn_fail_nomem(b->err);
    for (size_t i = 0; i < n; i++) {
        list[i] = tnn_fb_new(b->arena, &tnn_fbs_TensorMetadata);
        tnn_fb_set_string(list[i], "name", b->graph->output_names[i]);
        if (i == b->labelled) TNN_TRY(describe_labels(b, list[i]));
    }
    tnn_fb_set_children(subgraph, "output_tensor_metadata", list, n);
    return TNN_OK;
}

static tnn_status make_model(const builder *b, tnn_fb_object *model) {
    tnn_fb_object *subgraph = tnn_fb_new(b->arena, &tnn_fbs_SubGraphMetadata);
    tnn_fb_set_string(model, "name", b->said->name);
    tnn_fb_set_string(model, "description", b->said->description);
    tnn_fb_set_string(model, "version", b->said->version);
    tnn_fb_set_string(model, "author", b->said->author);
    tnn_fb_set_string(model, "license", b->said->license);
    tnn_fb_set_string(model, "min_parser_version", PARSER_VERSION);
    TNN_TRY(set_inputs(b, subgraph));
    TNN_TRY(set_outputs(b, subgraph));
    return set_only(b, model, "subgraph_metadata", subgraph);
}

tnn_status tnn_metadata_make(tnn_metadata_parts *out, const tnn_metadata *said, const tnn_graph *graph,
                             tnn_arena *arena, tnn_error *err) {
    builder b = {said, graph, arena, graph->n_outputs, err};
    *out = (tnn_metadata_parts){0};
    TNN_TRY(check_picture(&b));
    TNN_TRY(check_inputs(&b));
    if (said->labels != NULL) {
        size_t n;
        TNN_TRY(tnn_metadata_labels(&out->labels, &n, said->labels, arena, err));
        TNN_TRY(tnn_metadata_labelled(&b.labelled, n, graph, err));
    }
    tnn_fb_object *model = tnn_fb_new(arena, &tnn_fbs_ModelMetadata);
    TNN_TRY(make_model(&b, model));
    return tnn_fb_write(model, TNN_METADATA_IDENTIFIER, &out->entry, err);
}
