"""A network and how to convert it as two files: NAME.pt, and NAME.json with paths, shapes, dtypes and transposes."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Transposes = bool | Sequence[bool] | None


def _type_name(tensor: Any) -> str:
    """"float32"; "uint8" for torch.quint8."""
    name = str(tensor.dtype)
    return name.removeprefix("torch.q") if name.startswith("torch.q") else name.removeprefix("torch.")


def _flags(what: str, wanted: Transposes, tensors: Sequence[Any]) -> list[bool]:
    """One flag a tensor; None: those of four dimensions."""
    if wanted is None:
        return [len(tensor.shape) == 4 for tensor in tensors]
    if isinstance(wanted, bool):
        return [wanted] * len(tensors)
    right = len(wanted) == len(tensors) and all(isinstance(flag, bool) for flag in wanted)
    assert right, f"{what} transpose should either be boolean or list of booleans"
    return list(wanted)


def generate_converter_config(
    inputs: Sequence[Any],
    outputs: Sequence[Any],
    input_transpose: Transposes,
    output_transpose: Transposes,
    export_file: str,
    tflite_path: str | None = None,
    config_path: str | None = None,
) -> None:
    """Write the JSON file of a network saved in `export_file`.

    `inputs` and `outputs` are tensors, in PyTorch's order of dimensions. Without `tflite_path` and `config_path` the files
    stand beside `export_file`. Raises AssertionError for flags that are no bools or not one a tensor; the flags of no
    outputs are not looked at.
    """
    source = os.path.abspath(export_file)
    stem = os.path.splitext(source)[0]
    flags_out = _flags("output", output_transpose, outputs) if outputs else []
    config = {
        "src_model": source,
        "dst_model": os.path.abspath(tflite_path) if tflite_path else stem + ".tflite",
        "inputs": [
            {"shape": list(tensor.shape), "type": _type_name(tensor), "transpose": flag}
            for tensor, flag in zip(inputs, _flags("input", input_transpose, inputs))
        ],
        "outputs": [
            {"type": _type_name(tensor), "transpose": flag} for tensor, flag in zip(outputs, flags_out)
        ],
    }
    with open(config_path or stem + ".json", "w") as file:
        json.dump(config, file, indent=4)


def export_converter_files(
    model: Any,
    dummy_input: Any,
    export_dir: str | None = None,
    model_name: str | None = None,
    input_transpose: Transposes = None,
    output_transpose: Transposes = None,
    dump_graph: bool = False,
) -> None:
    """Trace `model` and write MODEL_NAME.pt and MODEL_NAME.json, "jit_model" without a name, into `export_dir`, the
    current folder without one. Every output gets an entry. `dump_graph` draws the graph into MODEL_NAME.svg, too."""
    import torch

    from .. import _saving as saving
    from .._draw import draw
    from .._load import load

    folder = os.path.abspath(export_dir or os.getcwd())
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{model_name or 'jit_model'}.pt")
    arguments = saving.as_arguments(dummy_input)
    traced = saving.unwrap(model)
    if not isinstance(traced, (torch.jit.ScriptModule, torch.jit.ScriptFunction)):
        traced = saving.trace(traced, arguments)
    with torch.no_grad():
        outputs = saving.flatten(traced(*arguments))
    torch.jit.save(traced, path)
    generate_converter_config(saving.flatten(dummy_input), outputs, input_transpose, output_transpose, path)
    if dump_graph:
        specs = [(tuple(tensor.shape), _type_name(tensor)) for tensor in saving.flatten(dummy_input)]
        Path(path).with_suffix(".svg").write_text(draw(load(path, specs).graph))


def parse_config(json_file: str | os.PathLike[str], prepare_inputs: bool = True) -> tuple[str, str, Any, Any, Any]:
    """What a JSON file says: path of the model, path of the `.tflite`, flags of the inputs, inputs, flags of the outputs.

    The inputs are tensors of zeros, in PyTorch's order of dimensions; None without `prepare_inputs`.
    """
    with open(json_file) as file:
        config = json.load(file)
    inputs = None
    if prepare_inputs:
        import torch

        inputs = [torch.zeros(entry["shape"], dtype=getattr(torch, entry["type"])) for entry in config["inputs"]]
    input_transpose, output_transpose = (
        [bool(entry["transpose"]) for entry in config[side]] for side in ("inputs", "outputs")
    )
    return config["src_model"], config["dst_model"], input_transpose, inputs, output_transpose
