"""All cases of the operator tests."""

import cases_arrange
import cases_attention
import cases_cell
import cases_compare
import cases_conv
import cases_floats
import cases_index
import cases_linalg
import cases_loss
import cases_integers
import cases_math
import cases_memory
import cases_norm
import cases_order
import cases_pointwise
import cases_pool
import cases_product
import cases_reduce
import cases_resize
import cases_sample
import cases_scatter
import cases_shape
import cases_small
import cases_special
import cases_statistics

FAMILIES = [
    cases_arrange,
    cases_attention,
    cases_cell,
    cases_compare,
    cases_conv,
    cases_floats,
    cases_index,
    cases_linalg,
    cases_loss,
    cases_integers,
    cases_math,
    cases_memory,
    cases_norm,
    cases_order,
    cases_pointwise,
    cases_pool,
    cases_product,
    cases_reduce,
    cases_resize,
    cases_sample,
    cases_scatter,
    cases_shape,
    cases_small,
    cases_special,
    cases_statistics,
]

CASES = [case for family in FAMILIES for case in family.CASES]

_names = [case.name for case in CASES]
assert len(_names) == len(set(_names)), "two cases have one name"
