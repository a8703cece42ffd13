#include "samples/picture.h"

#include <string.h>

#include "base/alloc.h"

tnn_status tnn_picture_init(tnn_picture *out, uint32_t width, uint32_t height, const char *name, tnn_error *err) {
    uint64_t n = (uint64_t)width * height;
    if (n == 0) return tnn_fail(err, TNN_ERR_MALFORMED, name, "the picture has no pixels");
    if (n > TNN_PICTURE_MAX_PIXELS)
        return tnn_fail(err, TNN_ERR_LIMIT, name, "the picture has %lu x %lu pixels; the limit is %lu in all",
                        (unsigned long)width, (unsigned long)height, (unsigned long)TNN_PICTURE_MAX_PIXELS);
    *out = (tnn_picture){.width = width, .height = height, .channels = 3, .pixels = tnn_alloc((size_t)n, 3)};
    return out->pixels == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

void tnn_picture_clear(tnn_picture *picture) {
    tnn_free(picture->pixels);
    *picture = (tnn_picture){0};
}

static bool begins(const void *bytes, size_t n_bytes, const char *with, size_t n) {
    return n_bytes >= n && memcmp(bytes, with, n) == 0;
}

tnn_status tnn_picture_decode(tnn_picture *out, const void *bytes, size_t n_bytes, const char *name, tnn_error *err) {
    tnn_status status;
    *out = (tnn_picture){0};
    if (begins(bytes, n_bytes, "\xFF\xD8\xFF", 3)) status = tnn_picture_jpeg(out, bytes, n_bytes, name, err);
    else if (begins(bytes, n_bytes, "\x89PNG\r\n\x1A\n", 8)) status = tnn_picture_png(out, bytes, n_bytes, name, err);
    else status = tnn_fail(err, TNN_ERR_UNSUPPORTED, name, "is neither a JPEG nor a PNG picture");
    if (status != TNN_OK) tnn_picture_clear(out);
    return status;
}

void tnn_picture_to_gray(tnn_picture *picture) {
    const uint8_t *from = picture->pixels;
    size_t n = (size_t)picture->width * picture->height;
    for (size_t i = 0; i < n; i++, from += 3) {
        uint32_t light = 19595u * from[0] + 38470u * from[1] + 7471u * from[2]; /* 2^16 in all */
        picture->pixels[i] = (uint8_t)((light + 0x8000) >> 16);
    }
    picture->channels = 1;
}
