/* A stack machine over the opcodes of Python's pickletools. */
#include "read/pickle.h"

#include <string.h>

#include "base/cursor.h"

typedef struct machine {
    tnn_cursor in;
    tnn_arena *arena;
    const char *name;
    uint64_t objects_left;
    uint64_t at; /* where the opcode began */
    tnn_pickle **stack;
    size_t n_stack, cap_stack;
    size_t *marks; /* heights of the stack */
    size_t n_marks, cap_marks;
    tnn_pickle **memo; /* NULL where nothing was put */
    size_t n_memo, cap_memo;
    bool lenient, classes;
    bool stopped;
    tnn_error *err;
} machine;

static tnn_status malformed(machine *m, const char *what) {
    return tnn_fail_at(m->err, TNN_ERR_MALFORMED, m->name, m->at, "%s", what);
}

/* Take `n` from what the limit leaves. */
static tnn_status count_objects(machine *m, size_t n) {
    if (n > m->objects_left) {
        return tnn_fail_at(m->err, TNN_ERR_LIMIT, m->name, m->at, "pickle has more objects than the limit allows");
    }
    m->objects_left -= n;
    return TNN_OK;
}

/* The stack. */

static tnn_status push(machine *m, tnn_pickle *object) {
    tnn_pickle **stack = tnn_arena_grow(m->arena, m->stack, m->n_stack, &m->cap_stack, m->n_stack + 1, sizeof *stack);
    if (stack == NULL) return tnn_fail_nomem(m->err);
    m->stack = stack;
    m->stack[m->n_stack++] = object;
    return TNN_OK;
}

/* The lowest height that the opcodes since the last mark may touch. */
static size_t floor_of(const machine *m) {
    return m->n_marks == 0 ? 0 : m->marks[m->n_marks - 1];
}

static tnn_status pop(machine *m, tnn_pickle **out) {
    if (m->n_stack <= floor_of(m)) return malformed(m, "opcode needs more operands than the stack holds");
    *out = m->stack[--m->n_stack];
    return TNN_OK;
}

static tnn_status top(machine *m, tnn_pickle **out) {
    if (m->n_stack <= floor_of(m)) return malformed(m, "opcode needs an operand, the stack is empty");
    *out = m->stack[m->n_stack - 1];
    return TNN_OK;
}

/* All above the last mark, which goes. The items stay where they are until the next push. */
static tnn_status pop_to_mark(machine *m, tnn_pickle ***items, size_t *n) {
    if (m->n_marks == 0) return malformed(m, "opcode needs a mark, there is none");
    size_t height = m->marks[--m->n_marks];
    *items = m->n_stack > height ? &m->stack[height] : NULL;
    *n = m->n_stack - height;
    m->n_stack = height;
    return TNN_OK;
}

/* Making objects. */

static tnn_status make(machine *m, tnn_pickle_kind kind, tnn_pickle **out) {
    TNN_TRY(count_objects(m, 1));
    *out = TNN_NEW(m->arena, tnn_pickle);
    if (*out == NULL) return tnn_fail_nomem(m->err);
    (*out)->kind = kind;
    return push(m, *out);
}

static tnn_status push_int(machine *m, tnn_pickle_kind kind, int64_t value) {
    tnn_pickle *object = NULL;
    TNN_TRY(make(m, kind, &object));
    object->integer = value;
    return TNN_OK;
}

static tnn_status push_text(machine *m, tnn_pickle_kind kind, uint64_t length) {
    const uint8_t *bytes = length > SIZE_MAX ? NULL : tnn_cursor_bytes(&m->in, (size_t)length);
    if (bytes == NULL) return malformed(m, "string reaches past the end");
    if (kind == TNN_PICKLE_STRING && memchr(bytes, 0, (size_t)length) != NULL) {
        return malformed(m, "string holds a NUL");
    }
    tnn_pickle *object = NULL;
    TNN_TRY(make(m, kind, &object));
    object->length = (size_t)length;
    object->text = tnn_arena_strn(m->arena, (const char *)bytes, (size_t)length);
    return object->text == NULL ? tnn_fail_nomem(m->err) : TNN_OK;
}

