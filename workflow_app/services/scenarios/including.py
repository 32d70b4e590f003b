"""Steps that several scenarios share.

`include: <name>` stands for the steps of `_<name>.yaml` beside the scenario, `<process>/<name>` for
those of another process. There `$value` is filled in; `values` says what each is unless given.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    Chain = tuple[tuple[Path, int], ...]

DEEPEST = 8
_VALUE = re.compile(r"\$\{?([a-z_0-9]+)\}?")


class Inclusion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"given": "with"}):
    """A line that stands for the steps of another file, with values for what they leave open."""

    include: str
    given: dict[str, Any] = {}


class Fragment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Steps to include; a value of null must be given, or is nothing."""

    steps: list[dict[str, Any]]
    summary: str = ""
    values: dict[str, Any] = {}


def with_inclusions(path: Path, steps: list[Any]) -> Iterator[Any]:
    """Yield the steps of the file at `path`, included ones in their place.

    A step with `if` is left out unless that is true. Raises msgspec.DecodeError, ValueError for
    values that a file does not know and for files that include each other, OSError.
    """
    return (step for _chain, step in placed_steps(path, steps))


def placed_steps(path: Path, steps: list[Any], chain: Chain = ()) -> Iterator[tuple[Chain, Any]]:
    """Yield each step with where it stands: file and place from nought, the outermost file first.

    Raises as `with_inclusions`.
    """
    if len(chain) > DEEPEST:
        msg = f"{path.name} includes itself"
        raise ValueError(msg)
    for place, step in enumerate(steps):
        here = (*chain, (path, place))
        if not isinstance(step, dict):
            yield here, step
        elif step.get("if", True):
            rest = {name: value for name, value in step.items() if name != "if"}
            yield from _included(here, rest) if "include" in rest else [(here, rest)]


def _included(chain: Chain, step: dict[str, Any]) -> Iterator[tuple[Chain, Any]]:
    line = msgspec.convert(step, Inclusion)
    source = shared_file(chain[-1][0], line.include)
    fragment = msgspec.convert(read_yaml(source), Fragment)
    unknown = sorted(set(line.given) - set(fragment.values))
    if unknown:
        msg = f"{source.name} has no value {', '.join(unknown)}"
        raise ValueError(msg)
    values = {**fragment.values, **line.given}
    yield from placed_steps(source, [_filled(step, values) for step in fragment.steps], chain)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return what a YAML file says, a mapping whose names are all text.

    YAML takes `no:` and `on:` for truth values, so that a name would silently be another one.
    Raises msgspec.DecodeError, ValueError, OSError.
    """
    found = msgspec.yaml.decode(path.read_bytes())
    other = next(_other_names(found), None)
    if other is not None:
        msg = f"{path.name} has the name {other!r}, which is no text: write it in quotes"
        raise ValueError(msg)
    return msgspec.convert(found, dict[str, Any])


def _other_names(part: Any) -> Iterator[Any]:
    inner: Iterable[Any] = part if isinstance(part, list) else ()
    if isinstance(part, dict):
        yield from (name for name in part if not isinstance(name, str))
        inner = part.values()
    for each in inner:
        yield from _other_names(each)


def shared_file(path: Path, name: str) -> Path:
    """Return the file `_<name>.yaml` beside the scenario at `path`, or in another process's."""
    process, _slash, plain = name.rpartition("/")
    folder = path.parents[2] / process / "scenarios" if process else path.parent
    return folder / f"_{plain.removeprefix('_')}.yaml"


def _filled(part: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(part, dict):
        return {_filled(name, values): _filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(one, values) for one in part]
    if not isinstance(part, str):
        return part
    whole = _VALUE.fullmatch(part)
    if whole:
        return _value(whole[1], values)
    return _VALUE.sub(lambda found: str(_value(found[1], values)), part)


def _value(name: str, values: Mapping[str, Any]) -> Any:
    if name not in values:
        msg = f"there is no value ${name}"
        raise ValueError(msg)
    return values[name]
