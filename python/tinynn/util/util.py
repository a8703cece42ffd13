"""Small things, with the names of TinyNN's."""

import logging
import os
import sys
from typing import Any


def import_from_path(module: str, path: str | os.PathLike[str], name: str) -> Any:
    """What the program of that path calls `name`, as a rule the class of a generated network. The program becomes the
    module called `module`."""
    from ..graph.program import load_file

    sys.modules[module] = load_file(module, path)
    return getattr(sys.modules[module], name)


def set_global_log_level(level: str = "INFO") -> None:
    """Show messages of all of tinynn from that level up."""
    logging.getLogger("tinynn").setLevel(level.upper())