static tnn_status append(machine *m, tnn_pickle *container, tnn_pickle *const *items, size_t n) {
    if (n == 0) return TNN_OK;
    TNN_TRY(count_objects(m, n));
    tnn_pickle **grown = tnn_arena_grow(m->arena, container->items, container->n_items, &container->cap_items,
                                        container->n_items + n, sizeof *grown);
    if (grown == NULL) return tnn_fail_nomem(m->err);
    memcpy(&grown[container->n_items], items, n * sizeof *items);
    container->items = grown;
    container->n_items += n;
    return TNN_OK;
}

/* A new container of the `n` objects at `items`, which lie above the top of the stack. */
static tnn_status push_container(machine *m, tnn_pickle_kind kind, tnn_pickle *const *items, size_t n) {
    tnn_pickle made = {.kind = kind};
    TNN_TRY(append(m, &made, items, n));
    tnn_pickle *object = NULL;
    TNN_TRY(make(m, kind, &object));
    *object = made;
    return TNN_OK;
}

/* The opcodes. */

static tnn_status op_mark(machine *m) {
    size_t *marks = tnn_arena_grow(m->arena, m->marks, m->n_marks, &m->cap_marks, m->n_marks + 1, sizeof *marks);
    if (marks == NULL) return tnn_fail_nomem(m->err);
    m->marks = marks;
    m->marks[m->n_marks++] = m->n_stack;
    return TNN_OK;
}

static tnn_status op_stop(machine *m) {
    m->stopped = true;
    return TNN_OK;
}

static tnn_status op_pop(machine *m) {
    tnn_pickle *gone = NULL;
    return pop(m, &gone);
}

static tnn_status op_pop_mark(machine *m) {
    tnn_pickle **items = NULL;
    size_t n = 0;
    return pop_to_mark(m, &items, &n);
}

static tnn_status op_dup(machine *m) {
    tnn_pickle *object = NULL;
    TNN_TRY(top(m, &object));
    return push(m, object);
}

static tnn_status op_proto(machine *m) {
    uint8_t protocol = tnn_cursor_u8(&m->in);
    if (protocol <= 5) return TNN_OK;
    return tnn_fail_at(m->err, TNN_ERR_UNSUPPORTED, m->name, m->at, "pickle protocol %u, at most 5 is known", protocol);
}

static tnn_status op_frame(machine *m) {
    tnn_cursor_u64(&m->in);
    return TNN_OK;
}

static tnn_status op_none(machine *m) { return push_int(m, TNN_PICKLE_NONE, 0); }
static tnn_status op_true(machine *m) { return push_int(m, TNN_PICKLE_BOOL, 1); }
static tnn_status op_false(machine *m) { return push_int(m, TNN_PICKLE_BOOL, 0); }
static tnn_status op_int1(machine *m) { return push_int(m, TNN_PICKLE_INT, tnn_cursor_u8(&m->in)); }
static tnn_status op_int2(machine *m) { return push_int(m, TNN_PICKLE_INT, tnn_cursor_u16(&m->in)); }
static tnn_status op_int4(machine *m) { return push_int(m, TNN_PICKLE_INT, (int32_t)tnn_cursor_u32(&m->in)); }

/* Two's complement of any length, little-endian. */
static tnn_status op_long1(machine *m) {
    uint8_t n_bytes = tnn_cursor_u8(&m->in);
    if (n_bytes > 8) {
        return tnn_fail_at(m->err, TNN_ERR_LIMIT, m->name, m->at, "integer of %u bytes, at most 8 are read", n_bytes);
    }
    uint64_t bits = 0;
    uint8_t last = 0;
    for (unsigned i = 0; i < n_bytes; i++) {
        last = tnn_cursor_u8(&m->in);
        bits |= (uint64_t)last << (8 * i);
    }
    if (last & 0x80 && n_bytes < 8) bits |= UINT64_MAX << (8 * n_bytes);
    return push_int(m, TNN_PICKLE_INT, (int64_t)bits);
}

