#include "samples/picture_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define MAX_DEPTH 32

static bool is_picture(const char *name) {
    const char *ending = strrchr(name, '.');
    return ending != NULL &&
           (strcasecmp(ending, ".jpg") == 0 || strcasecmp(ending, ".jpeg") == 0 || strcasecmp(ending, ".png") == 0);
}

static tnn_status add_folder(tnn_picture_files *out, tnn_arena *arena, const char *folder, int depth, tnn_error *err);

static tnn_status add_path(tnn_picture_files *out, tnn_arena *arena, const char *path, tnn_error *err) {
    const char **grown = tnn_arena_grow(arena, out->paths, out->n, &out->cap, out->n + 1, sizeof *out->paths);
    if (grown == NULL) return tnn_fail_nomem(err);
    out->paths = grown;
    out->paths[out->n++] = path;
    return TNN_OK;
}

/* What vanished meanwhile, and links to nothing, are no pictures. */
static tnn_status add_entry(tnn_picture_files *out, tnn_arena *arena, const char *folder, const char *name, int depth,
                            tnn_error *err) {
    struct stat info;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return TNN_OK;
    const char *path = tnn_arena_printf(arena, "%s/%s", folder, name);
    if (path == NULL) return tnn_fail_nomem(err);
    if (stat(path, &info) != 0) return TNN_OK;
    if (S_ISDIR(info.st_mode)) return add_folder(out, arena, path, depth + 1, err);
    return S_ISREG(info.st_mode) && is_picture(name) ? add_path(out, arena, path, err) : TNN_OK;
}

static tnn_status add_folder(tnn_picture_files *out, tnn_arena *arena, const char *folder, int depth, tnn_error *err) {
    if (depth > MAX_DEPTH)
        return tnn_fail(err, TNN_ERR_LIMIT, folder, "more than %d folders inside of each other", MAX_DEPTH);
    DIR *dir = opendir(folder);
    if (dir == NULL) return tnn_fail(err, TNN_ERR_IO, folder, "cannot read the folder: %s", strerror(errno));
    tnn_status status = TNN_OK;
    struct dirent *entry;
    while (status == TNN_OK && (entry = readdir(dir)) != NULL)
        status = add_entry(out, arena, folder, entry->d_name, depth, err);
    closedir(dir);
    return status;
}

static int compare_paths(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

tnn_status tnn_picture_files_list(tnn_picture_files *out, tnn_arena *arena, const char *folder, tnn_error *err) {
    *out = (tnn_picture_files){0};
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/') length--;
    const char *plain = tnn_arena_strn(arena, folder, length);
    if (plain == NULL) return tnn_fail_nomem(err);
    TNN_TRY(add_folder(out, arena, plain, 0, err));
    if (out->n != 0) qsort(out->paths, out->n, sizeof *out->paths, compare_paths);
    return TNN_OK;
}
