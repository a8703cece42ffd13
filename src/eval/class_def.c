/* Class statements.
 *
 *   class Conv2d(Module):
 *     __parameters__ = ["weight", ]          members
 *     weight : Tensor                        fields
 *     stride : Final[Tuple[int, int]] = (1, 1)
 *     __annotations__["0"] = Tensor          a field whose name is no identifier
 *     def forward(self: …, input: Tensor) -> Tensor:
 */
#include <string.h>

#include "eval/object.h"

/* What a class body is being read into. */
typedef struct body {
    tnn_frame *frame;
    tnn_class *type;
} body;

/* Bases that have no definition of their own. */
static tnn_class_base base_named(const tnn_ast *base) {
    static const struct {
        const char *name;
        tnn_class_base base;
    } bases[] = {{"Module", TNN_BASE_MODULE},
                 {"Enum", TNN_BASE_ENUM},
                 {"NamedTuple", TNN_BASE_NAMED_TUPLE},
                 {"ModuleInterface", TNN_BASE_INTERFACE},
                 {"Interface", TNN_BASE_INTERFACE}};
    for (size_t k = 0; base->kind == TNN_AST_NAME && k < sizeof(bases) / sizeof(bases[0]); k++)
        if (strcmp(bases[k].name, base->as.text) == 0) return bases[k].base;
    return TNN_BASE_NONE;
}

/* A base that is an expression of a Python program, or of a text of ours: another class. */
static tnn_status set_parent(body *b, const tnn_ast *base, tnn_error *err) {
    tnn_obj parent;
    if (base->kind == TNN_AST_NAME && strcmp(base->as.text, "object") == 0) return TNN_OK;
    TNN_TRY(tnn_run_expr(b->frame, base, &parent, err));
    const tnn_name *name = tnn_obj_name(&parent);
    if (!name || name->kind != TNN_NAME_CLASS)
        return tnn_frame_fail(b->frame, base, TNN_ERR_UNSUPPORTED, err, "a class that derives from ",
                              name && name->text ? name->text : tnn_obj_kind_text(&parent));
    b->type->parent = name->type;
    b->type->base = name->type->base;
    return TNN_OK;
}

static tnn_status set_base(body *b, const tnn_stmt *stmt, tnn_error *err) {
    const tnn_ast_items *bases = &stmt->as.class_def.bases;
    bool python = tnn_frame_is_python(b->frame);
    b->type->base = bases->n == 1 ? base_named(bases->items[0]) : TNN_BASE_NONE;
    if (python && bases->n > 1)
        return tnn_frame_fail(b->frame, bases->items[1], TNN_ERR_UNSUPPORTED, err, "a class with several bases", "");
    bool of_text = !b->frame->file && bases->n == 1 && bases->items[0]->kind == TNN_AST_ATTRIBUTE;
    return (python && bases->n == 1) || of_text ? set_parent(b, bases->items[0], err) : TNN_OK;
}

static tnn_status add_field(body *b, const char *name, const tnn_ast *annotation, tnn_error *err) {
    tnn_class *type = b->type;
    tnn_arena *arena = b->frame->interp->arena;
    const char **fields = tnn_arena_grow(arena, (void *)type->fields, type->n_fields, &type->cap_fields,
                                         type->n_fields + 1, sizeof(*fields));
    const tnn_ast **annotations = tnn_arena_grow(arena, (void *)type->annotations, type->n_fields,
                                                 &type->cap_annotations, type->n_fields + 1, sizeof(*annotations));
    if (!fields || !annotations) return tnn_fail_nomem(err);
    type->fields = fields;
    type->annotations = annotations;
    fields[type->n_fields] = name;
    annotations[type->n_fields++] = annotation;
    return TNN_OK;
}

static tnn_status add_member(body *b, const char *name, tnn_obj value, tnn_error *err) {
    tnn_obj *held = tnn_arena_copy(b->frame->interp->arena, &value, 1, sizeof(value));
    if (!held || tnn_strmap_set(&b->type->members, name, held) != TNN_OK) return tnn_fail_nomem(err);
    return TNN_OK;
}

