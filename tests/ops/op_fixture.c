/* Calls of operators written as text. */
#include "op_fixture.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

#include "ir/verify.h"
#include "ops/infer.h"

enum { MAX_ITEMS = 16 };

static tnn_model *model;
static tnn_graph *graph;
static tnn_tensor tensors[MAX_ITEMS];
static const char *text; /* what is left to read */
static tnn_value *last_tensor;

static const char *const dtypes[] = {"", "bool", "u8", "i8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64"};

static void must(tnn_status status, const tnn_error *err) {
    if (status != TNN_OK) fail_msg("%s: %s", err->where, err->message);
}

static bool take(char c) {
    while (*text == ' ') text++;
    if (*text != c) return false;
    text++;
    return true;
}

/* The longest name that the text starts with. */
static tnn_dtype read_dtype(void) {
    for (size_t i = sizeof dtypes / sizeof *dtypes; i-- > 1;) {
        size_t length = strlen(dtypes[i]);
        if (strncmp(text, dtypes[i], length) != 0 || isalnum((unsigned char)text[length])) continue;
        text += length;
        return (tnn_dtype)i;
    }
    return TNN_DTYPE_NONE;
}

static tnn_size read_dim(void) {
    char name[8] = "";
    tnn_size size;
    tnn_error err;
    if (isalpha((unsigned char)*text)) {
        size_t length = strcspn(text, "=");
        memcpy(name, text, length);
        text += length + 1;
    }
    size = tnn_size_const(strtoll(text, (char **)&text, 10));
    if (name[0]) must(tnn_size_symbol(&size, model->arena, name, size.hint, &err), &err);
    return size;
}

/* An element: a whole number exactly where the dtype is one, else as C reads a double. */
static void read_element(tnn_tensor *tensor, int64_t index) {
    char *end;
    long long integer = strtoll(text, &end, 10);
    if (end != text && strchr(",}]); ", *end) != NULL && !tnn_dtype_is_float(tensor->dtype)) {
        tnn_tensor_set_integer(tensor, index, integer);
        text = end;
        return;
    }
    tnn_tensor_set_number(tensor, index, strtod(text, (char **)&text));
}

static void fill(tnn_tensor *tensor) {
    bool given = take(':');
    for (int64_t i = 0; i < tensor->n_elems; i++) {
        if (!given) tnn_tensor_set_number(tensor, i, (double)i);
        else read_element(tensor, i);
        if (given) take(',');
    }
}

static tnn_value *read_tensor(tnn_dtype dtype) {
    tnn_shape shape = {0};
    int64_t dims[TNN_MAX_RANK];
    tnn_error err;
    assert_true(take('['));
    while (!take(']')) {
        shape.dims[shape.rank] = read_dim();
        dims[shape.rank] = shape.dims[shape.rank].hint;
        shape.rank++;
        take(',');
    }
    tnn_tensor *tensor = &tensors[graph->n_inputs];
    must(tnn_graph_input(&last_tensor, graph, "x", dtype, &shape, &err), &err);
    must(tnn_tensor_init(tensor, dtype, shape.rank, dims, &err), &err);
    fill(tensor);
    return last_tensor;
}

static tnn_arg read_list(void) {
    tnn_value **values = TNN_NEW_ARRAY(model->arena, MAX_ITEMS, tnn_value *);
    size_t n = 0;
    while (!take('}')) values[n++] = take('$') ? last_tensor : read_tensor(read_dtype());
    return tnn_arg_of_tensors(values, n);
}

static tnn_arg read_ints(void) {
    tnn_size *sizes = TNN_NEW_ARRAY(model->arena, MAX_ITEMS, tnn_size);
    size_t n = 0;
    while (!take(')')) {
        sizes[n++] = read_dim();
        take(',');
    }
    return tnn_arg_of_sizes(sizes, n);
}

static tnn_arg read_number(void) {
    char *end;
    int64_t integer = strtoll(text, &end, 10);
    bool whole = *end == ' ' || *end == '\0';
    double number = strtod(text, (char **)&text);
    return whole ? tnn_arg_of_int(integer) : tnn_arg_of_float(number);
}

static tnn_arg read_string(void) {
    size_t length = strcspn(text, "'");
    const char *copy = tnn_arena_strn(model->arena, text, length);
    text += length + 1;
    return tnn_arg_of_string(copy);
}

static bool take_word(const char *word) {
    if (strncmp(text, word, strlen(word)) != 0) return false;
    text += strlen(word);
    return true;
}

static tnn_arg read_arg(void) {
    if (take('{')) return read_list();
    if (take('(')) return read_ints();
    if (take('\'')) return read_string();
    if (take('$')) return tnn_arg_of_tensor(last_tensor);
    if (take('@')) return tnn_arg_of_dtype(read_dtype());
    if (take_word("none")) return tnn_arg_none();
    if (take_word("true")) return tnn_arg_of_bool(true);
    if (take_word("false")) return tnn_arg_of_bool(false);
    tnn_dtype dtype = read_dtype();
    return dtype == TNN_DTYPE_NONE ? read_number() : tnn_arg_of_tensor(read_tensor(dtype));
}

static const tnn_op *find_op(const char *name) {
    const tnn_op_row *row = tnn_op_find(name);
    const tnn_composite_row *composite = row ? NULL : tnn_composite_find(name);
    assert_true(row || composite);
    return row ? &row->op : &composite->op;
}

