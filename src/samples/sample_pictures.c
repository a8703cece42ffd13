/* Samples from pictures: decoded, scaled, cut, and each pixel looked up in a table of 256 floats a channel. */
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "ir/elems.h"
#include "samples/picture.h"
#include "samples/picture_files.h"
#include "samples/sample_set.h"

typedef struct pictures {
    tnn_picture_files files;
    uint32_t width, height; /* of the input */
    uint8_t channels;
    bool bgr, channels_last;
    uint32_t resize_width, resize_height;
    float table[3][256]; /* by the input's channel */
} pictures;

/* ---- the input ---- */

static tnn_status find_sides(pictures *p, const tnn_value_info *wanted, tnn_error *err) {
    const int64_t *dims = wanted->dims + (wanted->rank == 4);
    bool ranked = wanted->rank == 3 || (wanted->rank == 4 && wanted->dims[0] == 1);
    int64_t channels = ranked ? dims[p->channels_last ? 2 : 0] : 0;
    int64_t height = ranked ? dims[p->channels_last ? 0 : 1] : 0, width = ranked ? dims[p->channels_last ? 1 : 2] : 0;
    if (channels != 1 && channels != 3)
        return tnn_fail(err, TNN_ERR_INVALID, wanted->name, "takes no pictures: the input must be %s, C being 1 or 3",
                        p->channels_last ? "[1,H,W,C] or [H,W,C]" : "[1,C,H,W] or [C,H,W]");
    if (height < 1 || width < 1 || height > UINT16_MAX || width > UINT16_MAX)
        return tnn_fail(err, TNN_ERR_INVALID, wanted->name, "takes no pictures: its sides must be 1 to %d", UINT16_MAX);
    p->channels = (uint8_t)channels;
    p->height = (uint32_t)height;
    p->width = (uint32_t)width;
    return TNN_OK;
}

static tnn_status check_dtype(const tnn_value_info *wanted, const tnn_sample_options *options, tnn_error *err) {
    bool raw = options->white == 255 && options->mean == NULL && options->std == NULL;
    if (tnn_dtype_is_float(wanted->dtype) || (wanted->dtype == TNN_DTYPE_U8 && raw)) return TNN_OK;
    if (wanted->dtype == TNN_DTYPE_U8)
        return tnn_fail(err, TNN_ERR_INVALID, wanted->name,
                        "is uint8: it takes pixels from 0 to 255 without mean and std");
    return tnn_fail(err, TNN_ERR_INVALID, wanted->name, "takes no pictures: it is %s, not of floats or uint8",
                    tnn_dtype_name(wanted->dtype));
}

/* ---- the options ---- */

static tnn_status check_numbers(const double *numbers, size_t n, uint8_t channels, bool may_be_zero, const char *what,
                                tnn_error *err) {
    if (numbers == NULL) return TNN_OK;
    if (n != 1 && n != channels)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "%s has %zu numbers, the input has %d channels", what, n, channels);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(numbers[i]) || (!may_be_zero && !(numbers[i] > 0)))
            return tnn_fail(err, TNN_ERR_INVALID, NULL, "%s has the number %g", what, numbers[i]);
    return TNN_OK;
}

static tnn_status check_options(const pictures *p, const tnn_sample_options *options, tnn_error *err) {
    TNN_TRY(check_numbers(options->mean, options->n_mean, p->channels, true, "mean", err));
    TNN_TRY(check_numbers(options->std, options->n_std, p->channels, false, "std", err));
    if (options->white != 1 && options->white != 255)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "a white pixel is %g, expected 1 or 255", options->white);
    if (options->resize_height > UINT16_MAX || options->resize_width > UINT16_MAX)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "pictures of more than %d pixels a side", UINT16_MAX);
    if (options->resize_width != 0 && options->resize_height == 0)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "a width to resize to, without a height");
    if (options->crop != 0 && (options->crop != p->height || options->crop != p->width))
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "pictures cut to %lux%lu do not fit the input of %lux%lu",
                        (unsigned long)options->crop, (unsigned long)options->crop, (unsigned long)p->height,
                        (unsigned long)p->width);
    return TNN_OK;
}

static double number_of(const double *numbers, size_t n, size_t channel, double otherwise) {
    return numbers == NULL ? otherwise : numbers[n == 1 ? 0 : channel];
}

/* In float32, step by step, as ToTensor and Normalize compute. */
static void fill_table(pictures *p, const tnn_sample_options *options) {
    for (size_t c = 0; c < p->channels; c++) {
        float mean = (float)number_of(options->mean, options->n_mean, c, 0);
        float std = (float)number_of(options->std, options->n_std, c, 1);
        float divisor = options->white == 255 ? 1 : 255;
        for (int v = 0; v < 256; v++) p->table[c][v] = ((float)v / divisor - mean) / std;
    }
}

/* ---- a picture ---- */

static uint32_t at_least(uint64_t value, uint32_t least) { return value < least ? least : (uint32_t)value; }

/* So that the shorter side is `side`. */
static void scale_shorter(tnn_picture_window *w, const tnn_picture *in, uint32_t side) {
    bool upright = in->width <= in->height;
    w->scaled_width = upright ? side : at_least((uint64_t)side * in->width / in->height, 1);
    w->scaled_height = upright ? at_least((uint64_t)side * in->height / in->width, 1) : side;
}

