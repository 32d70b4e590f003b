"""What is wrong with a draft, told while it is typed: the check of a version, and limits before it.

It is checked among all that is published: messages that another process sends or waits for, and
names that its callers write, count as they will once it is published.

Files beyond a limit are told and left out of the check, so every answer comes within two seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.models.catalogue import RegisterDefinition, RoleDefinition, Setting
from workflow_app.services.checking import check_files
from workflow_app.services.designing.company import company_of
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.limits import fits, limit_findings, shared_ids
from workflow_app.services.designing.paths import is_register
from workflow_app.services.designing.registers import register_findings
from workflow_app.services.designing.sources import draft_texts, source_of, version_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine import Finding
    from workflow_app.services.context import Context

WEIGHT = {"error": 0, "warning": 1, "info": 2}


def findings_of(
    ctx: Context, draft_id: int, changed: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Return what is wrong with a draft's own files, errors first.

    `changed` are texts that nobody saved yet, by path. Raises NotFound.
    """
    draft = draft_of(ctx, draft_id)
    texts = draft_texts(ctx, draft_id) | dict(changed or {})
    own = version_files(texts)
    found = [*limit_findings(own), *shared_ids(own), *register_findings(texts)]
    too_large = {path for path, text in own.items() if not fits(path, text)}
    shown = own | dict.fromkeys(too_large, "")
    if f"processes/{draft.key}/{draft.key}.bpmn" not in too_large:
        source = source_of(ctx, draft_id, shown)
        known = _known(ctx, texts) | company_of(ctx, draft.key)
        checked = check_files(source, _roles(ctx), only=frozenset(own), **known)
        found += [one for one in checked if one.file in own and one.file not in too_large]
    return tuple(sorted(found, key=lambda one: (WEIGHT[one.severity], one.file, one.line or 0)))


def _roles(ctx: Context) -> frozenset[str]:
    return frozenset(ctx.session.scalars(select(RoleDefinition.code)))


def _known(ctx: Context, texts: Mapping[str, str]) -> dict[str, frozenset[str] | None]:
    """Return the keys of settings, and of registers with those that the draft makes."""
    settings = frozenset(ctx.session.scalars(select(Setting.key).distinct()))
    registers = frozenset(ctx.session.scalars(select(RegisterDefinition.key)))
    made = {path.rsplit("/", 1)[-1].removesuffix(".toml") for path in texts if is_register(path)}
    return {"settings": settings or None, "registers": registers | made}
