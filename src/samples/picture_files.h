/* The pictures of a folder. */
#ifndef TNN_SAMPLES_PICTURE_FILES_H
#define TNN_SAMPLES_PICTURE_FILES_H

#include "base/arena.h"

typedef struct tnn_picture_files {
    const char **paths; /* in the arena; sorted by bytes */
    size_t n, cap;
} tnn_picture_files;

/* Every file called .jpg, .jpeg or .png (or in capitals) in `folder` and its folders, those that are links included.
 * Errors: TNN_ERR_IO (the folder, or one in it, cannot be read), TNN_ERR_LIMIT (folders nested too deep, as links to
 * themselves are), TNN_ERR_NOMEM. */
tnn_status tnn_picture_files_list(tnn_picture_files *out, tnn_arena *arena, const char *folder, tnn_error *err);

#endif
