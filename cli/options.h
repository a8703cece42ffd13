/* Command-line options from a table: `--name`, `--name value`, `--name=value`, `-n value`, and `--` before
 * arguments that start with a dash. Options and other arguments may be mixed. */
#ifndef TINYNN_CLI_OPTIONS_H
#define TINYNN_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct cli_option {
    int id;            /* what cli_next_option returns; above 0 */
    char letter;       /* short form, or 0 */
    const char *name;  /* long form without its dashes */
    bool takes_value;
} cli_option;

enum {
    CLI_END = 0,        /* all is read */
    CLI_ARGUMENT = -1,  /* `value` is an argument that is no option */
    CLI_BAD_OPTION = -2 /* complained about on standard error */
};

/* Where reading stands. Start with {.options, .n_options, .argc, .argv, .next = 1}. */
typedef struct cli_reader {
    const cli_option *options;
    size_t n_options;
    int argc;
    char **argv;
    int next;
    bool only_arguments; /* after `--` */
    char *value; /* out: the option's value, or the argument; borrowed from argv */
} cli_reader;

/* The id of the next option, or CLI_END, CLI_ARGUMENT, CLI_BAD_OPTION. */
int cli_next_option(cli_reader *reader);

/* The index of `text` among `n` names, at least one; -1 after a complaint that lists them. */
int cli_parse_choice(const char *option, const char *text, const char *const *names, size_t n);

/* A number of threads, 1 to 1024. Returns false after a complaint. */
bool cli_parse_threads(const char *text, int *out);

/* The one of `n` names that is spelled most like `word`; NULL when none is near. `stride` is the distance in bytes
 * from one name pointer to the next, so that a name may stand in a larger row. */
const char *cli_nearest(const char *word, const char *const *names, size_t n, size_t stride);

#endif
