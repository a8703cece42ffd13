/* PNG by libspng. */
#include <spng.h>

#include "base/alloc.h"
#include "samples/picture.h"

static void *allocate(size_t n_bytes) { return tnn_alloc(n_bytes, 1); }

static void *reallocate(void *old, size_t n_bytes) { return tnn_realloc(old, n_bytes, 1); }

static tnn_status refuse(int code, const char *name, tnn_error *err) {
    if (code == SPNG_EMEM) return tnn_fail_nomem(err);
    return tnn_fail(err, TNN_ERR_MALFORMED, name, "PNG: %s", spng_strerror(code));
}

static tnn_status decode(tnn_picture *out, spng_ctx *png, const char *name, tnn_error *err) {
    struct spng_ihdr header;
    size_t n_bytes = 0;
    int code = spng_get_ihdr(png, &header);
    if (code != 0) return refuse(code, name, err);
    TNN_TRY(tnn_picture_init(out, header.width, header.height, name, err));
    code = spng_decoded_image_size(png, SPNG_FMT_RGB8, &n_bytes);
    if (code == 0) code = spng_decode_image(png, out->pixels, n_bytes, SPNG_FMT_RGB8, 0);
    return code == 0 ? TNN_OK : refuse(code, name, err);
}

tnn_status tnn_picture_png(tnn_picture *out, const void *bytes, size_t n_bytes, const char *name, tnn_error *err) {
    struct spng_alloc heap = {allocate, reallocate, tnn_alloc_zero, tnn_free};
    spng_ctx *png = spng_ctx_new2(&heap, 0);
    if (png == NULL) return tnn_fail_nomem(err);
    int code = spng_set_png_buffer(png, bytes, n_bytes);
    tnn_status status = code == 0 ? decode(out, png, name, err) : refuse(code, name, err);
    spng_ctx_free(png);
    return status;
}
