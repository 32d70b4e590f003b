"""Registers in a draft: brought in from what is published, given fields, judged."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import msgspec

from workflow_app.domain.errors import Invalid, NotFound
from workflow_app.domain.text import N_
from workflow_app.engine.lint.report import finding_of
from workflow_app.engine.lint.rules import limits
from workflow_app.feel import FeelError, compile_expression
from workflow_app.models.catalogue import RegisterDefinition, SourceFile
from workflow_app.services.designing.drafts import read_file, write_file
from workflow_app.services.designing.paths import check_name, is_register
from workflow_app.services.seeding import RegisterFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.engine import Finding
    from workflow_app.services.context import Context

#: What a field of a register may hold.
TYPES = ("text", "number", "date", "boolean")
NO_TYPE = N_("Choose what the field holds.")
NO_LABEL = N_("Enter a label.")
UNREADABLE = N_("The register cannot be read, so no field can be added. Mend it first.")
HAS_FIELD = N_("The register has a field “%(name)s” already.")


def bring_register(ctx: Context, draft_id: int, key: str) -> str:
    """Put a published register's definition into a draft and return its path.

    Raises NotFound, FileNotTaken, LostRace where the draft has it already, NotOpen,
    HeldBySomebody.
    """
    known = ctx.session.get(RegisterDefinition, key)
    if known is None:
        raise NotFound
    stored = ctx.session.get(SourceFile, known.sha256) if known.sha256 else None
    body = stored.body if stored is not None else toml_text(known.definition)
    path = f"processes/registers/{key}.toml"
    write_file(ctx, draft_id, path, body, revision=0)
    return path


def add_field(
    ctx: Context, draft_id: int, path: str, field: Mapping[str, Any], *, revision: int
) -> int:
    """Add a field to a register of a draft and return the file's new revision.

    `field` has `name`, `label`, `type`, `required` and `public`. Raises Invalid for a field that
    cannot be, LostRace, NotOpen, HeldBySomebody.
    """
    check_name(str(field["name"]))
    if field["type"] not in TYPES:
        raise Invalid(NO_TYPE)
    if not field["label"]:
        raise Invalid(NO_LABEL)
    body = read_file(ctx, draft_id, path).body
    try:
        held = {one["name"] for one in tomllib.loads(body).get("fields", [])}
    except (tomllib.TOMLDecodeError, TypeError, KeyError):
        raise Invalid(UNREADABLE) from None
    if field["name"] in held:
        raise Invalid(HAS_FIELD, name=field["name"])
    text = f"{body.rstrip()}\n\n{_table('fields', field)}"
    return write_file(ctx, draft_id, path, text, revision=revision)


def register_findings(files: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is wrong with the registers among a draft's files."""
    reasons = {path: _reason(text) for path, text in files.items() if is_register(path)}
    for path, reason in reasons.items():
        if reason is not None:
            yield finding_of(limits.BAD_REGISTER, path, None, None, reason=reason)


def toml_text(definition: Mapping[str, Any]) -> str:
    """Return a register's definition as the text of a file: plain values, then its tables."""
    tables = {name: value for name, value in definition.items() if _is_tables(value)}
    plain = [f"{name} = {written(v)}" for name, v in definition.items() if name not in tables]
    blocks = [_table(name, row) for name, rows in tables.items() for row in rows]
    return "\n".join(["\n".join(plain) + "\n", *blocks])


def _reason(text: str) -> object:
    try:
        file = msgspec.convert(tomllib.loads(text), RegisterFile)
        for expression in (file.in_force, file.public_when, *(one.goal for one in file.figures)):
            compile_expression(expression or "true")
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        return str(wrong)
    except FeelError as wrong:
        return wrong
    return None


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _table(name: str, row: Mapping[str, Any]) -> str:
    lines = [f"{key} = {written(value)}" for key, value in row.items() if value is not None]
    return "\n".join([f"[[{name}]]", *lines, ""])


def written(value: Any) -> str:
    """Return a value as TOML writes it; texts and numbers are written as JSON writes them."""
    if isinstance(value, dict):
        inner = ", ".join(f"{json.dumps(key)} = {written(one)}" for key, one in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    return json.dumps(value, ensure_ascii=False)
