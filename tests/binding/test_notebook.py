"""examples/notebook: its cells run in order, and what the last line of each gives can be shown."""

import ast
import json
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).resolve().parent.parent.parent / "examples" / "notebook" / "report.ipynb"


def run_cell(source: str, names: dict) -> object:
    """As a notebook does: the value of the last line, if it is an expression."""
    body = ast.parse(source).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names) if last else None


def test_notebook(tmp_path, monkeypatch):
    pytest.importorskip("ai_edge_litert")
    monkeypatch.chdir(tmp_path)
    notebook = json.loads(NOTEBOOK.read_text())
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells, names = notebook["cells"], {"__name__": "__main__"}
    assert len({cell["id"] for cell in cells}) == len(cells)
    shown = []
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None, "saved with results: clear them"
            value = run_cell("".join(cell["source"]), names)
            shown.append(value._repr_html_() if hasattr(value, "_repr_html_") else repr(value))
    assert "CONV_2D" in shown[1] and "blocks" in shown[2] and "<svg" in shown[3] and "no tensor departs" in shown[7]
    assert {path.name for path in tmp_path.iterdir()} == {"network.tflite", "wrong.tflite"}
