"""The options of TFLiteConverter: what each must be, and which have nothing behind them yet."""

import logging
from typing import Any

from .._options import ConvertOptions, DynamicRange

_logger = logging.getLogger("tinynn.converter")
_INTEGER_TYPES = ("uint8", "int8", "int16")

# Options that need what tinynn does not have yet: name, the only value that is possible, and what is lacking.
_LACKING = (
    ("strict_symmetric_check", False, "quantization"),
    ("quantize_target_type", "uint8", "quantization"),
    ("quantize_input_output_type", None, "quantization"),
    ("fuse_quant_dequant", False, "quantization"),
    ("fuse_input_indices", None, "quantization"),
    ("fuse_output_indices", None, "quantization"),
    ("rewrite_quantizable", False, "quantization"),
    ("map_bilstm_to_lstm", False, "fused LSTM operators"),
    ("hybrid_int16_lstm", False, "fused LSTM operators"),
    ("hybrid_gen_single_op_models", False, "dynamic range quantization"),
)


def _check_types(options: dict[str, Any]) -> None:
    target = options["quantize_target_type"]
    if target not in _INTEGER_TYPES:
        raise AttributeError(f"quantize_target_type {target!r}: expected one of {_INTEGER_TYPES}")
    if target == "int16" and not options["strict_symmetric_check"]:
        raise AttributeError("quantize_target_type 'int16' needs strict_symmetric_check=True")
    io_type = options["quantize_input_output_type"]
    if io_type is None:
        return
    assert options["fuse_quant_dequant"], "quantize_input_output_type needs fuse_quant_dequant=True"
    assert io_type in _INTEGER_TYPES, f"quantize_input_output_type {io_type!r}: expected one of {_INTEGER_TYPES}"
    if io_type == "int16" and target != "int16":
        raise AttributeError("quantize_input_output_type 'int16' needs quantize_target_type='int16'")


def _check_hybrid(options: dict[str, Any]) -> None:
    weights = options["hybrid_quantize_weight_type"] or options["quantize_target_type"]
    if not options["hybrid_quantization_from_float"]:
        return
    if weights == "int16":
        raise AttributeError("hybrid_quantize_weight_type 'int16' is not possible")
    if weights not in ("int8", "uint8"):
        raise AttributeError(f"hybrid_quantize_weight_type {weights!r}: expected 'int8' or 'uint8'")
    if weights == "uint8" and options["hybrid_per_channel"]:
        raise AttributeError("hybrid_per_channel=True needs weights of type 'int8', found 'uint8'")
    if weights == "uint8":
        _logger.warning("weights become int8: uint8 is for runtimes older than TensorFlow 1.14, and the numbers are the same")


def _check_dumps(options: dict[str, Any]) -> None:
    if options["dump_config_path"]:
        assert options["dump_jit_model_path"], "dump_config_path needs dump_jit_model_path"


def _dynamic_range(options: dict[str, Any]) -> bool | DynamicRange:
    if not options["hybrid_quantization_from_float"]:
        return False
    return {
        "per_tensor": not options["hybrid_per_channel"],
        "symmetric_inputs": not options["hybrid_asymmetric_inputs"],
        "linear_only": not options["hybrid_conv"],
        "even_if_slower": True,
        "min_elems": 0,
        "floats": [name for name, wanted in (options["hybrid_config"] or {}).items() if not wanted],
    }


def core_options(options: dict[str, Any]) -> ConvertOptions:
    """Those that Model.convert knows, under its names."""
    return {
        "split_groups": bool(options["group_conv_rewrite"]),
        "dynamic_range": _dynamic_range(options),
        "float16": bool(options["float16_quantization"]),
        "legacy_gelu": bool(options["legacy_gelu"]),
        "tconv_bias_as_add": not options["conv_transpose_with_bias"],
        "separate_gates": bool(options["separated_rnn_gate_calc"]),
        "max_transpose_dims": max(options["max_transpose_dims"], 0),
        "mtk_ops": bool(options["enable_mtk_ops"]),
        "micro": bool(options["tflite_micro_rewrite"]),
        "optimize": options["optimize"],
    }


def check_options(options: dict[str, Any]) -> None:
    """Raise AttributeError or AssertionError for values that TinyNN refuses, and NotImplementedError, which names them
    all, for options that would have an effect in TinyNN and have none here."""
    _check_types(options)
    _check_hybrid(options)
    _check_dumps(options)
    hybrid = options["hybrid_quantization_from_float"]
    found = [
        f"{name}={options[name]!r} ({lack})"
        for name, value, lack in _LACKING
        if options[name] != value and not (hybrid and name == "quantize_target_type")  # it is the type of weights then
    ]
    if found:
        raise NotImplementedError("not done yet: " + ", ".join(found))
