/* A text file that appears whole or not at all: written beside its place under another name, then renamed. */
#ifndef TINYNN_CLI_TEXT_FILE_H
#define TINYNN_CLI_TEXT_FILE_H

#include <stdbool.h>
#include <stdio.h>

typedef struct cli_text_file {
    const char *path; /* borrowed */
    char *temporary;  /* owned; NULL when nothing is open */
    FILE *stream;
} cli_text_file;

/* Both complain and return false when the file cannot be written; commit disposes of the file in every case. */
bool cli_text_file_open(cli_text_file *file, const char *path);
bool cli_text_file_commit(cli_text_file *file, const char *text);

/* Remove what was begun. A file that was never opened, or was committed, is left as it is. */
void cli_text_file_discard(cli_text_file *file);

#endif
