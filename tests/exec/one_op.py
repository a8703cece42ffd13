"""Write `.tflite` files with one operator, by the schema that LiteRT ships."""

from dataclasses import dataclass, field
from pathlib import Path

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

TYPES = {"float32": "FLOAT32", "int8": "INT8", "uint8": "UINT8", "int16": "INT16", "int32": "INT32", "int64": "INT64",
         "bool": "BOOL", "int4": "INT4", "float16": "FLOAT16"}


@dataclass
class Tensor:
    """Without `data` it is an input or a result. Numbers of 4 bits come as int8 with `kind` "int4"."""

    shape: tuple[int, ...]
    kind: str = "int8"
    scales: tuple[float, ...] = ()
    zeros: tuple[int, ...] = ()
    axis: int = 0
    data: np.ndarray | None = None


@dataclass
class OneOp:
    """`options` are the fields of the options table; None among the inputs is an operand left out."""

    name: str
    inputs: list[Tensor | None]
    outputs: list[Tensor]
    options: dict = field(default_factory=dict)
    table: str | None = None
    version: int = 1


def constant(array: np.ndarray, **quantization) -> Tensor:
    return Tensor(array.shape, array.dtype.name, data=array, **quantization)


def _bytes(tensor: Tensor) -> bytes:
    if tensor.kind != "int4":
        return np.ascontiguousarray(tensor.data).tobytes()
    flat = np.append(tensor.data.reshape(-1), np.int8(0)).astype(np.uint8) & 15
    count = (tensor.data.size + 1) // 2
    return (flat[0 : 2 * count : 2] | (flat[1 : 2 * count : 2] << 4)).tobytes()


def _tensor(tensor: Tensor, name: str, buffers: list) -> schema.TensorT:
    made = schema.TensorT()
    made.name = name
    made.shape = list(tensor.shape)
    made.type = getattr(schema.TensorType, TYPES[tensor.kind])
    made.buffer = 0
    if tensor.data is not None:
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(_bytes(tensor), np.uint8)
        made.buffer = len(buffers)
        buffers.append(buffer)
    if tensor.scales:
        made.quantization = schema.QuantizationParametersT()
        made.quantization.scale = list(tensor.scales)
        made.quantization.zeroPoint = list(tensor.zeros or (0,) * len(tensor.scales))
        made.quantization.quantizedDimension = tensor.axis
    return made


def _options(op: OneOp, operator: schema.OperatorT) -> None:
    if op.table is None:
        return
    operator.builtinOptionsType = getattr(schema.BuiltinOptions, op.table)
    operator.builtinOptions = getattr(schema, op.table + "T")()
    for name, value in op.options.items():
        assert hasattr(operator.builtinOptions, name), name
        setattr(operator.builtinOptions, name, value)


def write(op: OneOp, path: Path) -> None:
    """The file, in which results and operands without data are outputs and inputs in order."""
    model, graph, operator, code = schema.ModelT(), schema.SubGraphT(), schema.OperatorT(), schema.OperatorCodeT()
    buffers = [schema.BufferT()]
    graph.tensors = []
    index = {}
    for number, tensor in enumerate(op.inputs + op.outputs):
        if tensor is not None:
            index[id(tensor)] = len(graph.tensors)
            graph.tensors.append(_tensor(tensor, f"t{number}", buffers))
    operator.inputs = [-1 if t is None else index[id(t)] for t in op.inputs]
    operator.outputs = [index[id(t)] for t in op.outputs]
    _options(op, operator)
    graph.inputs = [index[id(t)] for t in op.inputs if t is not None and t.data is None]
    graph.outputs = list(operator.outputs)
    graph.operators = [operator]
    code.builtinCode = getattr(schema.BuiltinOperator, op.name)
    code.deprecatedBuiltinCode = min(code.builtinCode, 127)
    code.version = op.version
    model.version = 3
    model.operatorCodes, model.subgraphs, model.buffers = [code], [graph], buffers
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    path.write_bytes(bytes(builder.Output()))
