/* code/__torch__/a.py.debug_pkl says where each part of code/__torch__/a.py came from:
 *
 *   file     ("FORMAT_WITH_STRING_TABLE", (text, text …), records), or since before 1.10 the records alone
 *   records  (begin, (source, start, end), …) …      begin: byte in a.py; the record holds up to the next one
 *   source   (lines, file name, first line)          lines and file name: numbers in the table of texts, or the texts
 *
 * Of a scripted function the lines are its code, the first of which is the line "first line" of the file, and start and
 * end are bytes in it. Of a traced one they are the stack, innermost first, each "/home/me/model.py(12): forward". */
#include "read/torchscript_source.h"

#include <stdlib.h>
#include <string.h>

#include "read/python_frame.h"

typedef struct debug_file {
    const tnn_pickle *texts; /* NULL: there is no table */
    const tnn_pickle *records; /* NULL: nothing is known */
} debug_file;

typedef struct ts_locator {
    tnn_locator base;
    tnn_arena *arena;    /* the model's */
    const tnn_file *file;
    const char *root;
    tnn_zip_options zip_options;
    tnn_pickle_options pickle_options;
    tnn_zip *zip;     /* NULL: not opened yet */
    tnn_strmap files; /* debug_file by name of the file of code */
    unsigned n_asked;
} ts_locator;

enum {
    MAX_TEXT = 1 << 20, /* bytes of a stack or a function */
    MAX_ASKED = 1000    /* places: nobody reads more messages, and a hostile file can have many */
};

/* Reading the tree. */

static const tnn_pickle *item(const tnn_pickle *list, size_t index) {
    bool is_list = list != NULL && (list->kind == TNN_PICKLE_TUPLE || list->kind == TNN_PICKLE_LIST);
    return is_list && index < list->n_items ? list->items[index] : NULL;
}

static uint64_t number(const tnn_pickle *object) {
    return object != NULL && object->kind == TNN_PICKLE_INT && object->integer > 0 ? (uint64_t)object->integer : 0;
}

/* The text itself, or the one of that number. */
static const char *text_of(const debug_file *debug, const tnn_pickle *object) {
    if (object != NULL && object->kind == TNN_PICKLE_INT) object = item(debug->texts, (size_t)number(object));
    return object != NULL && object->kind == TNN_PICKLE_STRING ? object->text : "";
}

/* Lines joined; NULL: out of memory. */
static char *join_lines(const debug_file *debug, const tnn_pickle *lines, tnn_arena *arena) {
    tnn_strbuf text = {0};
    if (lines != NULL && tnn_pickle_calls(lines, "torch.jit._pickle.build_intlist")) lines = item(lines->args, 0);
    if (lines != NULL && lines->kind == TNN_PICKLE_STRING) return tnn_arena_str(arena, lines->text);
    tnn_strbuf_add(&text, "");
    for (size_t i = 0; item(lines, i) != NULL && text.length < MAX_TEXT; i++) {
        tnn_strbuf_add(&text, text_of(debug, item(lines, i)));
    }
    char *joined = text.failed ? NULL : tnn_arena_str(arena, text.data);
    tnn_strbuf_free(&text);
    return joined;
}

/* The range of the last record that begins at or before the position; NULL: none. */
static const tnn_pickle *find_range(const debug_file *debug, uint64_t position) {
    const tnn_pickle *found = NULL;
    uint64_t best = 0;
    for (size_t i = 0; item(debug->records, i) != NULL; i++) {
        const tnn_pickle *record = item(debug->records, i);
        uint64_t begin = number(item(record, 0));
        if (begin > position || begin < best) continue;
        best = begin;
        found = item(record, 1);
    }
    return found;
}

/* Frames. */

/* "/home/me/model.py(12): forward" */
static bool read_stack_line(const char *line, size_t length, tnn_python_frame *out) {
    const char *open = line + length;
    while (open > line && strncmp(open, "): ", 3) != 0) open--;
    while (open > line && *open != '(') open--;
    if (open == line) return false;
    *out = (tnn_python_frame){.path = line, .path_length = (size_t)(open - line), .code = ""};
    out->line = strtoul(open + 1, NULL, 10);
    return out->line > 0;
}

/* What is further out is no part of the model. */
static bool is_tracer(const tnn_python_frame *frame) {
    static const char file[] = "torch/jit/_trace.py";
    size_t n = sizeof file - 1;
    return frame->path_length >= n && strncmp(frame->path + frame->path_length - n, file, n) == 0;
}

