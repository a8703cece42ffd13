/* The syntax tree of the Python subset. Everything lies in the arena that was given to the parser; nothing is
 * changed after parsing. Positions are bytes in the text, lines start at 1. */
#ifndef TNN_EVAL_AST_H
#define TNN_EVAL_AST_H

#include <stddef.h>
#include <stdint.h>

typedef enum tnn_ast_op {
    TNN_AST_ADD,
    TNN_AST_SUB,
    TNN_AST_MUL,
    TNN_AST_DIV,
    TNN_AST_FLOORDIV,
    TNN_AST_MOD,
    TNN_AST_POW,
    TNN_AST_MATMUL,
    TNN_AST_BIT_AND,
    TNN_AST_BIT_OR,
    TNN_AST_BIT_XOR,
    TNN_AST_SHIFT_LEFT,
    TNN_AST_SHIFT_RIGHT,
    TNN_AST_NEG,
    TNN_AST_POS,
    TNN_AST_INVERT,
    TNN_AST_NOT,
    TNN_AST_EQ,
    TNN_AST_NE,
    TNN_AST_LT,
    TNN_AST_LE,
    TNN_AST_GT,
    TNN_AST_GE,
    TNN_AST_IS,
    TNN_AST_IS_NOT,
    TNN_AST_IN,
    TNN_AST_NOT_IN,
    TNN_AST_AND,
    TNN_AST_OR
} tnn_ast_op;

/* "+", "not in" … */
const char *tnn_ast_op_text(tnn_ast_op op);

typedef enum tnn_ast_kind {
    TNN_AST_NAME,
    TNN_AST_INT,
    TNN_AST_FLOAT,
    TNN_AST_STRING,
    TNN_AST_NONE,
    TNN_AST_ELLIPSIS,
    TNN_AST_TRUE,
    TNN_AST_FALSE,
    TNN_AST_FORMAT, /* f"a{b}": what its parts are as text, one behind the other */
    TNN_AST_LIST,
    TNN_AST_TUPLE,
    TNN_AST_DICT,
    TNN_AST_COMPREHENSION,
    TNN_AST_ATTRIBUTE,
    TNN_AST_SUBSCRIPT,
    TNN_AST_SLICE, /* only as the index of a subscript, or in its tuple */
    TNN_AST_CALL,
    TNN_AST_UNARY,
    TNN_AST_BINARY,
    TNN_AST_COMPARE,
    TNN_AST_LOGIC, /* and, or */
    TNN_AST_TERNARY,
    TNN_AST_STARRED /* *xs or **xs among arguments, *xs in a list */
} tnn_ast_kind;

/* An expression. */
typedef struct tnn_ast tnn_ast;

typedef struct tnn_ast_items {
    tnn_ast **items;
    size_t n, cap;
} tnn_ast_items;

struct tnn_ast {
    tnn_ast_kind kind;
    tnn_ast_op op; /* UNARY, BINARY, LOGIC; STARRED: MUL or POW */
    uint32_t line;
    uint64_t position;
    union {
        const char *text; /* NAME, STRING */
        int64_t integer;
        double number;
        tnn_ast_items list; /* LIST, TUPLE, FORMAT */
        struct {
            tnn_ast_items keys, values;
        } dict;
        struct {
            tnn_ast *item, *target, *source;
            tnn_ast_items conditions;
        } comprehension;
        struct {
            tnn_ast *object;
            const char *name;
        } attribute;
        struct {
            tnn_ast *object, *index; /* several indices: a TUPLE */
        } subscript;
        struct {
            tnn_ast *start, *stop, *step; /* each may be NULL */
        } slice;
        struct {
            tnn_ast *function;
            tnn_ast_items args; /* the last n_keywords belong to `keywords` */
            const char **keywords; /* NULL: that of **x */
            size_t n_keywords, cap_keywords;
        } call;
        struct {
            tnn_ast *left, *right; /* BINARY, LOGIC; UNARY and STARRED have left only */
        } pair;
        struct {
            tnn_ast_items items; /* n operands, n - 1 operators between them */
            tnn_ast_op *ops;
            size_t cap_ops;
        } compare;
        struct {
            tnn_ast *condition, *then, *otherwise;
        } ternary;
    } as;
};

typedef enum tnn_stmt_kind {
    TNN_STMT_EXPR,
    TNN_STMT_ASSIGN,
    TNN_STMT_ANNOTATED,
    TNN_STMT_AUGMENTED,
    TNN_STMT_RETURN,
    TNN_STMT_RAISE,
    TNN_STMT_DEL,
    TNN_STMT_ASSERT,
    TNN_STMT_PASS,
    TNN_STMT_BREAK,
    TNN_STMT_CONTINUE,
    TNN_STMT_IF,
    TNN_STMT_FOR,
    TNN_STMT_WHILE,
    TNN_STMT_WITH,
    TNN_STMT_DEF,
    TNN_STMT_CLASS,
    TNN_STMT_IMPORT
} tnn_stmt_kind;

typedef struct tnn_stmt tnn_stmt;

typedef struct tnn_block {
    tnn_stmt **items;
    size_t n, cap;
} tnn_block;

/* One `if` or `elif` with its body. */
typedef struct tnn_branch {
    tnn_ast *condition;
    tnn_block body;
} tnn_branch;

/* How a parameter takes arguments. */
typedef enum tnn_param_kind {
    TNN_PARAM_PLAIN,
    TNN_PARAM_KEYWORD_ONLY,
    TNN_PARAM_REST,    /* *args: a tuple of the positional arguments that are left */
    TNN_PARAM_KEYWORDS /* **kwargs: a dict of the keywords that are left */
} tnn_param_kind;

typedef struct tnn_param {
    const char *name;
    tnn_ast *annotation;    /* or NULL */
    tnn_ast *default_value; /* or NULL */
    tnn_param_kind kind;
} tnn_param;

/* def */
typedef struct tnn_function {
    const char *name;
    tnn_param *params;
    size_t n_params, cap_params;
    tnn_ast *returns; /* annotation, or NULL */
    tnn_ast_items decorators;
    tnn_block body;
} tnn_function;

/* import MODULE as ALIAS, or from MODULE import NAME as ALIAS */
typedef struct tnn_import {
    const char *module; /* "torch.nn" */
    const char *name;   /* NULL: the module itself */
    const char *alias;  /* NULL: none */
} tnn_import;

struct tnn_stmt {
    tnn_stmt_kind kind;
    tnn_ast_op op; /* AUGMENTED */
    uint32_t line;
    uint64_t position;
    union {
        tnn_ast *value; /* EXPR, RETURN (may be NULL), RAISE (may be NULL), DEL */
        struct {
            tnn_ast_items targets; /* a = b = value: two */
            tnn_ast *value;
        } assign;
        struct {
            tnn_ast *target, *annotation, *value; /* value: NULL when absent or AUGMENTED has no annotation */
        } change;
        struct {
            tnn_ast *condition, *message; /* message may be NULL */
        } check;
        struct {
            tnn_branch *branches;
            size_t n, cap;
            tnn_block otherwise;
        } choice;
        struct {
            tnn_ast *target, *source; /* WHILE: target NULL, source the condition; WITH: target may be NULL */
            tnn_block body;
        } loop;
        tnn_function *function;
        struct {
            const char *name;
            tnn_ast_items bases;
            tnn_block body;
        } class_def;
        struct {
            tnn_import *items;
            size_t n, cap;
        } imports;
    } as;
};

#endif
