/* Classes, dicts, text and what TorchScript writes as operators on numbers and lists. */
#include "eval_fixture.h"

#include <stdio.h>
#include <string.h>

static const char classes[] =
    "class Mode(Enum):\n"
    "    FAST = 1\n"
    "    SLOW = 'b'\n"
    "class Pair(NamedTuple):\n"
    "    a : Tensor\n"
    "    b : Optional[int]\n"
    "class Box:\n"
    "    n : int\n"
    "    limit : Final[int] = 7\n"
    "    __annotations__['0'] = int\n"
    "    def __init__(self: Box, n: int) -> NoneType:\n"
    "        self.n = n\n"
    "        return None\n"
    "    def grow(self: Box, by: int=1) -> int:\n"
    "        self.n = torch.add(self.n, by)\n"
    "        return self.n\n"
    "    def __enter__(self: Box) -> int:\n"
    "        return (self).grow(10)\n"
    "    def __exit__(self: Box, a, b, c) -> NoneType:\n"
    "        self.n = 0\n";

/* "assert EXPRESSION" after `before`, which is indented statements of main. */
static void holds(const char *before, const char *expression) {
    char text[2400];
    snprintf(text, sizeof(text), "%sdef main():\n%s    assert %s\n", classes, before, expression);
    tnn_obj out;
    if (fixture_run(text, &out) != TNN_OK) fail_msg("%s: %s", expression, fix.err.message);
}

static void makes_objects(void **state) {
    (void)state;
    static const char box[] = "    b = Box.__new__(Box)\n"
                              "    _0 = (b).__init__(2, )\n"
                              "    c = Box(3)\n";
    holds(box, "b.grow() == 3 and b.n == 3 and c.n == 3 and b.limit == 7");
    holds(box, "(b).grow(by=5) == 7 and getattr(c, 'n') == 3 and b is not c and b is b");
    holds("    b = Box(1)\n    with b as n:\n        m = b.n\n", "n == 11 and m == 11 and b.n == 0");
    holds("", "Mode.FAST == Mode(1) and Mode.FAST != Mode.SLOW and Mode.SLOW.name == 'SLOW'");
    holds("", "Mode.SLOW.value == 'b' and torch.eq(Mode.FAST, Mode.FAST) and Mode('b') is Mode.SLOW");
    holds("    p = Pair(1, None)\n", "p.a == 1 and p[1] is None and len(p) == 2 and (p)[0] == 1");
    holds("    p = Pair(1, 2)\n    a, b, = p\n", "a == 1 and b == 2");
}

static void knows_types(void **state) {
    (void)state;
    holds("", "isinstance(1, int) and isinstance([1], List[int]) and not isinstance([1.5], List[int])");
    holds("", "isinstance((1, 'a'), Tuple[int, str]) and not isinstance((1,), Tuple[int, str])");
    holds("", "isinstance(None, Optional[int]) and isinstance(2, Optional[int]) and not isinstance(2, NoneType)");
    holds("", "isinstance({}, Dict[str, int]) and isinstance(1.5, (int, float)) and isinstance([], [str, List[int]])");
    holds("", "annotate(List[int], []) == [] and unchecked_cast(int, 3) == 3");
    fixture_expect_error("def main():\n    x = uninitialized(int)\n    return x + 1\n", TNN_ERR_UNSUPPORTED,
                         "never set");
}

static void computes_dicts(void **state) {
    (void)state;
    static const char dict[] = "    d = {'a': 1, 'b': 2}\n";
    holds(dict, "d['a'] == 1 and len(d) == 2 and 'b' in d and 'c' not in d and torch.len(d) == 2");
    holds(dict, "torch.keys(d) == ['a', 'b'] and d.values() == [1, 2] and torch.items(d)[1] == ('b', 2)");
    holds(dict, "d.get('c') is None and torch.get(d, 'c', 5) == 5 and d.pop('a') == 1 and len(d) == 1");
    holds("    d = {1: 2}\n    torch._set_item(d, 3, 4)\n    d[1] = 0\n    torch.update(d, {5: 6})\n"
          "    torch.Delete(d, 3)\n", "d.keys() == [1, 5] and d[1] == 0 and torch.setdefault(d, 7, 8) == 8");
    holds("    d = dict([(1, 2)])\n    e = d.copy()\n    e.clear()\n", "d[1] == 2 and not e and torch.__contains__(d, 1)");
    fixture_expect_error("def main():\n    return {'a': 1}['b']\n", TNN_ERR_INVALID, "no such key: b");
}