/* Floats are big-endian. */
static tnn_status op_float(machine *m) {
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) bits = bits << 8 | tnn_cursor_u8(&m->in);
    tnn_pickle *object = NULL;
    TNN_TRY(make(m, TNN_PICKLE_FLOAT, &object));
    memcpy(&object->number, &bits, sizeof bits);
    return TNN_OK;
}

static tnn_status op_str1(machine *m) { return push_text(m, TNN_PICKLE_STRING, tnn_cursor_u8(&m->in)); }
static tnn_status op_str4(machine *m) { return push_text(m, TNN_PICKLE_STRING, tnn_cursor_u32(&m->in)); }
static tnn_status op_str8(machine *m) { return push_text(m, TNN_PICKLE_STRING, tnn_cursor_u64(&m->in)); }
static tnn_status op_bytes1(machine *m) { return push_text(m, TNN_PICKLE_BYTES, tnn_cursor_u8(&m->in)); }
static tnn_status op_bytes4(machine *m) { return push_text(m, TNN_PICKLE_BYTES, tnn_cursor_u32(&m->in)); }
static tnn_status op_bytes8(machine *m) { return push_text(m, TNN_PICKLE_BYTES, tnn_cursor_u64(&m->in)); }

static tnn_status op_empty_list(machine *m) { return push_container(m, TNN_PICKLE_LIST, NULL, 0); }
static tnn_status op_empty_tuple(machine *m) { return push_container(m, TNN_PICKLE_TUPLE, NULL, 0); }
static tnn_status op_empty_dict(machine *m) { return push_container(m, TNN_PICKLE_DICT, NULL, 0); }
static tnn_status op_empty_set(machine *m) { return push_container(m, TNN_PICKLE_SET, NULL, 0); }

static tnn_status from_mark(machine *m, tnn_pickle_kind kind) {
    tnn_pickle **items = NULL;
    size_t n = 0;
    TNN_TRY(pop_to_mark(m, &items, &n));
    if (kind == TNN_PICKLE_DICT && n % 2 != 0) return malformed(m, "dict has a key without a value");
    return push_container(m, kind, items, n);
}

static tnn_status op_list(machine *m) { return from_mark(m, TNN_PICKLE_LIST); }
static tnn_status op_tuple(machine *m) { return from_mark(m, TNN_PICKLE_TUPLE); }
static tnn_status op_dict(machine *m) { return from_mark(m, TNN_PICKLE_DICT); }
static tnn_status op_frozenset(machine *m) { return from_mark(m, TNN_PICKLE_SET); }

static tnn_status short_tuple(machine *m, size_t n) {
    if (m->n_stack - floor_of(m) < n) return malformed(m, "tuple needs more items than the stack holds");
    m->n_stack -= n;
    return push_container(m, TNN_PICKLE_TUPLE, &m->stack[m->n_stack], n);
}

static tnn_status op_tuple1(machine *m) { return short_tuple(m, 1); }
static tnn_status op_tuple2(machine *m) { return short_tuple(m, 2); }
static tnn_status op_tuple3(machine *m) { return short_tuple(m, 3); }

/* `n` items behind the container below them. */
static tnn_status extend(machine *m, tnn_pickle_kind kind, tnn_pickle *const *items, size_t n, const char *what) {
    tnn_pickle *container = NULL;
    TNN_TRY(top(m, &container));
    bool fits = container->kind == kind || (m->lenient && container->kind == TNN_PICKLE_REDUCE);
    if (!fits) return malformed(m, what);
    return append(m, container, items, n);
}

static tnn_status extend_from_mark(machine *m, tnn_pickle_kind kind, const char *what) {
    tnn_pickle **items = NULL;
    size_t n = 0;
    TNN_TRY(pop_to_mark(m, &items, &n));
    if (kind == TNN_PICKLE_DICT && n % 2 != 0) return malformed(m, "dict has a key without a value");
    return extend(m, kind, items, n, what);
}

