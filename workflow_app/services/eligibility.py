"""Questions before a start form: who may not apply learns so before anything is typed.

The start event's property `before` names a form. Its components with the property `result` are the
verdicts, shown or hidden by FEEL like any other: `no` says why one cannot, `mind` what to mind,
`yes` heads the way on where no `no` is shown. The rest are the questions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from workflow_app.form_builder import FormPart, TaskForm
from workflow_app.models.base import table_of
from workflow_app.models.register import StartLink
from workflow_app.services.drafts import find_draft, save_draft
from workflow_app.services.forms import make_form
from workflow_app.services.host import Host, home_path
from workflow_app.services.opening import BEFORE, before_form_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

    from workflow_app.engine import StartForm
    from workflow_app.form_builder.schema import Item
    from workflow_app.services.context import Context, Posted
    from workflow_app.services.opening import Opening
    from workflow_app.services.programs import Published

RESULT, NO, MIND, YES = "result", "no", "mind", "yes"
_links = table_of(StartLink)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the answers come to: why not, what to mind, and the words for who may go on."""

    no: tuple[Markup, ...]
    mind: tuple[Markup, ...]
    yes: tuple[Markup, ...]

    @property
    def may_apply(self) -> bool:
        """Tell whether nothing speaks against applying."""
        return not self.no


def bind_questions(
    ctx: Context, published: Published, start: StartForm, posted: Posted | None
) -> FormPart:
    """Return the questions, bound to what was posted. Raises NotFound where there are none."""
    host = Host(ctx, home_path(ctx))
    name = before_form_of(published, start)
    form = make_form(ctx, published, name, data={}, host=host, posted=posted, owner="nobody")
    return FormPart(form, tuple(i for i in form.schema.items if not _kind(i)), posted)


def judge(form: TaskForm) -> Verdict:
    """Return what validated answers come to."""
    shown: dict[str, list[Markup]] = {NO: [], MIND: [], YES: []}
    for item in form.schema.items:
        if _kind(item) in shown:
            views = FormPart(form, (item,)).fields
            shown[_kind(item)] += [view.html for view in views if not view.hidden]
    return Verdict(tuple(shown[NO]), tuple(shown[MIND]), tuple(shown[YES]))


def _kind(item: Item) -> str:
    return str(item.source.properties.get(RESULT, ""))


def answered_before(ctx: Context, opening: Opening) -> Mapping[str, Any] | None:
    """Return what was answered before the form was opened; None where it was not asked yet."""
    if opening.known is not None:
        return opening.known
    kept = find_draft(ctx, opening.owner, _subject(opening))
    return dict(json.loads(kept.raw[BEFORE][0])) if kept else None


def keep_answers(ctx: Context, opening: Opening, answers: Mapping[str, Any]) -> None:
    """Let answers go along into the form that is open."""
    if opening.link_id is not None:
        link = update(_links).where(_links.c.id == opening.link_id)
        ctx.connection.execute(link.values(answers=dict(answers)))
    raw = {BEFORE: [json.dumps(dict(answers), ensure_ascii=False)]}
    save_draft(ctx, opening.owner, _subject(opening), raw)


def _subject(opening: Opening) -> str:
    return f"{opening.subject}#{BEFORE}"
