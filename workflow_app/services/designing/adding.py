"""Something new in a draft: a form, a table, a letter, a register; files from elsewhere."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.services.designing import starters
from workflow_app.services.designing.drafts import (
    Draft,
    draft_of,
    files_of,
    new_process,
    write_file,
)
from workflow_app.services.designing.errors import BadName, FileNotTaken
from workflow_app.services.designing.paths import LARGEST, TOO_LARGE, check_name, may_stand, renamed
from workflow_app.services.designing.sources import draft_texts
from workflow_app.services.designing.trail import record

if TYPE_CHECKING:
    from workflow_app.services.context import Context

#: What can be made, and where it stands.
KINDS = {
    "form": "forms/{key}/{name}.form",
    "table": "processes/{key}/{name}.dmn",
    "letter": "processes/{key}/letters/{name}.typ",
    "register": "processes/registers/{name}.toml",
}
NO_KIND = N_("Choose what to make.")
NOT_UTF8 = N_("it is not written in UTF-8")
DOCTYPE = N_("it has a document type declaration (line %(line)s), which is not read")
NOT_BPMN = N_("it is no BPMN 2.0 diagram: it begins with “%(root)s”")
NOT_DMN = N_("it is no decision model: it begins with “%(root)s”")
NOT_XML = N_("it is not XML")
OTHER_KIND = N_("only .bpmn, .dmn and .form files are taken")
REPLACES = N_("there is a file with this name already; tick “Replace” to put this one in its place")
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_DOCTYPE = re.compile("<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MODEL = {
    ".bpmn": ("http://www.omg.org/spec/BPMN/20100524/MODEL", NOT_BPMN),
    ".dmn": ("omg.org/spec/DMN/", NOT_DMN),
}


def add_new(ctx: Context, draft_id: int, kind: str, name: str, title: str = "") -> str:
    """Put a new form, table, letter or register into a draft and return its path.

    Raises BadName, Invalid for another kind, NotOpen, HeldBySomebody.
    """
    key = draft_of(ctx, draft_id).key
    check_name(name)
    title = title.strip()[:300] or name.replace("_", " ").capitalize()
    if kind not in KINDS:
        raise Invalid(NO_KIND)
    path = _path_of(key, kind, name)
    taken = kind == "register" and ctx.session.get(RegisterDefinition, name) is not None
    if taken or path in files_of(ctx, draft_id):
        raise BadName(BadName.taken, name=name)
    write_file(ctx, draft_id, path, _new_text(kind, name, title), revision=0)
    return path


def _path_of(key: str, kind: str, name: str) -> str:
    return KINDS[kind].format(key=key, name=name)


def _new_text(kind: str, name: str, title: str) -> str:
    if kind == "form":
        return starters.form_text(name, title)
    if kind == "table":
        return starters.table_text(name, title)
    return starters.letter_text(title) if kind == "letter" else starters.register_text(title)


def import_file(
    ctx: Context,
    draft_id: int,
    name: str,
    raw: bytes,
    *,
    replace: bool = False,
    as_main: bool = False,
) -> str:
    """Put an uploaded file into a draft, byte for byte, and return its path.

    `replace`: in the place of a file of the same name; `as_main`: a diagram in the place of the
    process's own. Raises FileNotTaken (too large, no text, no XML, a document type, something
    else), NotOpen, HeldBySomebody.
    """
    key = draft_of(ctx, draft_id).key
    plain = PurePosixPath(name.replace("\\", "/")).name
    body = _text(plain, raw)
    main = as_main and plain.endswith(".bpmn")
    path = f"processes/{key}/{key}.bpmn" if main else _place(key, plain)
    stored = files_of(ctx, draft_id).get(path)
    if stored is not None and not (replace or main):
        raise FileNotTaken(path=plain, reason={"why": REPLACES, "details": {}})
    write_file(ctx, draft_id, path, body, revision=stored.revision if stored else 0)
    record(ctx, "imported", key=key, draft_id=draft_id, path=path)
    return path


def copy_as(ctx: Context, draft_id: int, new_key: str, title: str = "") -> Draft:
    """Return a draft of a new process that begins as a copy of another draft.

    Raises KeyUnfit, KeyTaken.
    """
    draft = draft_of(ctx, draft_id)
    texts = {
        renamed(path, draft.key, new_key): text for path, text in draft_texts(ctx, draft_id).items()
    }
    own = f"processes/{new_key}/{new_key}.bpmn"
    if own in texts:
        texts[own] = rekeyed(texts[own], draft.key, new_key)
    copy = new_process(ctx, new_key, title.strip() or draft.title, texts)
    copy.words = dict(draft.words)
    return copy


def rekeyed(diagram: str, old: str, new: str) -> str:
    """Return a diagram whose process has another id, wherever it is referred to."""
    pattern = rf"""(\s(?:id|processRef|bpmnElement)=["']){re.escape(old)}(["'])"""
    return re.sub(pattern, rf"\g<1>{new}\g<2>", diagram)


def _text(name: str, raw: bytes) -> str:
    if len(raw) > LARGEST:
        details = {"limit": LARGEST // 1_000_000}
        raise FileNotTaken(path=name, reason={"why": TOO_LARGE, "details": details})
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise FileNotTaken(path=name, reason={"why": NOT_UTF8, "details": {}}) from None
    suffix = PurePosixPath(name).suffix
    if suffix in _MODEL:
        _check_model(name, text, *_MODEL[suffix])
    return text


def _check_model(name: str, text: str, namespace: str, why: str) -> None:
    declared = _DOCTYPE.search(text)
    if declared is not None:
        line = text[: declared.start()].count("\n") + 1
        raise FileNotTaken(path=name, reason={"why": DOCTYPE, "details": {"line": line}})
    root = _ROOT.search(text)
    if root is None or not text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise FileNotTaken(path=name, reason={"why": NOT_XML, "details": {}})
    head = text[: text.find(">", root.start()) + 1]
    if root.group(1) != "definitions" or namespace not in head:
        raise FileNotTaken(path=name, reason={"why": why, "details": {"root": root.group(1)}})


def _place(key: str, name: str) -> str:
    suffix = PurePosixPath(name).suffix
    if suffix not in {".bpmn", ".dmn", ".form"}:
        raise FileNotTaken(path=name, reason={"why": OTHER_KIND, "details": {}})
    stem = re.sub(r"[^a-z0-9_]+", "_", PurePosixPath(name).stem.casefold()).strip("_") or "imported"
    path = f"forms/{key}/{stem}.form" if suffix == ".form" else f"processes/{key}/{stem}{suffix}"
    if not may_stand(key, path):
        raise FileNotTaken(path=name, reason={"why": BadName.message, "details": {"name": stem}})
    return path
