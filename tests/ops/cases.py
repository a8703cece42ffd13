"""All cases of the operator tests."""

import cases_conv
import cases_pointwise
import cases_pool
import cases_shape

CASES = cases_conv.CASES + cases_pointwise.CASES + cases_pool.CASES + cases_shape.CASES

_names = [case.name for case in CASES]
assert len(_names) == len(set(_names)), "two cases have one name"
