"""Networks from every form that PyTorch saves: operators, transposes, and how far LiteRT's numbers are from PyTorch's;
writes the table of docs/networks.md.

    .venv/bin/python bench/networks.py [--no-write] [NETWORK...]

Forms that give the same operators share a row; the difference is the largest of them, as a part of the largest magnitude of
the output. Exits with 1 when a difference is above 1e-4 or a form does not convert.
"""

import argparse
import logging
import sys
import tempfile
import warnings
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TREE / "tests"), str(TREE / "python")]

import litert  # noqa: E402
import tinynn  # noqa: E402
import torch  # noqa: E402
import zoo  # noqa: E402

PAGE = TREE / "docs" / "networks.md"
BEGIN, END = "<!-- bench/networks.py begins -->\n", "<!-- bench/networks.py ends -->\n"
TOLERANCE = 1e-4


def convert(path: Path, inputs: tuple[torch.Tensor, ...], expected: list[torch.Tensor], form: str) -> tuple[dict, float]:
    """The report, and the largest difference."""
    specs = [tuple(x.shape) for x in inputs] if form in ("scripted", "frozen") else None
    out = path.with_suffix(".tflite")
    report = tinynn.load(path, specs).convert(out)
    found = litert.run(out, [litert.channels_last(x.numpy()) for x in inputs])
    assert len(found) == len(expected)
    return report, max(litert.difference(a, litert.channels_last(b.numpy())) for a, b in zip(found, expected))


def measure(name: str, folder: Path) -> list[dict]:
    """A row for each group of forms with the same operators, and one for each form that fails."""
    module, inputs = zoo.build(name)
    with torch.no_grad():
        expected = zoo.flat(module(*inputs))
    groups: dict[str, dict] = {}
    for form in zoo.FORMS:
        path = folder / f"model.{form}"
        if form not in zoo.forms(name):
            groups.setdefault("", {"forms": [], "note": "PyTorch does not script it"})["forms"].append(form)
            continue
        zoo.save(module, inputs, form, path)
        try:
            report, error = convert(path, inputs, expected, form)
        except tinynn.Error as error:
            groups[form] = {"forms": [form], "note": str(error).splitlines()[0], "failed": True}
            continue
        finally:
            path.unlink()
        counts = {operator: row["count"] for operator, row in report["operators"].items()}
        group = groups.setdefault(str(counts), {"forms": [], "note": "", "error": 0.0, "report": report})
        group["forms"].append(form)
        group["error"] = max(group["error"], error)
    return [{"name": name, **group} for group in groups.values()]


def line(row: dict) -> str:
    forms = ", ".join(row["forms"])
    if "report" not in row:
        return f"| {row['name']} | {forms} | | | {row['note'].replace('|', '/')} |"
    report = row["report"]
    return f"| {row['name']} | {forms} | {report['n_operators']} | {report['n_transposes']} | {row['error']:.1e} |"


def table(rows: list[dict]) -> str:
    head = "| network | forms | operators | transposes | difference |\n| --- | --- | --- | --- | --- |\n"
    return head + "".join(line(row) + "\n" for row in rows)


def write_page(text: str) -> None:
    before, rest = PAGE.read_text().split(BEGIN)
    PAGE.write_text(before + BEGIN + text + END + rest.split(END)[1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=list(zoo.ENTRIES))
    parser.add_argument("--no-write", action="store_true", help="print only")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    rows = []
    for name in arguments.networks:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(name, Path(folder))
        for row in found:
            print(line(row), flush=True)
        rows += found
    if not arguments.no_write:
        write_page(table(rows))
    return 1 if any(row.get("failed") or row.get("error", 0.0) > TOLERANCE for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
