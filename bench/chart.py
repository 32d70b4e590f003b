"""The figures that have a bar, drawn: how far each is from it. Writes docs/bench.svg."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bench.measure import Figure

ROW, TOP, LABEL, SCALE, RIGHT = 34, 74, 300, 420, 240
INK, MET, MISSED, LINE = "#0b0c0c", "#14555a", "#b3261e", "#505a5f"
#: A bar reaches the line where the figure is as large as allowed; longer ones are cut off.
LONGEST = 1.25
TITLE = "What make bench measured, against what is allowed"


def write_chart(path: Path, figures: Mapping[str, Figure]) -> None:
    """Draw every figure with a bar as its share of it, the allowed value being one."""
    shown = {name: figure for name, figure in figures.items() if figure.bar}
    width, height = LABEL + round(SCALE * LONGEST) + RIGHT, TOP + ROW * len(shown) + 20
    rows = [_row(number, name, figure) for number, (name, figure) in enumerate(shown.items())]
    limit = LABEL + SCALE
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'aria-labelledby="title" font-family="Noto Sans, sans-serif" font-size="15">'
        ),
        f'<title id="title">{TITLE}</title>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="32" font-size="19" font-weight="bold" fill="{INK}">{TITLE}</text>',
        f'<text x="{limit}" y="60" text-anchor="middle" fill="{LINE}">allowed</text>',
        *rows,
        f'<path d="M{limit} 66V{height - 12}" stroke="{INK}" stroke-width="2"/>',
        "</svg>",
    ]
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _row(number: int, name: str, figure: Figure) -> str:
    y = TOP + ROW * number
    length = round(SCALE * min(_share(figure), LONGEST))
    colour = MISSED if figure.missed else MET
    said = f"{figure.value:,g} of {figure.bar:,g}{_unit(figure)}"
    return (
        f'<text x="16" y="{y + 19}" fill="{INK}">{escape(name)}</text>'
        f'<rect x="{LABEL}" y="{y + 4}" width="{length}" height="20" fill="{colour}"/>'
        f'<text x="{LABEL + round(SCALE * LONGEST) + 12}" y="{y + 19}" fill="{INK}">'
        f"{escape(said)}{' – missed' if figure.missed else ''}</text>"
    )


def _share(figure: Figure) -> float:
    if not figure.bar:
        return 0.0
    share = figure.value / figure.bar
    return share if figure.better == "lower" else 1 / share


def _unit(figure: Figure) -> str:
    return "" if figure.unit in {"ratio", "count"} else f" {figure.unit}"
