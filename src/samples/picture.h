/* Pictures: 8-bit pixels, from the bytes of a file to the size that a network wants. */
#ifndef TNN_SAMPLES_PICTURE_H
#define TNN_SAMPLES_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

#define TNN_PICTURE_MAX_PIXELS (UINT64_C(1) << 27)

typedef struct tnn_picture {
    uint32_t width, height;
    uint8_t channels; /* 3: red, green, blue; 1: gray */
    uint8_t *pixels;  /* [height, width, channels]; owned, released by tnn_picture_clear */
} tnn_picture;

/* JPEG or PNG as red, green, blue, told apart by their first bytes. Transparency is dropped, of 16 bits the upper 8
 * stay, and what a file says of its orientation or gamma is not followed: as torchvision's reader of folders does.
 * `name` is for messages. After an error the picture is empty.
 * Errors: TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED (another format, CMYK, a format that this build lacks), TNN_ERR_LIMIT
 * (more than TNN_PICTURE_MAX_PIXELS), TNN_ERR_NOMEM. */
tnn_status tnn_picture_decode(tnn_picture *out, const void *bytes, size_t n_bytes, const char *name, tnn_error *err);
void tnn_picture_clear(tnn_picture *picture);

/* Each of them for its format; called by tnn_picture_decode. */
tnn_status tnn_picture_jpeg(tnn_picture *out, const void *bytes, size_t n_bytes, const char *name, tnn_error *err);
tnn_status tnn_picture_png(tnn_picture *out, const void *bytes, size_t n_bytes, const char *name, tnn_error *err);

/* Room for the pixels of an empty picture. Errors: TNN_ERR_MALFORMED (a side of 0), TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
tnn_status tnn_picture_init(tnn_picture *out, uint32_t width, uint32_t height, const char *name, tnn_error *err);

/* Red, green, blue become one channel by ITU-R 601: 0.299 R + 0.587 G + 0.114 B, rounded. */
void tnn_picture_to_gray(tnn_picture *picture);

/* A part of a picture that is scaled first. */
typedef struct tnn_picture_window {
    uint32_t scaled_width, scaled_height; /* at least 1 */
    int64_t left, top;                    /* of the part in the scaled picture; may be negative */
    uint32_t width, height;               /* of the part; what lies outside of the picture is 0 */
} tnn_picture_window;

/* torchvision's Resize with antialias=True: a triangle filter over as many pixels as become one, between centres of
 * pixels, in float32, and the result rounded (half to even). Kernels for 8 bits, PIL's and torch's, also round the rows
 * before the columns; they are within one step of it.
 *   out  [window->height, window->width, channels]
 * Errors: TNN_ERR_NOMEM. */
tnn_status tnn_picture_scale(uint8_t *out, const tnn_picture *picture, const tnn_picture_window *window,
                             tnn_error *err);

#endif
