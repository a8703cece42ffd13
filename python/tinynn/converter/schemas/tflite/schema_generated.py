"""The accessors that flatc makes of the TFLite schema, from the package ai-edge-litert, which must be installed."""

from ai_edge_litert.schema_py_generated import *
