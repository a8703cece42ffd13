/* JPEG by libjpeg-turbo, whose errors leave by longjmp. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>

#include "samples/picture.h"

#define MAX_SCANS 500 /* a small progressive file may repeat scans of a large picture without end */

typedef struct reader {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf leave;
    bool too_many_scans;
} reader;

static void leave(j_common_ptr jpeg) { longjmp(((reader *)jpeg->client_data)->leave, 1); }

/* Warnings are as good as nothing, as in other readers, but for a file that is cut short. */
static void hear(j_common_ptr jpeg, int level) {
    if (level < 0 && jpeg->err->msg_code == JWRN_JPEG_EOF) leave(jpeg);
}

static void say_nothing(j_common_ptr jpeg) { (void)jpeg; }

static void watch_scans(j_common_ptr jpeg) {
    reader *r = jpeg->client_data;
    r->too_many_scans = r->jpeg.input_scan_number > MAX_SCANS;
    if (r->too_many_scans) leave(jpeg);
}

static void prepare(reader *r) {
    r->jpeg.err = jpeg_std_error(&r->errors);
    r->errors.error_exit = leave;
    r->errors.emit_message = hear;
    r->errors.output_message = say_nothing;
    r->progress.progress_monitor = watch_scans;
    r->jpeg.client_data = r;
}

static tnn_status refuse(reader *r, const char *name, tnn_error *err) {
    char text[JMSG_LENGTH_MAX];
    int code = r->errors.msg_code;
    if (code == JERR_OUT_OF_MEMORY) return tnn_fail_nomem(err);
    if (r->too_many_scans) return tnn_fail(err, TNN_ERR_LIMIT, name, "JPEG: more than %d scans", MAX_SCANS);
    r->errors.format_message((j_common_ptr)&r->jpeg, text);
    tnn_status status = code == JERR_CONVERSION_NOTIMPL ? TNN_ERR_UNSUPPORTED : TNN_ERR_MALFORMED;
    return tnn_fail(err, status, name, "JPEG: %s", text);
}

static tnn_status decode(reader *r, tnn_picture *out, const void *bytes, size_t n_bytes, const char *name,
                         tnn_error *err) {
    jpeg_create_decompress(&r->jpeg);
    r->jpeg.progress = &r->progress;
    jpeg_mem_src(&r->jpeg, bytes, (unsigned long)n_bytes);
    jpeg_read_header(&r->jpeg, TRUE);
    TNN_TRY(tnn_picture_init(out, r->jpeg.image_width, r->jpeg.image_height, name, err));
    r->jpeg.out_color_space = JCS_RGB;
    jpeg_start_decompress(&r->jpeg);
    while (r->jpeg.output_scanline < r->jpeg.output_height) {
        JSAMPROW row = out->pixels + (size_t)r->jpeg.output_scanline * out->width * 3;
        jpeg_read_scanlines(&r->jpeg, &row, 1);
    }
    jpeg_finish_decompress(&r->jpeg);
    return TNN_OK;
}

/* What changes after setjmp lies in the caller's frame: here it would be lost. */
static tnn_status decode_or_refuse(reader *r, tnn_picture *out, const void *bytes, size_t n_bytes, const char *name,
                                   tnn_error *err) {
    return setjmp(r->leave) == 0 ? decode(r, out, bytes, n_bytes, name, err) : refuse(r, name, err);
}

tnn_status tnn_picture_jpeg(tnn_picture *out, const void *bytes, size_t n_bytes, const char *name, tnn_error *err) {
    reader r = {.too_many_scans = false};
    prepare(&r);
    tnn_status status = decode_or_refuse(&r, out, bytes, n_bytes, name, err);
    jpeg_destroy_decompress(&r.jpeg);
    return status;
}