tnn_status op_call(const char *op, const char *args, tnn_node **out, tnn_error *err) {
    tnn_arg items[MAX_ITEMS];
    size_t n = 0;
    op_end();
    must(tnn_graph_model_new(&model, "test", err), err);
    must(tnn_graph_new(&graph, model, "main", err), err);
    for (text = args; *text != '\0';) {
        items[n++] = read_arg();
        while (*text == ' ') text++;
    }
    return tnn_op_append(out, graph, NULL, find_op(op), items, n, NULL, err);
}

const tnn_tensor *op_inputs(void) {
    return tensors;
}

tnn_model *op_model(void) {
    return model;
}

void op_end(void) {
    for (size_t i = 0; i < MAX_ITEMS; i++) tnn_tensor_clear(&tensors[i]);
    tnn_graph_model_free(model);
    model = NULL;
}

static void check_text(const char *op, const char *args, tnn_strbuf *found, const char *expected) {
    const char *have = found->data ? found->data : "";
    if (strcmp(have, expected) != 0) fail_msg("%s %s: found %s, expected %s", op, args, have, expected);
    tnn_strbuf_free(found);
}

static void check_refused(const char *op, const char *args, tnn_status status, const tnn_error *err,
                          const char *expected) {
    if (status == TNN_OK) fail_msg("%s %s was accepted, expected %s", op, args, expected);
    assert_true(status == TNN_ERR_INVALID || status == TNN_ERR_UNSUPPORTED || status == TNN_ERR_LIMIT);
    if (!strstr(err->message, expected)) {
        fail_msg("%s %s: the message is '%s', expected '%s' in it", op, args, err->message, expected);
    }
}

void check_infer(const char *op, const char *args, const char *expected) {
    tnn_node *node;
    tnn_error err;
    tnn_strbuf found = {0};
    tnn_status status = op_call(op, args, &node, &err);
    if (expected[0] == '!') {
        check_refused(op, args, status, &err, expected + 1);
    } else {
        if (status != TNN_OK) fail_msg("%s %s: %s", op, args, err.message);
        must(tnn_graph_verify(graph, tnn_ops_verify_infer, &err), &err);
        tnn_strbuf_add(&found, tnn_dtype_name(node->outputs[0]->dtype));
        tnn_shape_print(&found, &node->outputs[0]->shape);
        for (size_t i = 0; i < model->n_guards; i++) tnn_strbuf_printf(&found, " | %s", model->guards[i]);
        check_text(op, args, &found, expected);
    }
    op_end();
}

void check_run(const char *op, const char *args, const char *expected) {
    tnn_node *node;
    tnn_error err;
    tnn_strbuf found = {0};
    tnn_tensor out = {0};
    tnn_status status = op_call(op, args, &node, &err);
    if (status == TNN_OK) status = tnn_graph_output(graph, node->outputs[0], NULL, &err);
    if (status == TNN_OK) status = tnn_graph_run(graph, tensors, &out, &err);
    if (expected[0] == '!') {
        check_refused(op, args, status, &err, expected + 1);
    } else {
        if (status != TNN_OK) fail_msg("%s %s: %s", op, args, err.message);
        for (int64_t i = 0; i < out.n_elems; i++) {
            double number = tnn_tensor_number(&out, i);
            tnn_strbuf_printf(&found, "%s%g", i > 0 ? " " : "", isnan(number) ? NAN : number);
        }
        check_text(op, args, &found, expected);
    }
    tnn_tensor_clear(&out);
    op_end();
}

static void print_slot(tnn_strbuf *out, int slot, uint8_t dim) {
    if (slot < 0) tnn_strbuf_printf(out, " r.%u", dim);
    else tnn_strbuf_printf(out, " %d.%u", slot, dim);
}

static void print_link(tnn_strbuf *out, const tnn_dim_link *link, int64_t whole) {
    static const char *const kinds[] = {"same", "place", "contract"};
    tnn_strbuf_add(out, kinds[link->kind]);
    print_slot(out, link->from, link->from_dim);
    print_slot(out, link->to, link->to_dim);
    if (link->from_offset != 0 || link->to_offset != 0 || link->step != 1 || link->count != whole) {
        tnn_strbuf_printf(out, " [%lld %lld %lld %lld]", (long long)link->from_offset, (long long)link->to_offset,
                          (long long)link->step, (long long)link->count);
    }
    if (link->groups != 1) tnn_strbuf_printf(out, " /%lld", (long long)link->groups);
}

void check_dims(const char *op, const char *args, const char *expected) {
    tnn_node *node;
    tnn_error err;
    tnn_strbuf found = {0};
    must(op_call(op, args, &node, &err), &err);
    tnn_dimmap map = {.arena = model->arena};
    must(tnn_node_dims(node, &map, &err), &err);
    for (size_t i = 0; i < map.n_links; i++) {
        const tnn_dim_link *link = &map.links[i];
        const tnn_value *from = link->from < 0 ? node->outputs[0] : tnn_node_operand(node, (size_t)link->from);
        if (i > 0) tnn_strbuf_add(&found, "; ");
        print_link(&found, link, from->shape.dims[link->from_dim].hint);
    }
    check_text(op, args, &found, expected);
    op_end();
}
