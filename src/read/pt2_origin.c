#include "read/pt2_origin.h"

#include <stdlib.h>
#include <string.h>

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
    return out->scope == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

/* One frame of a trace, as Python prints it:
 *   File "/home/me/model.py", line 12, in forward
 *     x = self.rnn(x)                                  */
typedef struct frame {
    const char *path, *line, *code;
    size_t path_length, code_length;
} frame;

static const char *next_frame(const char *trace, frame *out) {
    static const char file[] = "File \"", line[] = "\", line ";
    const char *begin = strstr(trace, file);
    if (begin == NULL) return NULL;
    out->path = begin + sizeof file - 1;
    const char *end = strstr(out->path, line);
    if (end == NULL) return NULL;
    out->path_length = (size_t)(end - out->path);
    out->line = end + sizeof line - 1;
    const char *code = strchr(out->line, '\n');
    out->code = code == NULL ? "" : code + 1;
    out->code += strspn(out->code, " \t");
    out->code_length = strcspn(out->code, "\n");
    return out->line;
}

/* Lines inside PyTorch itself say nothing about the user's model. */
static bool is_torch(const frame *f) {
    static const char folder[] = "/torch/";
    for (size_t i = 0; i + sizeof folder - 1 <= f->path_length; i++) {
        if (strncmp(f->path + i, folder, sizeof folder - 1) == 0) return true;
    }
    return false;
}

/* The last two parts of a path. */
static const char *short_path(const frame *f, size_t *length) {
    size_t begin = f->path_length;
    for (int slashes = 0; begin > 0; begin--) {
        char c = f->path[begin - 1];
        if ((c == '/' || c == '\\') && ++slashes == 2) break;
    }
    *length = f->path_length - begin;
    return f->path + begin;
}

/* The innermost frame outside of PyTorch; the innermost of all when there is none. */
static tnn_status read_source(tnn_pt2_origin *out, tnn_arena *arena, const char *trace, tnn_error *err) {
    frame best = {.path = NULL}, f = {.path = NULL};
    bool best_is_torch = true;
    for (const char *at = trace; (at = next_frame(at, &f)) != NULL;) {
        bool torch = is_torch(&f);
        if (torch && !best_is_torch) continue;
        best = f;
        best_is_torch = torch;
    }
    if (best.path == NULL) return TNN_OK;
    size_t length = 0;
    const char *path = short_path(&best, &length);
    unsigned long line = strtoul(best.line, NULL, 10);
    out->source.file = tnn_arena_strn(arena, path, length);
    out->source.line = line > UINT32_MAX ? 0 : (uint32_t)line;
    out->source.text = tnn_arena_strn(arena, best.code, best.code_length);
    return out->source.file == NULL || out->source.text == NULL ? tnn_fail_nomem(err) : TNN_OK;
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
