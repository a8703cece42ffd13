/* Output files: written beside their target under another name, then renamed onto it. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"

#define BUFFER_BYTES ((size_t)128 * 1024)
#define MAX_NAME_PART 200 /* of the target's name in the temporary one: file systems take 255 bytes */
#define MAX_ATTEMPTS 1000

struct tnn_out {
    int fd;           /* -1: closed */
    bool failed;      /* a write failed: the target must not appear */
    uint64_t flushed; /* bytes in the file */
    size_t n_buffered;
    char *path, *temporary; /* temporary NULL: none to remove */
    uint8_t buffer[BUFFER_BYTES];
};

static tnn_status fail_write(tnn_out *out, int reason, tnn_error *err) {
    out->failed = true;
    return tnn_fail(err, TNN_ERR_IO, out->path, "cannot write: %s", strerror(reason));
}

static char *copy_text(const char *text) {
    size_t n_bytes = strlen(text) + 1;
    char *copy = tnn_alloc(n_bytes, 1);
    return copy == NULL ? NULL : memcpy(copy, text, n_bytes);
}

/* "folder/.name.process-attempt". Created exclusively instead of by mkstemp, because that way the mode obeys the
 * umask, which can be read only by changing it for all threads. */
static int create_beside(const char *path, char *temporary, size_t n_bytes) {
    const char *slash = strrchr(path, '/');
    int folder_length = slash == NULL ? 0 : (int)(slash + 1 - path);
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        snprintf(temporary, n_bytes, "%.*s.%.*s.%ld-%d", folder_length, path, MAX_NAME_PART,
                 path + folder_length, (long)getpid(), attempt);
        int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}

static tnn_status create(tnn_out *out, const char *path, tnn_error *err) {
    out->path = copy_text(path);
    if (out->path == NULL) return tnn_fail_nomem(err);
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return fail_write(out, EISDIR, err);
    size_t n_bytes = strlen(path) + 64;
    char *temporary = tnn_alloc(n_bytes, 1);
    if (temporary == NULL) return tnn_fail_nomem(err);
    out->fd = create_beside(path, temporary, n_bytes);
    if (out->fd >= 0) {
        out->temporary = temporary;
        return TNN_OK;
    }
    tnn_status status = fail_write(out, errno, err);
    tnn_free(temporary);
    return status;
}

tnn_status tnn_out_open(tnn_out **result, const char *path, tnn_error *err) {
    *result = NULL;
    tnn_out *out = tnn_alloc(1, sizeof *out);
    if (out == NULL) return tnn_fail_nomem(err);
    memset(out, 0, offsetof(tnn_out, buffer));
    out->fd = -1;
    tnn_status status = create(out, path, err);
    if (status == TNN_OK)
        *result = out;
    else
        tnn_out_free(out);
    return status;
}

static tnn_status write_all(tnn_out *out, const uint8_t *bytes, size_t n_bytes, tnn_error *err) {
    while (n_bytes > 0) {
        ssize_t n = write(out->fd, bytes, n_bytes);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return fail_write(out, n < 0 ? errno : ENOSPC, err);
        bytes += n;
        n_bytes -= (size_t)n;
        out->flushed += (uint64_t)n;
    }
    return TNN_OK;
}

static tnn_status flush(tnn_out *out, tnn_error *err) {
    TNN_TRY(write_all(out, out->buffer, out->n_buffered, err));
    out->n_buffered = 0;
    return TNN_OK;
}

tnn_status tnn_out_write(tnn_out *out, const void *bytes, size_t n_bytes, tnn_error *err) {
    if (n_bytes > BUFFER_BYTES - out->n_buffered) TNN_TRY(flush(out, err));
    if (n_bytes >= BUFFER_BYTES) return write_all(out, bytes, n_bytes, err);
    if (n_bytes != 0) memcpy(out->buffer + out->n_buffered, bytes, n_bytes);
    out->n_buffered += n_bytes;
    return TNN_OK;
}

uint64_t tnn_out_position(const tnn_out *out) {
    return out->flushed + out->n_buffered;
}

static tnn_status patch_flushed(tnn_out *out, uint64_t position, const uint8_t *bytes, size_t n_bytes,
                                tnn_error *err) {
    while (n_bytes > 0) {
        ssize_t n = pwrite(out->fd, bytes, n_bytes, (off_t)position);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return fail_write(out, n < 0 ? errno : ENOSPC, err);
        bytes += n;
        n_bytes -= (size_t)n;
        position += (uint64_t)n;
    }
    return TNN_OK;
}

tnn_status tnn_out_patch(tnn_out *out, uint64_t position, const void *bytes, size_t n_bytes,
                         tnn_error *err) {
    assert(position <= tnn_out_position(out) && n_bytes <= tnn_out_position(out) - position);
    const uint8_t *from = bytes;
    size_t n_flushed = 0;
    if (position < out->flushed) {
        uint64_t room = out->flushed - position;
        n_flushed = room < n_bytes ? (size_t)room : n_bytes;
        TNN_TRY(patch_flushed(out, position, from, n_flushed, err));
    }
    size_t rest = n_bytes - n_flushed;
    if (rest != 0) memcpy(out->buffer + (position + n_flushed - out->flushed), from + n_flushed, rest);
    return TNN_OK;
}

tnn_status tnn_out_finish(tnn_out *out, tnn_error *err) {
    if (out->failed) return tnn_fail(err, TNN_ERR_IO, out->path, "cannot write: an earlier write failed");
    if (out->fd < 0) return TNN_OK;
    TNN_TRY(flush(out, err));
    int closed = close(out->fd);
    out->fd = -1;
    return closed == 0 ? TNN_OK : fail_write(out, errno, err);
}

tnn_status tnn_out_commit(tnn_out *out, tnn_error *err) {
    TNN_TRY(tnn_out_finish(out, err));
    if (rename(out->temporary, out->path) != 0) return fail_write(out, errno, err);
    tnn_free(out->temporary);
    out->temporary = NULL;
    return TNN_OK;
}

void tnn_out_free(tnn_out *out) {
    if (out == NULL) return;
    if (out->fd >= 0) close(out->fd);
    if (out->temporary != NULL) unlink(out->temporary);
    tnn_free(out->temporary);
    tnn_free(out->path);
    tnn_free(out);
}