static const char not_list[] = "items are appended to what is not a list";
static const char not_dict[] = "items are set in what is not a dict";

static tnn_status op_append(machine *m) {
    tnn_pickle *item = NULL;
    TNN_TRY(pop(m, &item));
    return extend(m, TNN_PICKLE_LIST, &item, 1, not_list);
}

static tnn_status op_setitem(machine *m) {
    tnn_pickle *pair[2] = {NULL, NULL};
    TNN_TRY(pop(m, &pair[1]));
    TNN_TRY(pop(m, &pair[0]));
    return extend(m, TNN_PICKLE_DICT, pair, 2, not_dict);
}

static tnn_status op_appends(machine *m) { return extend_from_mark(m, TNN_PICKLE_LIST, not_list); }
static tnn_status op_setitems(machine *m) { return extend_from_mark(m, TNN_PICKLE_DICT, not_dict); }

static tnn_status op_additems(machine *m) {
    return extend_from_mark(m, TNN_PICKLE_SET, "items are added to what is not a set");
}

/* Globals and calls. */

static bool is_class(const char *global) { return strncmp(global, "__torch__.", 10) == 0; }

static tnn_status push_global(machine *m, const char *module, size_t module_length, const char *name,
                              size_t name_length) {
    char *full = tnn_arena_alloc(m->arena, module_length + name_length + 2, 1);
    if (full == NULL) return tnn_fail_nomem(m->err);
    memcpy(full, module, module_length);
    full[module_length] = '.';
    memcpy(full + module_length + 1, name, name_length);
    bool allowed = m->lenient || tnn_pickle_allows(full) || (m->classes && is_class(full));
    if (!allowed) {
        return tnn_fail_at(m->err, TNN_ERR_UNSUPPORTED, m->name, m->at,
                           "pickle mentions \"%.200s\", which is not on the list of what tinynn reads", full);
    }
    tnn_pickle *object = NULL;
    TNN_TRY(make(m, TNN_PICKLE_GLOBAL, &object));
    object->text = full;
    object->length = module_length + name_length + 1;
    return TNN_OK;
}

/* Text up to the next line feed, borrowed. */
static tnn_status line(machine *m, const char **out, size_t *length) {
    size_t begin = m->in.pos;
    while (tnn_cursor_left(&m->in) > 0) {
        if (tnn_cursor_u8(&m->in) != '\n') continue;
        *length = m->in.pos - 1 - begin;
        tnn_cursor_seek(&m->in, begin);
        *out = (const char *)tnn_cursor_bytes(&m->in, *length);
        tnn_cursor_skip(&m->in, 1);
        return TNN_OK;
    }
    return malformed(m, "line has no end");
}

static tnn_status op_global(machine *m) {
    const char *module = NULL, *name = NULL;
    size_t module_length = 0, name_length = 0;
    TNN_TRY(line(m, &module, &module_length));
    TNN_TRY(line(m, &name, &name_length));
    return push_global(m, module, module_length, name, name_length);
}

static tnn_status op_stack_global(machine *m) {
    tnn_pickle *module = NULL, *name = NULL;
    TNN_TRY(pop(m, &name));
    TNN_TRY(pop(m, &module));
    if (module->kind != TNN_PICKLE_STRING || name->kind != TNN_PICKLE_STRING) {
        return malformed(m, "global needs a module and a name, found something else");
    }
    return push_global(m, module->text, module->length, name->text, name->length);
}

/* Pairs that OrderedDict is made from. */
static tnn_status push_ordered_dict(machine *m, const tnn_pickle *args) {
    TNN_TRY(push_container(m, TNN_PICKLE_DICT, NULL, 0));
    if (args->n_items == 0) return TNN_OK;
    const tnn_pickle *pairs = args->items[0];
    if (pairs->kind != TNN_PICKLE_LIST) return malformed(m, "OrderedDict is not made from a list of pairs");
    for (size_t i = 0; i < pairs->n_items; i++) {
        const tnn_pickle *pair = pairs->items[i];
        bool fits = (pair->kind == TNN_PICKLE_LIST || pair->kind == TNN_PICKLE_TUPLE) && pair->n_items == 2;
        if (!fits) return malformed(m, "OrderedDict is not made from a list of pairs");
        TNN_TRY(extend(m, TNN_PICKLE_DICT, pair->items, 2, not_dict));
    }
    return TNN_OK;
}

