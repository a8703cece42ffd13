/* Any bytes as a picture: decode, and scale what comes out to a part that reaches over its edge. */
#include "samples/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static uint8_t out[12 * 9 * 3];
    tnn_picture_window window = {.scaled_width = 10, .scaled_height = 7, .left = -2, .top = 3, .width = 12, .height = 9};
    tnn_picture picture;
    tnn_error err;
    if (tnn_picture_decode(&picture, data, size, "fuzz", &err) == TNN_OK) {
        if (size % 2 == 0) tnn_picture_to_gray(&picture);
        tnn_picture_scale(out, &picture, &window, &err);
    }
    tnn_picture_clear(&picture);
    return 0;
}
