"""Read PyTorch models and write `.tflite` files.

    import tinynn

    model = tinynn.load("mobilenet_v2.pt2")
    report = model.convert("mobilenet_v2.tflite")
    print(report["operators"])

Shapes are in PyTorch's order everywhere. Neither PyTorch nor LiteRT is needed at run time. A model may be used by one
thread at a time; models are independent of one another.
"""

from ._errors import Error, Lack, UnsupportedOperators
from ._model import Model, Value, inspect, load
from ._native import version

__version__ = version()
__all__ = ["Error", "Lack", "Model", "UnsupportedOperators", "Value", "inspect", "load"]