/* TorchScript makes a member of an enum by a call with the bare value. */
static tnn_status wrap_argument(machine *m, tnn_pickle **args) {
    TNN_TRY(push_container(m, TNN_PICKLE_TUPLE, args, 1));
    return pop(m, args);
}

static tnn_status op_reduce(machine *m) {
    tnn_pickle *args = NULL, *callable = NULL;
    TNN_TRY(pop(m, &args));
    TNN_TRY(pop(m, &callable));
    bool global = callable->kind == TNN_PICKLE_GLOBAL;
    if (args->kind != TNN_PICKLE_TUPLE && m->classes && global && is_class(callable->text)) {
        TNN_TRY(wrap_argument(m, &args));
    }
    if (args->kind != TNN_PICKLE_TUPLE) return malformed(m, "call needs a tuple of arguments");
    if (!global && !m->lenient) return malformed(m, "what is called is not a global");
    if (global && strcmp(callable->text, "collections.OrderedDict") == 0) return push_ordered_dict(m, args);
    if (global && strcmp(callable->text, "collections.defaultdict") == 0) return op_empty_dict(m);
    tnn_pickle *object = NULL;
    TNN_TRY(make(m, TNN_PICKLE_REDUCE, &object));
    object->callable = callable;
    object->args = args;
    return TNN_OK;
}

/* A call with keyword arguments, which are dropped. */
static tnn_status op_newobj_ex(machine *m) {
    tnn_pickle *keywords = NULL;
    TNN_TRY(pop(m, &keywords));
    if (keywords->kind != TNN_PICKLE_DICT) return malformed(m, "call needs a dict of keyword arguments");
    if (keywords->n_items > 0 && !m->lenient) {
        return tnn_fail_at(m->err, TNN_ERR_UNSUPPORTED, m->name, m->at, "pickle makes an object with keyword arguments");
    }
    return op_reduce(m);
}

static tnn_status op_build(machine *m) {
    tnn_pickle *state = NULL, *object = NULL;
    TNN_TRY(pop(m, &state));
    TNN_TRY(top(m, &object));
    object->state = state;
    return TNN_OK;
}

static tnn_status op_persistent(machine *m) {
    tnn_pickle *id = NULL, *object = NULL;
    TNN_TRY(pop(m, &id));
    TNN_TRY(make(m, TNN_PICKLE_PERSISTENT, &object));
    object->args = id;
    return TNN_OK;
}

/* The memo. */

/* Every put takes an opcode, so an honest index is below the position. */
static tnn_status put(machine *m, uint64_t index) {
    tnn_pickle *object = NULL;
    TNN_TRY(top(m, &object));
    if (index >= m->in.pos) return malformed(m, "memo index is larger than the pickle could need");
    size_t n = (size_t)index + 1;
    if (n > m->n_memo) {
        tnn_pickle **memo = tnn_arena_grow(m->arena, m->memo, m->n_memo, &m->cap_memo, n, sizeof *memo);
        if (memo == NULL) return tnn_fail_nomem(m->err);
        m->memo = memo;
        memset(&memo[m->n_memo], 0, (n - m->n_memo) * sizeof *memo);
        m->n_memo = n;
    }
    m->memo[index] = object;
    return TNN_OK;
}

static tnn_status get(machine *m, uint32_t index) {
    if (index >= m->n_memo || m->memo[index] == NULL) return malformed(m, "memo has nothing at this index");
    return push(m, m->memo[index]);
}