/* NAME = value in an enum. */
static tnn_status add_enum_member(body *b, const char *name, tnn_obj value, tnn_error *err) {
    tnn_obj member;
    tnn_interp *interp = b->frame->interp;
    TNN_TRY(tnn_instance_new(interp, b->type, NULL, &member, err));
    TNN_TRY(tnn_instance_set(interp, member.as.instance, "name", tnn_obj_string(name), err));
    TNN_TRY(tnn_instance_set(interp, member.as.instance, "value", value, err));
    return add_member(b, name, member, err);
}

static tnn_status fail_stmt(const body *b, const tnn_stmt *stmt, tnn_error *err) {
    return tnn_fail_at(err, TNN_ERR_UNSUPPORTED, b->frame->where, stmt->position,
                       "line %lu: a statement that a class does not have", (unsigned long)stmt->line);
}

/* name = value, or __annotations__["name"] = type */
static tnn_status read_assign(body *b, const tnn_stmt *stmt, tnn_error *err) {
    const tnn_ast *target = stmt->as.assign.targets.items[0], *value = stmt->as.assign.value;
    tnn_obj result;
    if (target->kind == TNN_AST_SUBSCRIPT && target->as.subscript.index->kind == TNN_AST_STRING)
        return add_field(b, target->as.subscript.index->as.text, value, err);
    if (target->kind != TNN_AST_NAME) return fail_stmt(b, stmt, err);
    if (strcmp(target->as.text, "__annotations__") == 0) return TNN_OK;
    TNN_TRY(tnn_run_expr(b->frame, value, &result, err));
    if (b->type->base == TNN_BASE_ENUM) return add_enum_member(b, target->as.text, result, err);
    return add_member(b, target->as.text, result, err);
}

/* name : type, or name : Final[type] = value */
static tnn_status read_annotated(body *b, const tnn_stmt *stmt, tnn_error *err) {
    const tnn_ast *target = stmt->as.change.target;
    tnn_obj value;
    if (target->kind != TNN_AST_NAME) return fail_stmt(b, stmt, err);
    if (!stmt->as.change.value) return add_field(b, target->as.text, stmt->as.change.annotation, err);
    TNN_TRY(tnn_run_expr(b->frame, stmt->as.change.value, &value, err));
    return add_member(b, target->as.text, value, err);
}

static tnn_status read_def(body *b, const tnn_stmt *stmt, tnn_error *err) {
    tnn_obj method;
    TNN_TRY(tnn_run_def(b->frame, stmt, b->type, &method, err));
    return add_member(b, stmt->as.function->name, method, err);
}

static tnn_status read_stmt(body *b, const tnn_stmt *stmt, tnn_error *err) {
    TNN_TRY(tnn_interp_step(b->frame->interp, 1, err));
    if (stmt->kind == TNN_STMT_DEF) return read_def(b, stmt, err);
    if (stmt->kind == TNN_STMT_ASSIGN) return read_assign(b, stmt, err);
    if (stmt->kind == TNN_STMT_ANNOTATED) return read_annotated(b, stmt, err);
    bool says_nothing = stmt->kind == TNN_STMT_PASS ||
                        (stmt->kind == TNN_STMT_EXPR && stmt->as.value->kind == TNN_AST_STRING);
    return says_nothing ? TNN_OK : fail_stmt(b, stmt, err);
}

tnn_status tnn_class_define(tnn_frame *frame, const tnn_stmt *stmt, tnn_obj *out, tnn_error *err) {
    tnn_interp *interp = frame->interp;
    body b = {frame, TNN_NEW(interp->arena, tnn_class)};
    if (!b.type) return tnn_fail_nomem(err);
    b.type->name = frame->module ? tnn_arena_printf(interp->arena, "%s.%s", frame->module, stmt->as.class_def.name)
                                 : stmt->as.class_def.name;
    if (!b.type->name) return tnn_fail_nomem(err);
    b.type->file = frame->file;
    TNN_TRY(set_base(&b, stmt, err));
    tnn_strmap_init(&b.type->members, interp->arena);
    for (size_t k = 0; k < stmt->as.class_def.body.n; k++)
        TNN_TRY(read_stmt(&b, stmt->as.class_def.body.items[k], err));
    return tnn_name_new(interp, (tnn_name){.kind = TNN_NAME_CLASS, .text = b.type->name, .type = b.type}, out, err);
}
