"""Look into `.tflite` files by the accessors of flatc."""

import os
from typing import Any

from ..schemas.tflite import schema_generated

schema: Any = schema_generated

# Where the operators have their states among their inputs: hidden state, then cell state, of each direction.
_LSTM_STATES = {
    schema.BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM: (18, 19),
    schema.BuiltinOperator.BIDIRECTIONAL_SEQUENCE_LSTM: (35, 36, 37, 38),
}


def parse_model(path: str | os.PathLike[str]) -> Any:
    """The file's root table, a `schema_generated.Model`."""
    with open(path, "rb") as file:
        return schema.Model.GetRootAsModel(file.read(), 0)


def _as_model(model: Any) -> Any:
    if isinstance(model, (bytes, bytearray)):
        return schema.Model.GetRootAsModel(model, 0)
    if isinstance(model, (str, os.PathLike)):
        return parse_model(model)
    return model


def parse_lstm_states(model: Any) -> list[int]:
    """Indices of the state tensors of all fused LSTM operators, in the order of operators and of their inputs.

    `model` is a path, the bytes of a file or a `schema_generated.Model`, with one subgraph: AssertionError otherwise.
    """
    root = _as_model(model)
    assert root.SubgraphsLength() == 1, f"one subgraph expected, found {root.SubgraphsLength()}"
    graph = root.Subgraphs(0)
    found = []
    for i in range(graph.OperatorsLength()):
        operator = graph.Operators(i)
        code = root.OperatorCodes(operator.OpcodeIndex()).BuiltinCode()
        found += [int(operator.Inputs(place)) for place in _LSTM_STATES.get(code, ())]
    return found
