/* What a .tflite file says of itself to the programs and people that use it. */
#ifndef TINYNN_METADATA_H
#define TINYNN_METADATA_H

#include <stddef.h>

#include "tinynn/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Written as TensorFlow Lite Metadata (the entry TFLITE_METADATA); the labels as the file labels.txt of a ZIP archive
 * behind the model, as the TensorFlow Lite Support and Task libraries read them. All is borrowed for the call. */
typedef struct tnn_metadata {
    const char *name, *description, *version, *author, *license; /* UTF-8; NULL: not said, the default */
    /* How a picture becomes an input: (pixel - mean) / std. It is said of every input [N,H,W,C] with 1 or 3 channels
     * that has as many as there are numbers; one number is for all channels. The file has them for pixels from 0 to
     * 255, so a program gives the input what the model was trained with. */
    const double *image_mean, *image_std; /* both or none; NULL: nothing is said of pictures, the default */
    size_t n_image_mean, n_image_std;     /* 1 or C each */
    double image_range; /* a white pixel in the unit of mean and std: 1, the default, as in torchvision; or 255 */
    const char *labels; /* one a line, for the positions along an output's last dimension; NULL: none, the default */
} tnn_metadata;

TNN_API tnn_metadata tnn_metadata_default(void);

#ifdef __cplusplus
}
#endif
#endif
