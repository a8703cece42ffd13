/* Small zip archives for tests, written field by field so that a test can break any of them. */
#ifndef TNN_TESTS_MAKE_ZIP_H
#define TNN_TESTS_MAKE_ZIP_H

#include <stddef.h>
#include <stdint.h>

typedef struct made_zip {
    uint8_t bytes[32768];
    size_t size;
    uint8_t directory[8192]; /* the central directory so far */
    size_t directory_size;
    unsigned n_entries;
} made_zip;

/* How an entry differs from a plain STORED one. Zero: it does not. */
typedef struct made_entry {
    const char *name;
    const void *data;
    size_t n_bytes;
    int deflate;
    int descriptor;         /* sizes and CRC behind the payload */
    int wide;               /* sizes and offset in a zip64 field */
    uint16_t flags;         /* more flags */
    uint16_t method;        /* another method number */
    const char *local_name; /* another name in the local header, of the same length */
    uint32_t claimed_size;  /* another inflated size */
    uint32_t crc_xor;
    int offset_shift;       /* added to the local header's offset */
} made_entry;

void zip_add(made_zip *zip, made_entry entry);
void zip_add_text(made_zip *zip, const char *name, const char *text);
/* Write the directory and the end record; `comment` may be NULL. */
void zip_end(made_zip *zip, const char *comment);
/* The same with zip64 end records. */
void zip_end_wide(made_zip *zip);

#endif
