"""What a draft has to fulfil before it is published, and what may be waived with a reason."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from workflow_app.domain.errors import Conflict, DomainError, SettingMissing
from workflow_app.domain.text import N_
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.findings import findings_of
from workflow_app.services.designing.proofs import proof_of
from workflow_app.services.designing.register_changes import losses
from workflow_app.services.designing.sources import draft_texts, own_files_of, source_of
from workflow_app.services.designing.translated import share_of
from workflow_app.services.host import Host, home_path
from workflow_app.services.publishing import newest_version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from workflow_app.engine import Finding
    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.context import Context
    from workflow_app.services.designing.proofs import Proof

COVERAGE, TRANSLATIONS = "studio.coverage", "studio.translations"
#: What holds where nobody has set the bar.
BARS = {COVERAGE: 80, TRANSLATIONS: 100}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One condition: whether it is met, a sentence about it (msgid, details), and its waiver.

    `exception` is {gate, reason, by, at, revision}, given for this very revision.
    """

    key: str
    passed: bool
    why: str
    details: Mapping[str, Any] = field(default_factory=dict)
    may_except: bool = False
    findings: tuple[Finding, ...] = ()
    exception: Mapping[str, Any] | None = None

    @property
    def holds(self) -> bool:
        """Tell whether the condition keeps nothing back."""
        return self.passed or self.exception is not None


class GateClosed(Conflict):
    """A draft does not fulfil what it must (params: reason, the first unmet condition)."""

    message = N_("The draft cannot go on: %(reason)s")

    def __init__(self, gates: tuple[Gate, ...]) -> None:
        self.gates = gates
        unmet = next(one for one in gates if not one.holds)
        super().__init__(reason=DomainError(unmet.why, **unmet.details))


def gates_of(ctx: Context, draft_id: int) -> tuple[Gate, ...]:
    """Return all conditions of a draft as it stands now. Raises NotFound."""
    draft = draft_of(ctx, draft_id)
    proof = _proof(ctx, draft)
    found = (
        _findings(ctx, draft),
        _registers(ctx, draft),
        _scenarios(draft, proof),
        _coverage(ctx, proof),
        _translations(ctx, draft),
        _basis(ctx, draft),
    )
    waived = {one["gate"]: one for one in draft.exceptions if one["revision"] == draft.revision}
    return tuple(
        replace(one, exception=waived.get(one.key)) if one.may_except and not one.passed else one
        for one in found
    )


def require_open_gate(ctx: Context, draft_id: int) -> tuple[Gate, ...]:
    """Return the conditions of a draft that fulfils them all. Raises GateClosed, NotFound."""
    gates = gates_of(ctx, draft_id)
    if not all(one.holds for one in gates):
        raise GateClosed(gates)
    return gates


def _findings(ctx: Context, draft: DesignDraft) -> Gate:
    errors = tuple(one for one in findings_of(ctx, draft.id) if one.severity == "error")
    why = N_("Errors to mend: %(count)s.") if errors else N_("No errors were found.")
    details = {"count": len(errors)} if errors else {}
    return Gate(key="findings", passed=not errors, why=why, details=details, findings=errors)


def _registers(ctx: Context, draft: DesignDraft) -> Gate:
    found = losses(ctx, draft_texts(ctx, draft.id))
    if found:
        return Gate(key="registers", passed=False, why=found[0].why, details=found[0].details)
    return Gate(key="registers", passed=True, why=N_("No register loses data."))


def _proof(ctx: Context, draft: DesignDraft) -> Proof | None:
    """Return the proof of this very revision, unless a part of it was published since."""
    proof = proof_of(ctx, draft.id)
    if proof is None or proof.revision != draft.revision:
        return None
    changed = _parts_published_at(ctx, draft)
    return proof if changed is None or changed <= proof.at else None


def _parts_published_at(ctx: Context, draft: DesignDraft) -> datetime | None:
    """Return when a part that a draft uses was last published; None where it uses none."""
    parts = {path.split("/")[1] for path in source_of(ctx, draft.id).files} - {draft.key}
    newest = select(func.max(ProcessVersion.published_at)).where(ProcessVersion.key.in_(parts))
    return ctx.session.scalar(newest)


def _scenarios(draft: DesignDraft, proof: Proof | None) -> Gate:
    gate = Gate(key="scenarios", passed=False, may_except=True, why=N_("There are no scenarios."))
    if proof is None:
        told = {"revision": draft.revision}
        why = N_("The scenarios have not run on the draft as it is now (revision %(revision)s).")
        return replace(gate, why=why, details=told)
    if not proof.scenarios:
        return gate
    count = {"count": proof.scenarios}
    if proof.ok:
        return replace(gate, passed=True, why=N_("All %(count)s scenarios pass."), details=count)
    why = N_("Scenarios that fail: %(failed)s of %(count)s.")
    return replace(gate, why=why, details=count | {"failed": proof.failed})


def _coverage(ctx: Context, proof: Proof | None) -> Gate:
    bar, share = bar_of(ctx, COVERAGE), proof.coverage if proof else 0
    why = N_("Of the steps and table rows, scenarios reach %(percent)s. The bar is %(bar)s.")
    told = {"percent": percent(share), "bar": percent(bar)}
    met = proof is not None and share >= bar
    return Gate(key="coverage", passed=met, why=why, details=told, may_except=True)


def _translations(ctx: Context, draft: DesignDraft) -> Gate:
    bar, share = bar_of(ctx, TRANSLATIONS), share_of(ctx, draft.id, draft.words).percent
    why = N_("Of the words, %(percent)s are translated. The bar is %(bar)s.")
    told = {"percent": percent(share), "bar": percent(bar)}
    return Gate(key="translations", passed=share >= bar, why=why, details=told, may_except=True)


def _basis(ctx: Context, draft: DesignDraft) -> Gate:
    newest = newest_version(ctx, draft.key)
    same = newest is None or newest.id == draft.base_version_id
    if newest is None or same or _same_files(ctx, newest, draft.base_version_id):
        why = N_("Nothing was published that the draft does not know.")
        return Gate(key="basis", passed=True, why=why)
    why = N_("Version %(number)s was published after the draft began, and would be replaced.")
    told = {"number": newest.number}
    return Gate(key="basis", passed=False, why=why, details=told, may_except=True)


def _same_files(ctx: Context, newest: ProcessVersion, base: int | None) -> bool:
    """Tell whether a version's own files are those of another: only its parts were renewed."""
    return base is not None and own_files_of(ctx, newest.id) == own_files_of(ctx, base)


def bar_of(ctx: Context, setting: str) -> int:
    """Return a bar in percent as the settings have it."""
    try:
        return int(Host(ctx, home_path(ctx)).number(setting))
    except SettingMissing:
        return BARS[setting]


def percent(share: int) -> str:
    """Return a share as people write it."""
    return f"{share}\u00a0%"
