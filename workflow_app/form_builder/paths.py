"""Reading and writing nested data by path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.form_builder.schema import Path

Json = Any  #: str, int, float, bool, None, list or dict of these


def get_path(data: object, path: Path) -> Json:
    """Give what stands at `path`, None when nothing does."""
    found = data
    for part in path:
        if not isinstance(found, dict):
            return None
        found = found.get(part)
    return found


def set_path(data: dict[str, Json], path: Path, value: object) -> None:
    """Put `value` at `path`, making the objects on the way."""
    for part in path[:-1]:
        inner = data.get(part)
        data = data.setdefault(part, {}) if isinstance(inner, dict) else _replace(data, part)
    data[path[-1]] = value


def _replace(data: dict[str, Json], part: str) -> dict[str, Json]:
    data[part] = {}
    made: dict[str, Json] = data[part]
    return made


def overlaid(below: Mapping[str, Json], above: Mapping[str, Json]) -> dict[str, Json]:
    """Give `below` with `above` over it, objects inside objects merged; neither is changed."""
    merged = dict(below)
    for name, value in above.items():
        under = merged.get(name)
        both = isinstance(under, dict) and isinstance(value, dict)
        merged[name] = overlaid(under, value) if both and under else value
    return merged
