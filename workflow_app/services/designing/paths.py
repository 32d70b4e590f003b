"""Which files a draft of a process may hold, and under which names."""

from __future__ import annotations

import re

from workflow_app.domain.text import N_
from workflow_app.services.designing.errors import BadName, FileNotTaken, KeyUnfit

NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}"
LARGEST = 2_000_000
STRANGE = N_("files of this process stand under its own folders, with names of letters and digits")
TOO_LARGE = N_("it is larger than %(limit)s MB")
NOT_TEXT = N_("it holds characters that no text may hold")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
_KEY = re.compile(r"[a-z][a-z0-9_]{2,39}", re.ASCII)
_REGISTER = re.compile(r"processes/registers/[a-z][a-z0-9_]{0,79}\.toml", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
#: Folders below `processes` that belong to no process.
SHARED = frozenset({"registers", "letters", "demo"})


def is_register(path: str) -> bool:
    """Tell whether the file at a path defines a register."""
    return _REGISTER.fullmatch(path) is not None


def is_scenario(path: str) -> bool:
    """Tell whether the file at a path tells scenarios, which are no part of a version."""
    return path.endswith(".yaml")


def may_stand(key: str, path: str) -> bool:
    """Tell whether a draft of a process may hold a file at a path."""
    own = rf"processes/{key}/(?:{NAME}/)?{NAME}\.(?:bpmn|dmn|toml|typ)"
    form = rf"forms/{key}/[a-z0-9_]{{1,80}}\.form"
    scenario = rf"processes/{key}/scenarios/_?{NAME}\.yaml"
    if "/scenarios/" in path:
        return re.fullmatch(scenario, path, re.ASCII) is not None
    return is_register(path) or re.fullmatch(f"{own}|{form}", path, re.ASCII) is not None


def check_key(key: str) -> None:
    """Raise KeyUnfit for a key that no process may have."""
    if not _KEY.fullmatch(key) or key in SHARED:
        raise KeyUnfit


def check_name(name: str) -> None:
    """Raise BadName for what cannot name a form, table, letter or register."""
    if not _NAME.fullmatch(name):
        raise BadName(name=name)


def check_file(key: str, path: str, body: str) -> None:
    """Raise FileNotTaken for a file that a draft of a process cannot hold."""
    if not may_stand(key, path):
        raise FileNotTaken(path=path, reason={"why": STRANGE, "details": {}})
    if len(body) > LARGEST or len(body.encode(errors="replace")) > LARGEST:
        details = {"limit": LARGEST // 1_000_000}
        raise FileNotTaken(path=path, reason={"why": TOO_LARGE, "details": details})
    if _CONTROL.search(body):
        raise FileNotTaken(path=path, reason={"why": NOT_TEXT, "details": {}})


def renamed(path: str, old: str, new: str) -> str:
    """Return the path of a process's own file under another key."""
    top, folder, rest = path.split("/", 2)
    if is_register(path) or folder != old:
        return path
    name = rest.replace(f"{old}.", f"{new}.", 1) if rest.startswith(f"{old}.") else rest
    return f"{top}/{new}/{name}"