/* As small as covers the input. */
static void scale_to_cover(tnn_picture_window *w, const tnn_picture *in, const pictures *p) {
    bool wider = (uint64_t)in->width * p->height > (uint64_t)in->height * p->width;
    w->scaled_width = wider ? at_least((uint64_t)in->width * p->height / in->height, p->width) : p->width;
    w->scaled_height = wider ? p->height : at_least((uint64_t)in->height * p->width / in->width, p->height);
}

/* Where the middle begins, as CenterCrop has it: halves go to the even number; of too small a picture the edge on the
 * left is the narrower one. */
static int64_t centre(uint32_t scaled, uint32_t window) {
    if (scaled < window) return -(int64_t)((window - scaled) / 2);
    return (int64_t)nearbyint((double)(scaled - window) / 2);
}

static tnn_picture_window window_of(const pictures *p, const tnn_picture *in) {
    tnn_picture_window w = {.width = p->width, .height = p->height};
    if (p->resize_height == 0) scale_to_cover(&w, in, p);
    else if (p->resize_width == 0) scale_shorter(&w, in, p->resize_height);
    else {
        w.scaled_width = p->resize_width;
        w.scaled_height = p->resize_height;
    }
    w.left = centre(w.scaled_width, w.width);
    w.top = centre(w.scaled_height, w.height);
    return w;
}

/* Pixels are [H,W,C], red first; numbers have the input's order. */
static void look_up(float *numbers, const pictures *p, const uint8_t *pixels) {
    size_t n = (size_t)p->width * p->height, channels = p->channels;
    for (size_t c = 0; c < channels; c++) {
        const uint8_t *from = pixels + (p->bgr ? channels - 1 - c : c);
        float *to = numbers + (p->channels_last ? c : c * n);
        size_t step = p->channels_last ? channels : 1;
        for (size_t i = 0; i < n; i++) to[i * step] = p->table[c][from[i * channels]];
    }
}

static tnn_status decode(tnn_picture *out, const char *path, tnn_error *err) {
    tnn_file *file = NULL;
    TNN_TRY(tnn_file_open(&file, path, err));
    tnn_status status = tnn_picture_decode(out, file->data, file->size, path, err);
    tnn_file_free(file);
    return status;
}

/* Scratch has the numbers first, where they are not the input itself, then the pixels. */
static float *numbers_in(const tnn_sample_room *room) {
    return room->inputs[0].dtype == TNN_DTYPE_F32 ? room->inputs[0].data : room->scratch[0];
}

static size_t n_numbers(const pictures *p) { return (size_t)p->width * p->height * p->channels; }

static uint8_t *pixels_in(const tnn_sample_room *room, const pictures *p) {
    return room->inputs[0].dtype == TNN_DTYPE_F32 ? room->scratch[0]
                                                  : (uint8_t *)((float *)room->scratch[0] + n_numbers(p));
}

static tnn_status read_picture(const tnn_sample_set *s, uint64_t index, tnn_sample_room *room, tnn_error *err) {
    const pictures *p = s->source;
    tnn_picture picture = {0};
    TNN_TRY(decode(&picture, p->files.paths[index], err));
    if (p->channels == 1) tnn_picture_to_gray(&picture);
    tnn_picture_window window = window_of(p, &picture);
    tnn_status status = tnn_picture_scale(pixels_in(room, p), &picture, &window, err);
    tnn_picture_clear(&picture);
    if (status != TNN_OK) return status;
    float *numbers = numbers_in(room);
    tnn_array *input = &room->inputs[0];
    look_up(numbers, p, pixels_in(room, p));
    if (numbers != input->data)
        tnn_convert_elems(input->data, input->dtype, numbers, TNN_DTYPE_F32, (int64_t)n_numbers(p));
    return TNN_OK;
}

/* ---- opening ---- */

static tnn_status list_files(pictures *p, tnn_arena *arena, const char *path, tnn_error *err) {
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        TNN_TRY(tnn_picture_files_list(&p->files, arena, path, err));
        return p->files.n != 0 ? TNN_OK : tnn_fail(err, TNN_ERR_INVALID, path, "has no pictures (.jpg, .jpeg, .png)");
    }
    p->files = (tnn_picture_files){.paths = TNN_NEW(arena, const char *), .n = 1};
    if (p->files.paths == NULL) return tnn_fail_nomem(err);
    p->files.paths[0] = tnn_arena_str(arena, path);
    return p->files.paths[0] == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

tnn_status tnn_sample_set_pictures(tnn_sample_set *s, const char *path, const tnn_sample_options *options,
                                     tnn_error *err) {
    if (s->n_inputs != 1)
        return tnn_fail(err, TNN_ERR_INVALID, path, "pictures are one input, the model has %zu: use a .npz",
                        s->n_inputs);
    pictures *p = TNN_NEW(s->arena, pictures);
    if (p == NULL) return tnn_fail_nomem(err);
    p->bgr = options->bgr;
    p->channels_last = options->channels_last;
    p->resize_width = options->resize_width;
    p->resize_height = options->resize_height;
    TNN_TRY(find_sides(p, &s->wanted[0], err));
    TNN_TRY(check_dtype(&s->wanted[0], options, err));
    TNN_TRY(check_options(p, options, err));
    fill_table(p, options);
    TNN_TRY(list_files(p, s->arena, path, err));
    s->source = p;
    s->read = read_picture;
    s->n_source = p->files.n;
    s->names = p->files.paths;
    s->may_skip = !options->strict;
    return tnn_sample_set_scratch(s, 0, n_numbers(p) * (sizeof(float) + 1), err);
}
