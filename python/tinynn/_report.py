"""What a conversion did."""

from __future__ import annotations

from typing import Any

from ._html import page, table, text_table
from ._options import Path, fail


class Report(dict[str, Any]):
    """What a conversion did: the dictionary of `tinynn convert --report`, and its members as attributes.

    `str()` is a table of it, and a notebook shows one.
    """

    def __init__(self, facts: dict[str, Any], page: str | None = None):
        super().__init__(facts)
        self._page = page  # of the analysis

    @property
    def operators(self) -> dict[str, dict[str, int]]:
        """By name of the TFLite operator: `count`, and the highest `version` that is needed."""
        return self["operators"]  # type: ignore[no-any-return]

    @property
    def n_operators(self) -> int:
        """All operators, transposes included."""
        return int(self["n_operators"])

    @property
    def transposes(self) -> list[str]:
        """Why each transpose is there."""
        return self["transposes"]  # type: ignore[no-any-return]

    @property
    def n_transposes(self) -> int:
        """Of the operators, those that only bring elements into another order."""
        return int(self["n_transposes"])

    @property
    def macs(self) -> int:
        """Multiply-accumulates of convolutions and matrix products."""
        return int(self["macs"])

    @property
    def file_bytes(self) -> int:
        """0 after a check, which writes nothing."""
        return int(self["file_bytes"])

    @property
    def constant_bytes(self) -> int:
        """Of the file, what the weights and other constants take; equal ones count once."""
        return int(self["constant_bytes"])

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """`name`, `dtype` and `shape` as they are in the file."""
        return self["inputs"]  # type: ignore[no-any-return]

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """As `inputs`."""
        return self["outputs"]  # type: ignore[no-any-return]

    @property
    def min_runtime_version(self) -> str:
        """The oldest TensorFlow Lite that has all operators in these versions; "" after a check."""
        return str(self["min_runtime_version"])

    @property
    def warnings(self) -> list[str]:
        """What differs from the model, one line each."""
        return self["warnings"]  # type: ignore[no-any-return]

    @property
    def analysis(self) -> list[dict[str, Any]]:
        """What each operator loses, one dictionary each, in the order of the network; docs/mixed-precision.md explains
        the members. Raises Error where `quantize` was not asked for it."""
        found = self.get("quantization", {}).get("analysis")
        if found is None:
            raise fail("nothing was analyzed: quantize with analyze=True")
        return found["operators"]  # type: ignore[no-any-return]

    def analysis_text(self) -> str:
        """The analysis as a table, what costs the outputs most first; signal to noise in dB."""
        rows = sorted(self.analysis, key=lambda row: (row["outputs"] is None, row["outputs"]))
        keys = ("weights_snr", "snr_by_weights", "snr_by_values", "snr", "accumulated_snr", "outputs")
        head = ("operator", "type", "", "weights", "by weights", "by values", "both", "all before", "cost")
        return text_table(head, [
            (row["name"], row["type"], row["precision"], *("" if row[key] is None else row[key] for key in keys))
            for row in rows
        ])

    def write_analysis(self, path: Path) -> None:
        """Write the analysis as a page of HTML, which needs no other file. Raises Error where there is none."""
        if self._page is None:
            raise fail("nothing was analyzed: quantize with analyze=True")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self._page)

    def _facts(self) -> list[tuple[str, str]]:
        """What is said of the whole, with its name."""
        facts = [
            (side[:-1], f"{value['name']}: {value['dtype']}{value['shape']}")
            for side in ("inputs", "outputs") for value in self[side]
        ]
        facts.append(("operators", f"{self.n_operators}, of them {self.n_transposes} transposes"))
        if self.macs:
            facts.append(("multiply-accumulates", f"{self.macs:,}"))
        if self.file_bytes:
            facts.append(("file", f"{self.file_bytes:,} bytes, of them {self.constant_bytes:,} constants"))
            facts.append(("needs", f"TensorFlow Lite {self.min_runtime_version}"))
        facts += [("transpose", reason) for reason in self.transposes]
        facts += [("size", guard) for guard in self["size_guards"]]
        return facts + [("warning", warning) for warning in self.warnings]

    def _rows(self) -> list[tuple[str, int, int]]:
        counts = ((name, entry["count"], entry["version"]) for name, entry in self.operators.items())
        return sorted(counts, key=lambda row: (-row[1], row[0]))

    def __str__(self) -> str:
        facts = "\n".join(f"{name}: {said}" for name, said in self._facts())
        return f"{facts}\n\n{text_table(('operator', 'count', 'version'), self._rows())}"

    def _repr_html_(self) -> str:
        facts = table(("conversion", ""), self._facts())
        return page(facts + table(("operator", "count", "version"), self._rows()))
