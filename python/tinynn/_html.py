"""Tables, as text and as HTML for notebooks."""

from collections.abc import Sequence
from html import escape

Cell = str | int | float
Row = Sequence[Cell]

_STYLE = (
    ".tinynn table{border-collapse:collapse;font-size:13px;margin:8px 0}"
    ".tinynn td,.tinynn th{padding:2px 10px;text-align:left;white-space:pre}"
    ".tinynn td.n,.tinynn th.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".tinynn tr{background:none}.tinynn thead tr{border-bottom:1px solid currentColor}"
    ".tinynn .bad{color:#c0392b}"
)


def shown(cell: Cell) -> str:
    """Thousands of integers are set apart; of other numbers there are four digits."""
    if isinstance(cell, str):
        return cell
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:.4g}"


def _numeric(head: Sequence[str], rows: Sequence[Row]) -> list[bool]:
    """Which columns hold numbers."""
    return [any(not isinstance(row[i], str) for row in rows) for i in range(len(head))]


def text_table(head: Sequence[str], rows: Sequence[Row]) -> str:
    """Columns as wide as needed; numbers to the right."""
    cells = [[shown(cell) for cell in row] for row in rows]
    widths = [max([len(title), *(len(row[i]) for row in cells)]) for i, title in enumerate(head)]
    right = _numeric(head, rows)
    lines = [
        "  ".join(cell.rjust(width) if to_right else cell.ljust(width)
                  for cell, width, to_right in zip(row, widths, right)).rstrip()
        for row in [list(head), *cells]
    ]
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join(lines)


def _row(cells: Row, tag: str, numbers: Sequence[bool]) -> str:
    marks = ('<{0} class="n">{1}</{0}>' if number else "<{0}>{1}</{0}>" for number in numbers)
    return "<tr>" + "".join(mark.format(tag, escape(shown(cell))) for mark, cell in zip(marks, cells)) + "</tr>"


def table(head: Sequence[str], rows: Sequence[Row]) -> str:
    """An HTML table; numbers to the right."""
    numbers = _numeric(head, rows)
    body = "".join(_row(row, "td", numbers) for row in rows)
    return f"<table><thead>{_row(head, 'th', numbers)}</thead><tbody>{body}</tbody></table>"


def page(body: str) -> str:
    """What a notebook shows, with its style."""
    return f'<div class="tinynn"><style>{_STYLE}</style>{body}</div>'
