"""Models: look at, run, convert."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ._arrays import copy_array, describe_arrays, numpy_dtype
from ._errors import Call
from ._graph import Graph
from ._native import c_texts, ffi, lib, take_text, text
from ._options import Array, ConvertOptions, Path, Shape, convert_options, fail, input_specs
from ._progress import Progress, SampleProgress, relayed, relayed_samples
from ._quantize import InputStats, Precision, quantize_options, read_precision, set_input_stats
from ._report import Report
from ._samples import Samples, reading
from ._statistics import Statistics
from ._summary import Summary

if TYPE_CHECKING:
    from typing_extensions import Unpack

_log = logging.getLogger("tinynn")


@dataclass(frozen=True)
class Value:
    """An input or output: its name in the model, PyTorch's name of its dtype, its shape in PyTorch's order."""

    name: str
    dtype: str
    shape: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.name}: {self.dtype}{list(self.shape)}"


def _value(info: Any) -> Value:
    return Value(text(info.name), text(lib.tnn_dtype_name(info.dtype)), tuple(info.dims[0 : info.rank]))


def _take_report(report: Any) -> Report:
    """The C report as Python's; the C object is released."""
    try:
        page = lib.tnn_report_analysis_page(report)
        return Report(json.loads(text(lib.tnn_report_json(report))), text(page) if page else None)
    finally:
        lib.tnn_report_free(report)