/* The innermost frame outside of PyTorch, else the innermost. */
static bool read_stack(const char *text, tnn_python_frame *out) {
    bool found = false;
    tnn_python_frame frame;
    while (read_stack_line(text, strcspn(text, "\n"), &frame) && !is_tracer(&frame)) {
        bool torch = tnn_python_frame_is_torch(&frame);
        if (!found || !torch) *out = frame;
        if (!torch) return true;
        found = true;
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return found;
}

/* The line at byte `start` of the code of a function. */
static bool read_code(const char *code, uint64_t start, const char *path, uint64_t first_line, tnn_python_frame *out) {
    const char *line = code;
    if (*path == '\0' || start > strlen(code)) return false;
    for (const char *at = code; at < code + start; at++) {
        if (*at != '\n') continue;
        first_line++;
        line = at + 1;
    }
    *out = (tnn_python_frame){.path = path, .path_length = strlen(path), .line = first_line, .code = line,
                              .code_length = strcspn(line, "\n")};
    return true;
}

/* Texts of the frame lie in `arena` or in the tree. */
static bool read_frame(const debug_file *debug, uint64_t position, tnn_arena *arena, tnn_python_frame *out) {
    const tnn_pickle *range = find_range(debug, position), *source = item(range, 0);
    const char *path = text_of(debug, item(source, 1));
    char *text = join_lines(debug, item(source, 0), arena);
    if (text == NULL || *text == '\0') return false;
    return read_stack(text, out) || read_code(text, number(item(range, 1)), path, number(item(source, 2)), out);
}

/* Reading the file. */

static tnn_status open_zip(ts_locator *l) {
    if (l->zip != NULL) return TNN_OK;
    return tnn_zip_open(&l->zip, l->arena, l->file->data, l->file->size, l->file->path, &l->zip_options, NULL);
}

static tnn_status read_tree(ts_locator *l, const char *name, tnn_pickle **out) {
    const uint8_t *bytes = NULL;
    *out = NULL;
    TNN_TRY(open_zip(l));
    const char *full = tnn_arena_printf(l->arena, "%s%s.debug_pkl", l->root, name);
    const tnn_zip_entry *entry = full == NULL ? NULL : tnn_zip_find(l->zip, full);
    if (entry == NULL) return TNN_OK;
    TNN_TRY(tnn_zip_read(l->zip, entry, l->arena, &bytes, NULL));
    return tnn_pickle_load(out, l->arena, bytes, (size_t)entry->size, full, &l->pickle_options, NULL);
}

static void read_debug_file(ts_locator *l, const char *name, debug_file *out) {
    tnn_pickle *root = NULL;
    if (read_tree(l, name, &root) != TNN_OK) return;
    const tnn_pickle *format = item(root, 0);
    bool has_table = format != NULL && format->kind == TNN_PICKLE_STRING;
    out->texts = has_table ? item(root, 1) : NULL;
    out->records = has_table ? item(root, 2) : root;
}

/* NULL: out of memory. */
static const debug_file *find_debug_file(ts_locator *l, const char *name) {
    debug_file *found = tnn_strmap_get(&l->files, name);
    if (found != NULL) return found;
    found = TNN_NEW(l->arena, debug_file);
    if (found == NULL || tnn_strmap_set(&l->files, name, found) != TNN_OK) return NULL;
    read_debug_file(l, name, found);
    return found;
}

/* The innermost place outside of PyTorch among those that called one another, else the innermost that is known. */
static bool find_frame(ts_locator *l, const tnn_source *source, tnn_arena *scratch, tnn_python_frame *out) {
    bool found = false;
    for (const tnn_source *at = source; at != NULL; at = at->caller) {
        tnn_python_frame frame;
        const debug_file *debug = find_debug_file(l, at->file);
        if (debug == NULL || !read_frame(debug, at->position, scratch, &frame)) continue;
        bool torch = tnn_python_frame_is_torch(&frame);
        if (!found || !torch) *out = frame;
        if (!torch) return true;
        found = true;
    }
    return found;
}

static void locate(tnn_locator *locator, tnn_source *source) {
    ts_locator *l = (ts_locator *)locator;
    tnn_python_frame frame;
    tnn_source found;
    tnn_arena *scratch = l->n_asked++ < MAX_ASKED ? tnn_arena_new() : NULL;
    bool known = scratch != NULL && find_frame(l, source, scratch, &frame);
    if (known && tnn_python_frame_source(&found, l->arena, &frame, NULL) == TNN_OK) *source = found;
    tnn_arena_free(scratch);
}

tnn_status tnn_ts_locator_set(tnn_model *model, const tnn_torchscript *archive, const tnn_load_options *options,
                              tnn_error *err) {
    ts_locator *l = TNN_NEW(model->arena, ts_locator);
    if (l == NULL) return tnn_fail_nomem(err);
    l->base.locate = locate;
    l->arena = model->arena;
    l->file = archive->file;
    l->root = tnn_arena_str(model->arena, archive->root);
    l->zip_options = (tnn_zip_options){options->max_entries, options->max_inflated, options->ignore_crc};
    l->pickle_options = tnn_pickle_options_default();
    l->pickle_options.max_depth = options->max_depth;
    tnn_strmap_init(&l->files, model->arena);
    model->locator = &l->base;
    return l->root == NULL ? tnn_fail_nomem(err) : TNN_OK;
}
