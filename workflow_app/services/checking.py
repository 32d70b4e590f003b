"""Checking a version before it may run: diagram, forms, tables, manifests, mails and letters."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.errors import DomainError
from workflow_app.domain.reasons import IN_TEXT
from workflow_app.engine import Finding, Source, lint, types_written
from workflow_app.engine.lint.rules import files
from workflow_app.feel import FeelError, compile_expression
from workflow_app.form_builder import FormError, parse_form
from workflow_app.models.catalogue import RegisterDefinition, RoleDefinition, Setting
from workflow_app.services import meaning
from workflow_app.services.mails import placeholders
from workflow_app.services.manifests import FileRefused, Manifest, read_mails, read_manifest
from workflow_app.services.operations import OPERATIONS

#: What stands for bytes that are no UTF-8.
UNREADABLE = "\ufffd"

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.engine.lint.rules.rule import Rule
    from workflow_app.services.context import Context
    from workflow_app.services.meaning import Types


def check_source(ctx: Context, source: Source) -> tuple[Finding, ...]:
    """Return all findings of a closed set of files, the engine's first."""
    roles = frozenset(ctx.session.scalars(select(RoleDefinition.code)))
    settings = frozenset(ctx.session.scalars(select(Setting.key).distinct()))
    registers = frozenset(ctx.session.scalars(select(RegisterDefinition.key)))
    return check_files(source, roles, settings=settings or None, registers=registers)


def check_files(source: Source, roles: frozenset[str], **known: Any) -> tuple[Finding, ...]:
    """Return all findings, given the known role codes; needs no database.

    `known`: what else `lint` may be told, such as the keys of settings; of `only` these files
    findings are wanted, where it is given, and others may be left out.
    """
    operations = frozenset(OPERATIONS)
    found = list(lint(source, roles=roles or None, operations=operations, **known))
    manifest = f"processes/{source.key}/process.toml"
    if manifest not in source.files and not known.get("shelf"):
        found.append(_finding(files.NO_MANIFEST, manifest, None, "there is no such file"))
    types = types_written(source)
    for path in known.get("only") or source.files:
        found += _check_file(path, source.files[path], types) if path in source.files else ()
    return tuple(found)


def _check_file(path: str, text: str, types: Types) -> Iterator[Finding]:
    pure = PurePosixPath(path)
    if UNREADABLE in text:
        yield _finding(files.NOT_TEXT, path, None, "it is not UTF-8")
    if pure.suffix == ".form":
        yield from _check_form(path, text, types)
    elif pure.name == "process.toml":
        yield from _check_manifest(path, text, types)
    elif pure.name == "mails.toml":
        yield from _check_mails(path, text, types)


def _check_form(path: str, text: str, types: Types) -> Iterator[Finding]:
    try:
        form = parse_form(text)
    except FormError as exc:
        yield _finding(files.BAD_FORM, path, exc.component, exc)
        return
    yield from meaning.check_form(path, form, types)


def _check_manifest(path: str, text: str, types: Types) -> Iterator[Finding]:
    try:
        manifest = read_manifest(path, text)
    except FileRefused as exc:
        yield _finding(files.BAD_MANIFEST, path, None, exc.params["reason"])
        return
    for name, expression in _expressions(manifest).items():
        yield from _check_expression(path, name, expression, types)


def _check_mails(path: str, text: str, types: Types) -> Iterator[Finding]:
    try:
        mails = read_mails(path, text)
    except FileRefused as exc:
        yield _finding(files.BAD_MAILS, path, None, exc.params["reason"])
        return
    for key, mail in mails.items():
        for expression in placeholders(mail):
            yield from _check_expression(path, key, expression, types)


def _expressions(manifest: Manifest) -> Mapping[str, str]:
    named = {
        "case_title": manifest.case_title,
        "territory": manifest.territory,
        "email": manifest.email,
        **{f"term.{name}": text for name, text in manifest.term.items()},
        **{f"terms.{name}": text for name, text in manifest.terms.items()},
        **{f"prefill.{name}": text for name, text in manifest.prefill.items()},
        **{f"message_about.{name}": text for name, text in manifest.message_about.items()},
        **{f"follow_until.{name}": text for name, text in manifest.follow_until.items()},
        **{f"stages.{stage.key}": stage.planned for stage in manifest.stages},
    }
    return {name: text for name, text in named.items() if text}


def _check_expression(path: str, element: str, text: str, types: Types) -> Iterator[Finding]:
    try:
        compile_expression(text)
    except FeelError as exc:
        told = DomainError(IN_TEXT, text=text, reason=exc)
        yield _finding(files.BAD_EXPRESSION, path, element, told)
        return
    yield from meaning.check_text(path, element, text, types)


def _finding(rule: Rule, path: str, element: str | None, reason: object) -> Finding:
    return Finding(
        code=rule.code,
        severity=rule.severity,
        file=path,
        element=element,
        line=None,
        message=rule.message,
        params={"reason": reason},
        fix=rule.fix,
    )
