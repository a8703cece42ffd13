"""TFLiteConverter, with the arguments, defaults, errors and attributes of TinyNN's."""

import gc
import logging
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from .. import _saving as saving
from .._custom import CustomOps
from .._errors import UnsupportedOperators
from .._load import load
from .._model import Model, Value
from ..util.converter_util import generate_converter_config
from .options import check_options, core_options

log = logging.getLogger(__name__)

Transposes = bool | list[bool] | None


class GraphOptimizer:
    """The levels of the option `optimize`."""

    NO_OPTIMIZE = 0
    FOLD_BUFFER = 1
    FUSE_BN = 2
    COMMON_OPTIMIZE = 3
    BRANCH_OPTIMIZE = 4
    BRANCH_OPTIMIZE_EXTENDED = 5
    ALL_OPTIMIZE = 5


def _transposes(wanted: Transposes, values: list[Value]) -> list[bool]:
    """One flag a value: whether it is channels-last in the file. None: those of four dimensions are."""
    if wanted is None:
        return [len(value.shape) == 4 for value in values]
    flags = [wanted[i] if isinstance(wanted, (list, tuple)) else wanted for i in range(len(values))]
    for flag, value in zip(flags, values):
        assert not flag or len(value.shape) == 4, f"{value.name} has {len(value.shape)} dimensions, a transpose needs 4"
    return [bool(flag) for flag in flags]


def _layouts(transposes: list[bool]) -> list[str]:
    return ["nhwc" if transpose else "nchw" for transpose in transposes]


def _input_spec(tensor: Any) -> tuple[tuple[int, ...], str]:
    return tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")


def _numpy(tensor: Any) -> np.ndarray[Any, Any]:
    return np.asarray(tensor.detach().cpu().numpy() if hasattr(tensor, "detach") else tensor)