static void computes_text(void **state) {
    (void)state;
    holds("", "torch.split('a,b', ',') == ['a', 'b'] and ' a  b '.split() == ['a', 'b'] and 'abc'[1] == 'b'");
    holds("", "torch.format('{} of {}', 1, 'x') == '1 of x' and '-'.join(['a', 'b']) == 'a-b'");
    holds("", "'aXa'.replace('a', 'bb') == 'bbXbb' and 'abc'.find('c') == 2 and 'Ab'.upper() == 'AB'");
    holds("", "'abc'.endswith('bc') and not 'abc'.startswith('b') and ' x '.strip() == 'x' and 'abcd'[::-2] == 'db'");
    holds("", "'\\303\\251' == '\\303\\251' and len('\\101') == 1 and '\\101' == 'A'");
}

static void computes_as_torchscript(void **state) {
    (void)state;
    holds("", "torch.add(1, 2) == 3 and torch.floordiv(7, 2) == 3 and torch.remainder(-7, 3) == 2");
    holds("", "torch.div(7, 2) == 3.5 and torch.pow(2, 3) == 8.0 and torch.neg(3) == -3 and torch.__not__(False)");
    holds("", "torch.lt(1, 2) and torch.ne([1], [2]) and torch.__is__(None, None) and torch.__isnot__(1, None)");
    holds("", "torch.__contains__([1, 2], 2) and torch.sum([1, 2]) == 3 and ops.prim.min([4, 5]) == 4");
    holds("", "torch.floor(2.5) == 2 and torch.sqrt(16) == 4.0 and torch.abs(-2) == 2 and torch.ceil(1.2) == 2");
    holds("", "torch.__range_length(1, 8, 2) == 4 and torch.__derive_index(2, 1, 3) == 7 and torch.divmod(7, 2) == (3, 1)");
    holds("    x = torch.ones([2, 3])\n", "torch.eq(torch.size(x), [2, 3]) and torch.size(x, 1) == 3");
    holds("    x = [3, 1, 2]\n    y = torch.append(x, 0)\n    z = torch.sort(x)\n", "x == [0, 1, 2, 3]");
    holds("    x = [3, 1]\n    y = torch.add_(x, [5])\n", "x == [3, 1, 5] and torch.slice(x, 1, None, 1) == [1, 5]");
    holds("    x = [3, 1, 3]\n    torch.remove(x, 3)\n    torch.insert(x, 0, 9)\n", "x == [9, 1, 3]");
    holds("", "[1, 2, 3, 4][-1:0:-2] == [4, 2] and [1, 2, 3][-9:9] == [1, 2, 3] and inf > 1 and nan != nan");
    fixture_expect_error("def main():\n    ops.prim.RaiseException('no way', 'builtins.ValueError')\n",
                         TNN_ERR_INVALID, "the program raises: no way");
    fixture_expect_error("def main():\n    return ops.prim.no_such(1)\n", TNN_ERR_UNSUPPORTED, "prim.no_such");
}

/* Numbers come out of tensors that depend on constants alone. */
static void takes_numbers(void **state) {
    (void)state;
    holds("    t = torch.tensor([[1, 2], [3, 4]])\n", "int(t[1, 0]) == 3 and t.shape == (2, 2)");
    holds("    t = torch.tensor([1.5, 2.5], dtype=torch.float64) * 2\n", "float(t[0] + t[1]) == 8.0");
    holds("    n = ops.prim.NumToTensor(6)\n", "int(torch.floor_divide(n, 4)) == 1 and bool(n > 5)");
    fixture_input("x", TNN_DTYPE_F32, 1, (const int64_t[]){2});
    fixture_expect_error("def main(x):\n    return int(x[0])\n", TNN_ERR_UNSUPPORTED, "depends on an input");
}

static void refuses_what_makes_no_sense(void **state) {
    (void)state;
    fixture_expect_error("class A:\n    x = 1\ndef main():\n    return A().y\n", TNN_ERR_INVALID, "no attribute y");
    fixture_expect_error("class A:\n    for i in [1]:\n        pass\n", TNN_ERR_UNSUPPORTED, "a class does not have");
    fixture_expect_error("class A(Enum):\n    B = 1\ndef main():\n    return A(2)\n", TNN_ERR_INVALID, "no member");
    fixture_expect_error("def main():\n    return CONSTANTS.c0\n", TNN_ERR_MALFORMED, "there is no constant c0");
    fixture_expect_error("def main():\n    return torch.tensor([[1], [2, 3]])\n", TNN_ERR_INVALID, "different lengths");
    fixture_expect_error("def main():\n    return '\\0'\n", TNN_ERR_MALFORMED, "octal");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(makes_objects),  TEST(knows_types),   TEST(computes_dicts),
        TEST(computes_text),  TEST(computes_as_torchscript), TEST(takes_numbers),
        TEST(refuses_what_makes_no_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
