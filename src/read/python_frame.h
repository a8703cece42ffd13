/* Lines of the author's own Python program, as PyTorch's tracebacks name them. */
#ifndef TNN_READ_PYTHON_FRAME_H
#define TNN_READ_PYTHON_FRAME_H

#include "ir/graph.h"

/* Texts are parts of longer ones: not NUL-terminated. */
typedef struct tnn_python_frame {
    const char *path, *code; /* "/home/me/model.py", the line of code or "" */
    size_t path_length, code_length;
    uint64_t line;
} tnn_python_frame;

/* Lines inside PyTorch itself say nothing about the author's model. */
bool tnn_python_frame_is_torch(const tnn_python_frame *frame);

/* What a user wants to read: the last two parts of the path, copied into `arena`, and no blanks around the code.
 * Errors: TNN_ERR_NOMEM. */
tnn_status tnn_python_frame_source(tnn_source *out, tnn_arena *arena, const tnn_python_frame *frame, tnn_error *err);

#endif
