/* Input files: mapped, counted. */
#define _DEFAULT_SOURCE /* madvise: posix_madvise(DONTNEED) does nothing in glibc */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

static const uint8_t no_bytes[1];

static tnn_status fail_errno(tnn_error *err, const char *path, int reason) {
    return tnn_fail(err, TNN_ERR_IO, path, "cannot read: %s", strerror(reason));
}

/* The object and, behind it, its copy of the path. */
static tnn_file *file_new(const char *path) {
    size_t path_bytes = strlen(path) + 1;
    tnn_file *file = tnn_alloc_zero(1, sizeof *file + path_bytes);
    if (file == NULL) return NULL;
    file->path = memcpy(file + 1, path, path_bytes);
    file->data = no_bytes;
    file->refs = 1;
    return file;
}

static tnn_status map_bytes(tnn_file *file, int fd, tnn_error *err) {
    struct stat info;
    if (fstat(fd, &info) != 0) return fail_errno(err, file->path, errno);
    if (S_ISDIR(info.st_mode)) return fail_errno(err, file->path, EISDIR);
    if (!S_ISREG(info.st_mode))
        return tnn_fail(err, TNN_ERR_IO, file->path, "cannot read: not a regular file");
    if ((uint64_t)info.st_size > (uint64_t)PTRDIFF_MAX) return fail_errno(err, file->path, EFBIG);
    if (info.st_size == 0) return TNN_OK;
    void *data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED) return fail_errno(err, file->path, errno);
    file->data = data;
    file->size = (size_t)info.st_size;
    return TNN_OK;
}

tnn_status tnn_file_open(tnn_file **out, const char *path, tnn_error *err) {
    *out = NULL;
    /* Without O_NONBLOCK the opening of a pipe would wait for a writer. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return fail_errno(err, path, errno);
    tnn_file *file = file_new(path);
    tnn_status status = file == NULL ? tnn_fail_nomem(err) : map_bytes(file, fd, err);
    close(fd);
    if (status == TNN_OK)
        *out = file;
    else
        tnn_file_free(file);
    return status;
}

tnn_status tnn_file_from_bytes(tnn_file **out, const char *path, const void *data, size_t size,
                               tnn_error *err) {
    *out = NULL;
    tnn_file *file = file_new(path);
    uint8_t *copy = tnn_alloc(size, 1);
    if (file == NULL || copy == NULL) {
        tnn_free(copy);
        tnn_file_free(file);
        return tnn_fail_nomem(err);
    }
    if (size != 0) memcpy(copy, data, size);
    file->data = copy;
    file->size = size;
    file->owned = true;
    *out = file;
    return TNN_OK;
}

tnn_file *tnn_file_retain(tnn_file *file) {
    file->refs++;
    return file;
}

void tnn_file_free(tnn_file *file) {
    if (file == NULL || --file->refs > 0) return;
    if (file->owned)
        tnn_free((void *)(uintptr_t)file->data);
    else if (file->data != no_bytes)
        munmap((void *)(uintptr_t)file->data, file->size);
    tnn_free(file);
}

void tnn_file_release_range(const tnn_file *file, size_t offset, size_t n_bytes) {
#ifdef MADV_DONTNEED
    long page_bytes = sysconf(_SC_PAGESIZE);
    if (file->owned || page_bytes <= 0 || offset >= file->size) return;
    if (n_bytes > file->size - offset) n_bytes = file->size - offset;
    size_t page = (size_t)page_bytes;
    size_t first = (offset + page - 1) / page * page; /* pages that others may share stay */
    size_t end = (offset + n_bytes) / page * page;
    if (first < end) madvise((void *)(uintptr_t)(file->data + first), end - first, MADV_DONTNEED);
#else
    (void)file, (void)offset, (void)n_bytes;
#endif
}
