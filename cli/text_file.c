#include "text_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

static bool complain(const char *path) {
    cli_complain("%s: %s", path, strerror(errno));
    return false;
}

/* "dir/report.json" to "dir/.report.json.XXXXXX"; NULL when memory runs out. */
static char *temporary_name(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    size_t bytes = strlen(path) + sizeof "..XXXXXX";
    char *name = malloc(bytes);
    if (name) snprintf(name, bytes, "%.*s.%s.XXXXXX", (int)(base - path), path, base);
    return name;
}

/* mkstemp makes the file private; give it the mode that open would have given. */
static void give_usual_mode(int fd) {
    mode_t mask = umask(0);
    umask(mask);
    fchmod(fd, 0666 & ~mask);
}

/* rename would replace an empty directory's name only with an error that names the wrong file. */
static bool is_directory(const char *path) {
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) return false;
    errno = EISDIR;
    return true;
}

bool cli_text_file_open(cli_text_file *file, const char *path) {
    *file = (cli_text_file){.path = path};
    if (is_directory(path)) return complain(path);
    file->temporary = temporary_name(path);
    if (!file->temporary) return complain(path);
    int fd = mkstemp(file->temporary);
    if (fd >= 0) {
        give_usual_mode(fd);
        file->stream = fdopen(fd, "w");
        if (file->stream) return true;
        close(fd);
    } else {
        free(file->temporary);
        file->temporary = NULL;
    }
    complain(path);
    cli_text_file_discard(file);
    return false;
}

bool cli_text_file_commit(cli_text_file *file, const char *text) {
    bool written = fputs(text, file->stream) >= 0;
    written = fclose(file->stream) == 0 && written;
    file->stream = NULL;
    written = written && rename(file->temporary, file->path) == 0;
    if (!written) {
        complain(file->path);
        cli_text_file_discard(file);
        return false;
    }
    free(file->temporary);
    file->temporary = NULL;
    return true;
}

void cli_text_file_discard(cli_text_file *file) {
    if (file->stream) fclose(file->stream);
    if (file->temporary) unlink(file->temporary);
    free(file->temporary);
    *file = (cli_text_file){.path = file->path};
}
