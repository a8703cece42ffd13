#include "read/python_frame.h"

#include <string.h>

bool tnn_python_frame_is_torch(const tnn_python_frame *frame) {
    static const char folder[] = "/torch/";
    for (size_t i = 0; i + sizeof folder - 1 <= frame->path_length; i++) {
        if (strncmp(frame->path + i, folder, sizeof folder - 1) == 0) return true;
    }
    return false;
}

static const char *short_path(const tnn_python_frame *frame, size_t *length) {
    size_t begin = frame->path_length;
    for (int slashes = 0; begin > 0; begin--) {
        char c = frame->path[begin - 1];
        if ((c == '/' || c == '\\') && ++slashes == 2) break;
    }
    *length = frame->path_length - begin;
    return frame->path + begin;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

tnn_status tnn_python_frame_source(tnn_source *out, tnn_arena *arena, const tnn_python_frame *frame, tnn_error *err) {
    const char *code = frame->code, *end = frame->code + frame->code_length;
    size_t length = 0;
    const char *path = short_path(frame, &length);
    while (code < end && is_blank(*code)) code++;
    while (code < end && is_blank(end[-1])) end--;
    memset(out, 0, sizeof *out);
    out->file = tnn_arena_strn(arena, path, length);
    out->line = frame->line > UINT32_MAX ? 0 : (uint32_t)frame->line;
    out->text = tnn_arena_strn(arena, code, (size_t)(end - code));
    return out->file == NULL || out->text == NULL ? tnn_fail_nomem(err) : TNN_OK;
}
