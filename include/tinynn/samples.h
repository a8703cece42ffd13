/* Samples of a model's inputs, from files: pictures, or arrays of NumPy. */
#ifndef TINYNN_SAMPLES_H
#define TINYNN_SAMPLES_H

#include "tinynn/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tnn_sample_set tnn_sample_set;

/* How a picture becomes an input, in this order; the words are torchvision's. The input is [1,C,H,W] or [C,H,W] with 3
 * channels or, of gray pictures, 1; of floats, or of uint8, which takes pixels as they are. */
typedef struct tnn_sample_options {
    uint32_t resize_height; /* Resize((height, width)), antialiased; with a width of 0 Resize(height), the shorter side;
                               both 0, the default: as small as covers the input */
    uint32_t resize_width;
    uint32_t crop;      /* CenterCrop; must be the input's height and width; 0, the default: these, whatever they are */
    bool bgr;           /* blue first; default false, red first */
    double white;       /* a white pixel before mean and std: 1, the default, as ToTensor; or 255 */
    const double *mean; /* Normalize: (pixel - mean) / std, a number each or one a channel; borrowed for the call;
                           NULL, the default: 0 and 1 */
    const double *std;
    size_t n_mean, n_std;
    bool channels_last;   /* the input is [1,H,W,C] or [H,W,C]; default false */
    bool strict;          /* a broken picture is an error; default false: it is skipped, with a warning */
    uint64_t max_samples; /* of more samples take so many, at even distances; 0, the default: all */
    uint32_t n_threads;   /* that read at a time, 1 to 1024; default 1 */
} tnn_sample_options;

TNN_API tnn_sample_options tnn_sample_options_default(void);

/* Samples from `path`:
 *   a folder        every .jpg, .jpeg and .png in it and its folders is one, sorted by path
 *   a JPEG or PNG   one
 *   .npy            of a model with one input: an entry of dimension 0 is one
 *   .npz            the same, an array each input, of its name; of one input also the only array; else arr_0, arr_1, …
 * Arrays are samples side by side: of an input [N,…] they have the shape [samples * N,…] or [samples,N,…]. Floats may have
 * another type than the input's, integers a narrower one. Files are read when a sample is wanted: memory does not grow
 * with their number, but for arrays that are compressed.
 *   model    must outlive the call only
 *   options  NULL: defaults; but for the last two they are about pictures
 *   out      NULL after an error
 * Errors: TNN_ERR_IO, TNN_ERR_INVALID (what is there does not fit the model, an option, nothing is there), TNN_ERR_MALFORMED,
 * TNN_ERR_UNSUPPORTED, TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_sample_set_open(tnn_sample_set **out, const char *path, const tnn_model *model,
                                       const tnn_sample_options *options, tnn_error *err);
/* Accepts NULL. */
TNN_API void tnn_sample_set_free(tnn_sample_set *set);

/* At least 1; broken pictures are counted. */
TNN_API uint64_t tnn_sample_set_count(const tnn_sample_set *set);

/* The picture's path, or the arrays' file; owned by the set. `index` must be below the count, here and in the next. */
TNN_API const char *tnn_sample_set_name(const tnn_sample_set *set, uint64_t index);

/* A sample. Several threads may read at a time, each with a number of its own and never the same sample.
 *   thread  below options->n_threads
 *   inputs  tnn_model_n_inputs arrays, in PyTorch's order, borrowed until the thread's next call; NULL: the picture is
 *           broken and skipped
 * Errors: with `strict` TNN_ERR_IO, TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED, TNN_ERR_LIMIT (of a picture, which `where`
 * names); TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_sample_set_read(tnn_sample_set *set, uint64_t index, uint32_t thread, const tnn_array **inputs,
                                       tnn_error *err);

/* Why a sample was skipped, one line that names the picture; NULL: it was not. Not while others read. */
TNN_API const char *tnn_sample_set_warning(const tnn_sample_set *set, uint64_t index);

/* Samples from anywhere, by number. */
typedef struct tnn_sample_reader {
    void *context;
    uint64_t n_samples;
    /* As tnn_sample_set_read. */
    tnn_status (*read)(void *context, uint64_t index, uint32_t thread, const tnn_array **inputs, tnn_error *err);
} tnn_sample_reader;

/* The samples of a set, which must outlive the reader and have been opened for as many threads as will read. */
TNN_API tnn_sample_reader tnn_sample_set_reader(tnn_sample_set *set);

#ifdef __cplusplus
}
#endif
#endif
