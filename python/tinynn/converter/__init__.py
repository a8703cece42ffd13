"""TinyNN's converter API, so that programs written for it run unchanged."""

from .base import TFLiteConverter

__all__ = ["TFLiteConverter"]
