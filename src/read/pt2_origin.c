#include "read/pt2_origin.h"

#include <stdlib.h>
#include <string.h>

#include "read/python_frame.h"

static const char *text_or_null(const tnn_json *at) {
    return at->value == NULL ? NULL : json_string_value(at->value);
}

static const char *find_name(const tnn_json *node) {
    tnn_json name = tnn_json_optional(node, "name");
    const char *text = text_or_null(&name);
    if (text != NULL) return text;
    tnn_json outputs = tnn_json_optional(node, "outputs");
    tnn_json first = tnn_json_item(&outputs, 0);
    tnn_json tensor = tnn_json_optional(&first, "as_tensor");
    name = tnn_json_optional(&tensor, "name");
    text = text_or_null(&name);
    return text == NULL ? "" : text;
}

/* The stack is "key,path,type;key,path,type;…", outermost first. */
static tnn_status read_scope(tnn_pt2_origin *out, tnn_arena *arena, const char *stack, tnn_error *err) {
    const char *last = strrchr(stack, ';');
    const char *key = last == NULL ? stack : last + 1;
    const char *path = strchr(key, ',');
    if (path == NULL) return TNN_OK;
    path++;
    static const char self[] = "L__self__", other_self[] = "L['self'].";
    if (strncmp(path, self, sizeof self - 1) == 0) path += sizeof self - 1;
    if (strncmp(path, other_self, sizeof other_self - 1) == 0) path += sizeof other_self - 1;
    size_t length = strcspn(path, ",");
    if (length == 0) return TNN_OK;
    out->scope = tnn_arena_strn(arena, path, length);
    out->type = path[length] == ',' ? path + length + 1 : NULL; /* the stack's last part */
    return out->scope == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

/* The next frame of a trace, as Python prints it:
 *   File "/home/me/model.py", line 12, in forward
 *     x = self.rnn(x)
 * Gives the place to go on from, or NULL. */
static const char *next_frame(const char *trace, tnn_python_frame *out) {
    static const char file[] = "File \"", line[] = "\", line ";
    const char *begin = strstr(trace, file);
    if (begin == NULL) return NULL;
    out->path = begin + sizeof file - 1;
    const char *end = strstr(out->path, line);
    if (end == NULL) return NULL;
    out->path_length = (size_t)(end - out->path);
    const char *number = end + sizeof line - 1, *code = strchr(number, '\n');
    out->line = strtoul(number, NULL, 10);
    out->code = code == NULL ? "" : code + 1;
    out->code_length = strcspn(out->code, "\n");
    return number;
}

/* The innermost frame outside of PyTorch; the innermost of all when there is none. */
static tnn_status read_source(tnn_pt2_origin *out, tnn_arena *arena, const char *trace, tnn_error *err) {
    tnn_python_frame best = {.path = NULL}, frame = {.path = NULL};
    bool best_is_torch = true;
    uint64_t calls = 0;
    for (const char *at = trace; (at = next_frame(at, &frame)) != NULL;) {
        calls = tnn_hash_bytes(frame.path, frame.path_length, calls ^ frame.line);
        bool torch = tnn_python_frame_is_torch(&frame);
        if (torch && !best_is_torch) continue;
        best = frame;
        best_is_torch = torch;
    }
    if (best.path == NULL) return TNN_OK;
    TNN_TRY(tnn_python_frame_source(&out->source, arena, &best, err));
    out->source.calls = calls;
    return TNN_OK;
}

tnn_status tnn_pt2_origin_read(tnn_pt2_origin *out, tnn_arena *arena, const tnn_json *node, tnn_error *err) {
    memset(out, 0, sizeof *out);
    out->name = tnn_arena_str(arena, find_name(node));
    if (out->name == NULL) return tnn_fail_nomem(err);
    tnn_json metadata = tnn_json_optional(node, "metadata");
    tnn_json stack = tnn_json_optional(&metadata, "nn_module_stack");
    tnn_json trace = tnn_json_optional(&metadata, "stack_trace");
    if (text_or_null(&stack) != NULL) TNN_TRY(read_scope(out, arena, text_or_null(&stack), err));
    if (text_or_null(&trace) != NULL) TNN_TRY(read_source(out, arena, text_or_null(&trace), err));
    return TNN_OK;
}
