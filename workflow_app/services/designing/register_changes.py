"""Registers that a draft makes or changes: what would lose data is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from workflow_app.domain.text import N_
from workflow_app.feel import FeelError
from workflow_app.models.base import table_of
from workflow_app.models.catalogue import RegisterDefinition, SourceFile
from workflow_app.models.register import RegisterEntry
from workflow_app.services.designing.paths import is_register
from workflow_app.services.publishing import store_texts
from workflow_app.services.seeding import RegisterFile, definition_in, load_register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.services.context import Context

GONE = N_("“%(register)s”: the field “%(field)s” holds data and cannot be removed.")
RETYPED = N_("“%(register)s”: the field “%(field)s” holds data and cannot become another type.")
REKEYED = N_("“%(register)s” has entries, so its key must stay the field “%(field)s”.")
UNREADABLE = N_("“%(register)s” cannot be read: %(reason)s")
_entries = table_of(RegisterEntry)


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a register cannot be taken over: a msgid and what fills it."""

    why: str
    details: Mapping[str, str]


def losses(ctx: Context, texts: Mapping[str, str]) -> list[Loss]:
    """Return what stands against taking over the registers among a draft's files."""
    return [loss for path, text in _registers(texts) for loss in _losses(ctx, _key(path), text)]


def take_over_registers(ctx: Context, texts: Mapping[str, str]) -> list[str]:
    """Store the registers among a draft's files, and that the studio did; returns their keys.

    Those that say what is stored already stay as they are.
    """
    return [_key(path) for path, text in _registers(texts) if _take_over(ctx, path, text)]


def _take_over(ctx: Context, path: str, text: str) -> bool:
    known = ctx.session.get(RegisterDefinition, _key(path))
    document = _read(text)
    if known is not None and known.definition == definition_in(document):
        return False
    load_register(ctx, _key(path), document)
    stored = ctx.session.get_one(RegisterDefinition, _key(path))
    stored.sha256 = store_texts(ctx, {path: text})[path]
    return True


def edited_registers(ctx: Context) -> dict[str, str]:
    """Return the texts of the registers that the studio published, by the path of their file."""
    query = select(RegisterDefinition.key, SourceFile.body).where(
        SourceFile.sha256 == RegisterDefinition.sha256
    )
    return {f"processes/registers/{row.key}.toml": row.body for row in ctx.session.execute(query)}


def _losses(ctx: Context, key: str, text: str) -> Iterator[Loss]:
    try:
        new = msgspec.convert(_read(text), RegisterFile)
    except (msgspec.MsgspecError, ValueError, FeelError) as wrong:
        yield Loss(UNREADABLE, {"register": key, "reason": str(wrong)})
        return
    known = ctx.session.get(RegisterDefinition, key)
    if known is None:
        return
    if new.key != known.definition["key"] and _has_entries(ctx, key):
        yield Loss(REKEYED, {"register": key, "field": known.definition["key"]})
    types = {one.name: one.type for one in new.fields}
    for field in known.definition.get("fields", []):
        name, before = str(field["name"]), field["type"]
        if types.get(name) != before and _is_used(ctx, key, name):
            why = RETYPED if name in types else GONE
            yield Loss(why, {"register": key, "field": name})


def _has_entries(ctx: Context, key: str) -> bool:
    query = select(_entries.c.id).where(_entries.c.register == key).limit(1)
    return ctx.session.scalar(query) is not None


def _is_used(ctx: Context, key: str, field: str) -> bool:
    held = _entries.c.data[field].as_string().is_not(None)
    query = select(_entries.c.id).where(_entries.c.register == key, held).limit(1)
    return ctx.session.scalar(query) is not None


def _registers(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(path, text) for path, text in sorted(texts.items()) if is_register(path)]


def _key(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".toml")


def _read(text: str) -> dict[str, Any]:
    return msgspec.toml.decode(text, type=dict[str, Any])