class TFLiteConverter:
    """Convert a network to a `.tflite` file.

        TFLiteConverter(model, dummy_input, "out/model.tflite").convert()

    `model` is a module, a function, a ScriptModule, a ScriptFunction, an ExportedProgram, or the path of a file that
    `torch.jit.save` or `torch.export.save` wrote. `dummy_input` is a tensor or a (nested) tuple or list of tensors whose
    shapes and dtypes are those of the inputs; None for a path or ExportedProgram that says them itself.
    4-D inputs and outputs are channels-last in the file, unless `nchw_transpose` is False; `input_transpose` and
    `output_transpose`, a bool or a list of them, decide for all or for each. `use_export=True` takes torch.export rather
    than torch.jit.trace. `custom_ops` defines operators, as that of tinynn.load. docs/python.md says what the other options do; those whose effect is lacking raise
    NotImplementedError.
    """

    def __init__(
        self,
        model: Any,
        dummy_input: Any,
        tflite_path: str | os.PathLike[str],
        input_transpose: Transposes = None,
        output_transpose: Transposes = None,
        nchw_transpose: bool = True,
        dump_jit_model_path: str | None = None,
        dump_dummy_input_path: str | None = None,
        dump_config_path: str | None = None,
        strict_symmetric_check: bool = False,
        preserve_tensors: bool = False,
        optimize: int = GraphOptimizer.ALL_OPTIMIZE,
        quantize_target_type: str = "uint8",
        quantize_input_output_type: str | None = None,
        hybrid_quantization_from_float: bool = False,
        hybrid_per_channel: bool = False,
        hybrid_asymmetric_inputs: bool = True,
        hybrid_quantize_weight_type: str | None = None,
        fuse_quant_dequant: bool = False,
        fuse_input_indices: list[int] | None = None,
        fuse_output_indices: list[int] | None = None,
        gc_when_reload: bool = False,
        group_conv_rewrite: bool = False,
        rewrite_quantizable: bool = False,
        tflite_micro_rewrite: bool = False,
        map_bilstm_to_lstm: bool = False,
        float16_quantization: bool = False,
        enable_mtk_ops: bool = False,
        conv_transpose_with_bias: bool = True,
        max_transpose_dims: int = -1,
        hybrid_conv: bool = True,
        hybrid_int16_lstm: bool = False,
        unroll_rnn: bool = False,
        separated_rnn_gate_calc: bool = False,
        bypass_elementwise_passthrough_constraint: bool = False,
        hybrid_gen_single_op_models: bool = False,
        hybrid_config: dict[str, bool] | None = None,
        group_tensors: bool = False,
        missing_outputs_as_constants: bool = False,
        legacy_gelu: bool = False,
        *,
        use_export: bool = False,
        custom_ops: CustomOps = None,
    ) -> None:
        self._options = {name: value for name, value in locals().items() if name not in ("self", "model", "dummy_input")}
        check_options(self._options)
        self.model = model
        self.dummy_input = dummy_input
        self.tflite_path = os.fspath(tflite_path)
        self.input_transpose = input_transpose if nchw_transpose else False
        self.output_transpose = output_transpose if nchw_transpose else False
        self.common_graph = SimpleNamespace(input_transpose=None, output_transpose=None)
        self.report: dict[str, Any] | None = None
        self._values: dict[str, Any] = {}

    def _load(self) -> Model:
        options = self._options
        keep = options["dump_jit_model_path"]
        specs = [_input_spec(tensor) for tensor in saving.flatten(self.dummy_input)] or None
        with saving.saved(self.model, self.dummy_input, keep, options["use_export"]) as path:
            if options["gc_when_reload"]:
                gc.collect()
            return load(path, specs, custom_ops=options["custom_ops"])

    def _decide_transposes(self, model: Model) -> None:
        self.input_transpose = _transposes(self.input_transpose, model.inputs)
        wanted, outputs = self.output_transpose, model.outputs
        if isinstance(wanted, (list, tuple)):
            assert len(wanted) == len(outputs), f"output_transpose has {len(wanted)} flags for {len(outputs)} outputs"
        self.output_transpose = _transposes(wanted, outputs)
        self.common_graph.input_transpose = self.input_transpose
        self.common_graph.output_transpose = self.output_transpose

    def _dump(self) -> None:
        options = self._options
        tensors = saving.flatten(self.dummy_input)
        if options["dump_dummy_input_path"]:
            np.savez(options["dump_dummy_input_path"], *map(_numpy, tensors))
        if options["dump_config_path"]:
            generate_converter_config(tensors, [], self.input_transpose, self.output_transpose,
                                      options["dump_jit_model_path"], self.tflite_path, options["dump_config_path"])

    def _write(self, model: Model) -> dict[str, Any]:
        inputs, outputs = _layouts(self.common_graph.input_transpose), _layouts(self.common_graph.output_transpose)
        options = core_options(self._options)
        options["input_layouts"], options["output_layouts"] = inputs, outputs
        try:
            return model.convert(self.tflite_path, **options)
        except UnsupportedOperators as error:
            if any("TRANSPOSE" in lack.reason for lack in error.operators):  # of more than max_transpose_dims
                raise AssertionError(str(error)) from error
            raise

    def _compute(self, model: Model) -> dict[str, Any]:
        """All values between inputs and outputs as tensors, by the reference kernels."""
        import torch

        arrays = [_numpy(tensor) for tensor in saving.flatten(self.dummy_input)]
        return {name: torch.from_numpy(array) for name, array in model.run_values(*arrays).items()}

    def convert(self) -> None:
        """Write the file, whose folder is made when it does not exist. It appears whole or not at all.

        What was done stands in `report` afterwards, and the decisions in `input_transpose` and `output_transpose`. Raises
        tinynn.UnsupportedOperators with all that is lacking, or tinynn.Error.
        """
        model = self._load()
        self._decide_transposes(model)
        self._dump()
        Path(self.tflite_path).absolute().parent.mkdir(parents=True, exist_ok=True)
        self.report = self._write(model)
        if self._options["preserve_tensors"]:
            self._values = self._compute(model)
        for warning in self.report["warnings"]:
            log.warning("%s", warning)
        log.info("%s: %d operators, %d transposes", self.tflite_path, self.report["n_operators"],
                 self.report["n_transposes"])

    def unsupported_operations(self) -> list[str]:
        """The operators that keep the network from being converted, each once."""
        try:
            self._load().check()
        except UnsupportedOperators as error:
            return [lack.op for lack in error.operators]
        return []

    def inputs_for_tflite(self) -> list[np.ndarray[Any, Any]]:
        """The dummy inputs in the order of dimensions that the file wants."""
        arrays = [_numpy(tensor) for tensor in saving.flatten(self.dummy_input)]
        values = [Value("", array.dtype.name, array.shape) for array in arrays]
        flags = _transposes(self.input_transpose, values)
        return [np.transpose(array, (0, 2, 3, 1)) if flag else array for array, flag in zip(arrays, flags)]

    def get_outputs(self) -> list[Any]:
        """The tensors that PyTorch computes from the dummy inputs, in PyTorch's order of dimensions."""
        import torch

        assert callable(self.model), "get_outputs needs a module or a function"
        with torch.no_grad():
            return saving.flatten(self.model(*saving.as_arguments(self.dummy_input)))

    def get_value(self, name: str, default_value: Any = None) -> Any:
        """The tensor that the network computes under this name from the dummy inputs, in PyTorch's order of dimensions;
        the default where there is none. There are some after `convert` with `preserve_tensors=True`."""
        return self._values.get(name, default_value)

    def tensor_names(self) -> list[str]:
        """The names for `get_value`: inputs and results of operators, as in the graph's text, in its order."""
        return list(self._values)

    def visualize(self, hide_constants: bool = True) -> None:
        """Print the graph, one line an operator, with shapes and types; `hide_constants` False: the constants, too."""
        lines = self._load().text().splitlines()
        print("\n".join(line for line in lines if not (hide_constants and line.startswith("const "))))
