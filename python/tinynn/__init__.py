"""Read PyTorch models and write `.tflite` files.

    import tinynn

    model = tinynn.load(network, torch.rand(1, 3, 224, 224))  # or the path of a .pt2 or .pt file
    print(model.summary())
    report = model.to_tflite("mobilenet_v2.tflite")
    print(report)
    print(tinynn.compare(model, "mobilenet_v2.tflite", image))

Shapes are in PyTorch's order everywhere. PyTorch is needed only where a network that is not a file is loaded, LiteRT
only by `compare`. A model may be used by one thread at a time; models are independent of one another.
"""

from ._compare import Comparison, Difference, compare
from ._custom import CustomOp
from ._errors import Error, Lack, UnsupportedOperators, WeightsError
from ._graph import Graph, GraphValue, Node, Source
from ._load import inspect, load
from ._model import Model, Value
from ._native import version
from ._options import ConvertOptions
from ._report import Report
from ._run_tflite import TfliteProgram, run_tflite
from ._statistics import Statistics, ValueStatistics
from ._summary import Summary, SummaryRow

__version__ = version()
__all__ = [
    "Comparison",
    "ConvertOptions",
    "CustomOp",
    "Difference",
    "Error",
    "Graph",
    "GraphValue",
    "Lack",
    "Model",
    "Node",
    "Report",
    "Source",
    "Statistics",
    "Summary",
    "SummaryRow",
    "TfliteProgram",
    "UnsupportedOperators",
    "Value",
    "ValueStatistics",
    "WeightsError",
    "compare",
    "inspect",
    "load",
    "run_tflite",
]