static tnn_status op_put1(machine *m) { return put(m, tnn_cursor_u8(&m->in)); }
static tnn_status op_put4(machine *m) { return put(m, tnn_cursor_u32(&m->in)); }
static tnn_status op_memoize(machine *m) { return put(m, m->n_memo); }
static tnn_status op_get1(machine *m) { return get(m, tnn_cursor_u8(&m->in)); }
static tnn_status op_get4(machine *m) { return get(m, tnn_cursor_u32(&m->in)); }

typedef tnn_status op_fn(machine *m);

static op_fn *const ops[256] = {
    ['('] = op_mark,        ['.'] = op_stop,         ['0'] = op_pop,         ['1'] = op_pop_mark,
    ['2'] = op_dup,         [0x80] = op_proto,       [0x95] = op_frame,      ['N'] = op_none,
    [0x88] = op_true,       [0x89] = op_false,       ['K'] = op_int1,        ['M'] = op_int2,
    ['J'] = op_int4,        [0x8a] = op_long1,       ['G'] = op_float,       [0x8c] = op_str1,
    ['U'] = op_str1,        ['X'] = op_str4,         ['T'] = op_str4,        [0x8d] = op_str8,
    ['C'] = op_bytes1,      ['B'] = op_bytes4,       [0x8e] = op_bytes8,     [0x96] = op_bytes8,
    [']'] = op_empty_list,  [')'] = op_empty_tuple,  ['}'] = op_empty_dict,  [0x8f] = op_empty_set,
    ['l'] = op_list,        ['t'] = op_tuple,        ['d'] = op_dict,        [0x91] = op_frozenset,
    [0x85] = op_tuple1,     [0x86] = op_tuple2,      [0x87] = op_tuple3,     ['a'] = op_append,
    ['e'] = op_appends,     ['s'] = op_setitem,      ['u'] = op_setitems,    [0x90] = op_additems,
    ['c'] = op_global,      [0x93] = op_stack_global, ['R'] = op_reduce,     [0x81] = op_reduce,
    [0x92] = op_newobj_ex,
    ['b'] = op_build,       ['Q'] = op_persistent,   ['q'] = op_put1,        ['r'] = op_put4,
    [0x94] = op_memoize,    ['h'] = op_get1,         ['j'] = op_get4,
};

static tnn_status run(machine *m) {
    while (!m->stopped) {
        m->at = m->in.pos;
        uint8_t code = tnn_cursor_u8(&m->in);
        TNN_TRY(tnn_cursor_check(&m->in, m->name, "the pickle", m->err));
        if (ops[code] == NULL) {
            return tnn_fail_at(m->err, TNN_ERR_UNSUPPORTED, m->name, m->at, "pickle opcode 0x%02x is not known", code);
        }
        TNN_TRY(ops[code](m));
        TNN_TRY(tnn_cursor_check(&m->in, m->name, "the pickle", m->err));
    }
    if (m->n_stack != 1 || m->n_marks != 0) return malformed(m, "pickle ends with other than one object");
    return TNN_OK;
}

tnn_pickle_options tnn_pickle_options_default(void) {
    tnn_pickle_options options = {.max_depth = 200, .max_objects = 2000000};
    return options;
}

tnn_status tnn_pickle_load_at(tnn_pickle **out, tnn_arena *arena, const void *data, size_t size, size_t *position,
                              const char *name, const tnn_pickle_options *options, tnn_error *err) {
    *out = NULL;
    machine m = {.in = tnn_cursor_init(data, size, 0), .arena = arena, .name = name, .err = err,
                 .objects_left = options->max_objects, .lenient = options->lenient, .classes = options->classes};
    tnn_cursor_seek(&m.in, *position);
    TNN_TRY(run(&m));
    if (!options->lenient) TNN_TRY(tnn_pickle_check(m.stack[0], options->max_depth, name, err));
    *position = m.in.pos;
    *out = m.stack[0];
    return TNN_OK;
}

tnn_status tnn_pickle_load(tnn_pickle **out, tnn_arena *arena, const void *data, size_t size, const char *name,
                           const tnn_pickle_options *options, tnn_error *err) {
    size_t position = 0;
    return tnn_pickle_load_at(out, arena, data, size, &position, name, options, err);
}