class Model:
    """A network as tinynn reads it, called `name`. Made by `load`."""

    def __init__(self, handle: Any, name: str):
        self._handle = ffi.gc(handle, lib.tnn_model_free)
        self._runner: Any = None
        self.name = name

    def __repr__(self) -> str:
        inputs, outputs = (", ".join(map(str, values)) for values in (self.inputs, self.outputs))
        return f"<tinynn.Model {self.name}: {inputs} -> {outputs}>"

    @property
    def inputs(self) -> list[Value]:
        """In the order in which `run` takes them."""
        count = lib.tnn_model_n_inputs(self._handle)
        return [_value(lib.tnn_model_input(self._handle, i)) for i in range(count)]

    @property
    def outputs(self) -> list[Value]:
        """In the order in which `run` gives them."""
        count = lib.tnn_model_n_outputs(self._handle)
        return [_value(lib.tnn_model_output(self._handle, i)) for i in range(count)]

    @property
    def warnings(self) -> list[str]:
        """What reading the file warned of, one line each."""
        count = lib.tnn_model_n_warnings(self._handle)
        return [text(lib.tnn_model_warning(self._handle, i)) for i in range(count)]

    def text(self) -> str:
        """The graph, one line a node, with shapes and symbolic sizes."""
        call = Call()
        out = ffi.new("char **")
        call.check(lib.tnn_model_text(self._handle, out, call.error))
        return take_text(out[0])

    def run(self, *arrays: Array, reference: bool = False) -> list[Array]:
        """Run the network, in PyTorch's order of dimensions, without PyTorch.

        One array an input, with the dtype and shape that `inputs` says; one array an output comes back. The first run
        plans those that follow. With `reference` the kernels are the plain ones that define the operators: slow, and
        without folding anything.
        Raises Error (code "invalid") when an array does not fit.
        """
        given = self._input_arrays(arrays)
        results = [np.empty(value.shape, numpy_dtype(value.dtype)) for value in self.outputs]
        call = Call()
        described = describe_arrays(given), describe_arrays(results)
        if reference:
            call.check(lib.tnn_model_run(self._handle, *described, call.error))
        else:
            call.check(lib.tnn_runner_run(self._planned(), *described, call.error))
        return results

    def run_many(self, samples: Sequence[Sequence[Array]], threads: int = 1) -> list[list[Array]]:
        """As `run`, for the inputs of many samples, by several threads at a time; a list of outputs for each."""
        given = [self._input_arrays(arrays) for arrays in samples]
        outputs = self.outputs
        results = [[np.empty(value.shape, numpy_dtype(value.dtype)) for value in outputs] for _ in given]
        inputs, found = (describe_arrays([array for arrays in lists for array in arrays]) for lists in (given, results))
        call = Call()
        call.check(lib.tnn_runner_run_many(self._planned(), len(given), threads, inputs, found, call.error))
        return results

    def _planned(self) -> Any:
        """The runner, made when it is first needed."""
        if self._runner is None:
            out, call = ffi.new("tnn_runner **"), Call()
            call.check(lib.tnn_runner_new(out, self._handle, ffi.NULL, call.error))
            model = self._handle  # which the runner reads: it must be released after it
            self._runner = ffi.gc(out[0], lambda runner, _model=model: lib.tnn_runner_free(runner))
        return self._runner

    def run_values(self, *arrays: Array, names: Sequence[str] | None = None) -> dict[str, Array]:
        """As `run`, but the values by the names of `text()`: inputs and the results of all operators, or those of
        `names`, for which nothing else is computed. bfloat16, which numpy does not have, comes as float32 of the same
        numbers.

        Raises Error (code "invalid") when an array does not fit or a name is none of them.
        """
        given = self._input_arrays(arrays)
        wanted, texts = c_texts(names)
        call, out = Call(), ffi.new("tnn_arrays *")
        inputs, count = describe_arrays(given), len(names or ())
        call.check(lib.tnn_model_run_values(self._handle, inputs, wanted, count, out, call.error))
        del texts  # the C library reads them until here
        try:
            return {text(item.name): copy_array(item.array) for item in out.items[0 : out.n]}
        finally:
            lib.tnn_arrays_free(out)

    def _input_arrays(self, arrays: Sequence[Array]) -> list[Array]:
        """The inputs, dense."""
        if len(arrays) != len(self.inputs):
            raise fail(f"the model takes {len(self.inputs)} inputs, found {len(arrays)}")
        return [np.asarray(array, order="C") for array in arrays]

    @property
    def graph(self) -> Graph:
        """The graph as it was read: nodes and values to walk, and a picture in notebooks."""
        call = Call()
        out = ffi.new("char **")
        call.check(lib.tnn_model_graph_json(self._handle, out, call.error))
        return Graph(json.loads(take_text(out[0])), self.text())

    def summary(self, depth: int | None = None) -> Summary:
        """A table of the modules and operators with shapes, parameters and multiply-accumulates; with `depth`, modules
        further inside are summed up."""
        return Summary(self.graph, self.name, depth)

    def to_tflite(
        self, path: Path, layout: str = "nhwc", *, progress: Progress = None, **options: Unpack[ConvertOptions]
    ) -> Report:
        """Write a `.tflite` file, which appears whole or not at all, and return the report of the conversion.

        `layout` "nhwc" makes 4-D inputs and outputs channels-last, as programs for LiteRT expect; "nchw" leaves them as
        in PyTorch. ConvertOptions says what else there is. `progress` is called with the fraction that is done and the
        bytes that are written; when it returns False the conversion ends with an Error of code "cancelled", and when it
        raises, with what it raised. True shows a bar where tqdm is installed. Warnings go to the logger "tinynn".

        Raises UnsupportedOperators with all that is lacking, TypeError for an option that does not exist, or Error.
        """
        report = self.convert(path, layout, progress=progress, **options)
        for warning in report.warnings:
            _log.warning("%s: %s", self.name, warning)
        _log.info("%s: %d operators, %d transposes, %d bytes", os.fspath(path), report.n_operators, report.n_transposes,
                  report.file_bytes)
        return report

    def convert(
        self, path: Path, layout: str = "nhwc", *, progress: Progress = None, **options: Unpack[ConvertOptions]
    ) -> Report:
        """As `to_tflite`, and nothing is logged."""
        call, report = Call(), ffi.new("tnn_report **")
        c_options, kept = convert_options(layout, options)
        with relayed(progress, os.path.basename(os.fspath(path))) as relay:
            if relay:
                c_options.progress = relay.function
            status = lib.tnn_model_convert(self._handle, os.fsencode(path), c_options, report, call.lacks, call.error)
        del kept  # the C library reads it until here
        call.check(status)
        return _take_report(report[0])

    def calibrate(
        self,
        samples: Samples,
        *,
        n_threads: int = 1,
        progress: SampleProgress = None,
        **options: Unpack[ConvertOptions],
    ) -> Statistics:
        """Run all samples, which are those of `quantize`, and return what the values of the model are like.

        The statistics are of the model as it is converted with `options`, and the same for any number of threads. `progress`
        is called with the numbers of samples that are done and of all; False that it returns, and what it raises, end
        the work. True shows a bar where tqdm is installed.
        Raises what a sample raises, and Error when one does not fit or makes a value NaN or infinite.
        """
        call, out = Call(), ffi.new("tnn_statistics **")
        c_options, kept = convert_options("nhwc", options)
        chosen = ffi.new("tnn_collect_options *", lib.tnn_collect_options_default())
        chosen.n_threads = n_threads
        with reading(samples, len(self.inputs), n_threads) as reader, relayed_samples(progress) as relay:
            if relay:
                chosen.progress = relay.function
            status = lib.tnn_statistics_collect(out, self._handle, reader.struct, c_options, chosen, call.error)
        del kept  # the C library reads it until here
        call.check(status)
        return Statistics(out[0])

    def quantize(
        self,
        path: Path,
        samples: Samples | None = None,
        layout: str = "nhwc",
        *,
        statistics: Statistics | None = None,
        algorithm: str = "l2",
        percentile: float = 99.99,
        io: str = "float32",
        input_stats: InputStats | None = None,
        per_tensor: bool = False,
        equalize: bool = True,
        search_ranges: bool = True,
        correct_biases: bool = True,
        analytic_bias: bool = False,
        absorb_biases: bool = False,
        adaround: bool = False,
        concat: str = "keep",
        config: Precision | None = None,
        auto_exclude: float | None = None,
        analyze: bool = False,
        n_threads: int = 1,
        progress: SampleProgress = None,
        **options: Unpack[ConvertOptions],
    ) -> Report:
        """Write a `.tflite` file of 8-bit integers, whose ranges are taken from `samples`, or from `statistics`.

        A sample is an array or tensor with the input's dtype and shape, or of several inputs a sequence of them, in
        PyTorch's order of dimensions. Samples that have numbers (a list, a Dataset) are asked for one by one when they are wanted,
        several times and by `n_threads` threads; others, as a DataLoader's, are put into a temporary file. Memory does not grow with
        their number.

        `algorithm` chooses ranges: "l2" for the least mean square error, "minmax", "average" of
        the samples' extremes, "percentile" or "kl". Weights have a scale an output channel, or one with `per_tensor`. `equalize`
        scales channels of different ranges alike, `search_ranges` tries several ranges, with "l2", where a few numbers lie far
        from the others, and takes those that serve the outputs best, `correct_biases` takes back what rounding weights does
        to means: by the samples, or with `analytic_bias` by the statistics of batch norms. `absorb_biases` moves what channels behind a
        ReLU never fall below into the next layers. `adaround` rounds weights up or down as suits what they are multiplied with.
        `concat` says what becomes of a concatenation whose parts differ much in range, as
        boxes and scores, of which a warning tells: "keep", "split" (where it is an output, its parts become outputs) or "float".
        With `statistics` nothing changes the values, and without samples nothing is done that needs them: the report's
        "left_out" says so. `io` is the type of real inputs and outputs: "float32", "int8" or "uint8".

        Operators without an integer kernel stay float, those that `config` says, the path of a YAML file as
        `write_quantize_config` writes it, or a dictionary of the same, and with `auto_exclude` those that cost most, until
        the signal of the outputs is so many dB above their noise. `analyze` measures what each operator loses, for `Report.analysis`.

        `input_stats` says of inputs, in order or by name, that the file takes bytes as they are: (mean, std) for (byte - mean) / std,
        numbers or one a channel. The input is uint8, or int8, the byte - 128, with `io` "int8"; samples are what the model takes
        all the same. Means and stds of channels are folded into the first convolution, which must not pad with zeros
        unless the means are one whole number. `progress` is as of `calibrate`.
        Raises what `to_tflite` and a sample raise, and Error when a sample does not fit or makes a value NaN, or gives a layer
        infinite numbers, or when the statistics are of another model.
        """
        if samples is None and statistics is None:
            raise TypeError("quantize needs samples or statistics")
        call, report = Call(), ffi.new("tnn_report **")
        c_options, kept = convert_options(layout, options)
        chosen = quantize_options(
            algorithm, percentile, io, per_tensor, equalize, search_ranges, correct_biases, analytic_bias, absorb_biases,
            adaround, concat, auto_exclude, analyze, n_threads
        )
        kept_stats = set_input_stats(chosen, input_stats)
        precision = chosen.precision = read_precision(config)
        chosen.statistics = ffi.NULL if statistics is None else statistics._handle
        given = nullcontext() if samples is None else reading(samples, len(self.inputs), n_threads)
        with given as reader, relayed_samples(progress) as relay:
            if relay:
                chosen.progress = relay.function
            struct = reader.struct if reader else ffi.NULL
            status = lib.tnn_model_quantize(
                self._handle, os.fsencode(path), struct, c_options, chosen, report, call.lacks, call.error
            )
        del kept, kept_stats, precision  # the C library reads it until here
        call.check(status)
        return _take_report(report[0])

    def to_program(
        self,
        path: Path,
        name: str = "Net",
        *,
        weights_path: Path | None = None,
        names_of: Model | None = None,
        examples: Sequence[Shape] | None = None,
        force: bool = False,
    ) -> None:
        """Write a PyTorch program to look at, change and train: `path`, which ends in ".py", and its weights in a file
        whose name ends in ".pth", or in `weights_path`. Its class is called `name`. The model is one that was loaded
        `as_written`. Of `names_of`, the same network loaded in another mode, it has the names of what both share.
        `examples` are shapes of inputs that the program runs itself with, one each. Files that are there, which may have
        been edited, are kept unless `force`.

        Raises Error: for files that are there, an operator that has no form in PyTorch, or what cannot be written.
        """
        call = Call()
        options = ffi.new("tnn_codegen_options *", lib.tnn_codegen_options_default())
        class_name = options.class_name = ffi.new("char[]", name.encode())
        weights = ffi.NULL if weights_path is None else ffi.new("char[]", os.fsencode(weights_path))
        options.weights_path = weights
        options.names_of = ffi.NULL if names_of is None else names_of._handle
        specs, count, _ = input_specs(examples)
        options.examples, options.n_examples = (specs, count) if examples else (ffi.NULL, 0)
        options.force = force
        call.check(lib.tnn_model_codegen(self._handle, os.fsencode(path), options, call.error))
        del class_name, weights, specs  # the C library reads them until here

    def _program_names(self, names_of: Model | None = None) -> dict[str, Any]:
        """What the parts of the program are called: tnn_model_program_json."""
        call, out = Call(), ffi.new("char **")
        followed = ffi.NULL if names_of is None else names_of._handle
        call.check(lib.tnn_model_program_json(self._handle, followed, out, call.error))
        names: dict[str, Any] = json.loads(take_text(out[0]))
        return names

    def write_quantize_config(self, path: Path, layout: str = "nhwc", **options: Unpack[ConvertOptions]) -> None:
        """Write a YAML file that says of every operator whether `quantize` makes integers of it, to be edited and given
        to `quantize` as `config`. docs/mixed-precision.md explains it.
        """
        call, out = Call(), ffi.new("char **")
        c_options, kept = convert_options(layout, options)
        status = lib.tnn_model_precision_text(self._handle, c_options, out, call.lacks, call.error)
        del kept  # the C library reads it until here
        call.check(status)
        with open(path, "w", encoding="utf-8") as file:
            file.write(take_text(out[0]))

    def check(self, layout: str = "nhwc", **options: Unpack[ConvertOptions]) -> Report:
        """The report of a conversion that writes nothing. Raises what `to_tflite` raises."""
        call, report = Call(), ffi.new("tnn_report **")
        c_options, kept = convert_options(layout, options)
        call.check(lib.tnn_model_check(self._handle, c_options, report, call.lacks, call.error))
        del kept  # the C library reads it until here
        return _take_report(report[0])
