"""The task page: the form beside the case file; claim, release, draft, complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.form_builder import TaskForm, apply_row_action
from workflow_app.queries.case_file import titles
from workflow_app.services.collecting.answering import PROPERTY
from workflow_app.services.drafts import DraftChanged, owner_of, subject_of
from workflow_app.services.reading import number_after_step, require_readable
from workflow_app.services.tasks import (
    OpenedTask,
    next_of_mine,
    open_task,
    save_task_draft,
    submit_task,
)
from workflow_app.web.comments import comments_page, say_comment
from workflow_app.web.current import context
from workflow_app.web.drafting import draft_saved
from workflow_app.web.posting import (
    Intent,
    as_posted_form,
    finish_detour,
    intent_of,
    posted_form,
    refusals_shown,
    saved_words,
)
from workflow_app.web.presenting import cases as present
from workflow_app.web.presenting.comments import comments_of
from workflow_app.web.presenting.file import case_file
from workflow_app.web.presenting.following import office_links
from workflow_app.web.presenting.office_collections import task_collection
from workflow_app.web.presenting.reasons import said
from workflow_app.web.presenting.tasks import holding_facts, role_title, task_state
from workflow_app.web.presenting.why import why_and_next
from workflow_app.web.rescue import give_back, keep_for
from workflow_app.web.routing import route
from workflow_app.web.start import intent_anchor
from workflow_app.web.undo import undo_box

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.context import Posted

work = Blueprint("work", __name__)


@route(work, "/tasks/<int:task_id>", Permission.WORK, methods=("GET", "POST"))
def task(task_id: int) -> ResponseReturnValue:
    """Show a task with its form; complete it."""
    if request.method == "GET":
        kept = give_back(context(), owner=owner_of(context().actor), subject=subject_of(task_id))
        return _page(open_task(context(), task_id, kept))
    posted = posted_form()
    intent = intent_of(posted)
    if intent is not Intent.SUBMIT:
        return _detour(task_id, posted, intent)
    return _submit(task_id, posted)


@route(work, "/tasks/<int:task_id>/draft", Permission.WORK, methods=("POST",))
def draft(task_id: int) -> ResponseReturnValue:
    """Save what was typed so far."""
    return draft_saved(save_task_draft(context(), task_id, posted_form()))


@route(work, "/tasks/<int:task_id>/comment", Permission.WORK, methods=("POST",))
def comment(task_id: int) -> ResponseReturnValue:
    """Add a comment; what stands in the task's form is kept as its draft."""
    ctx = context()
    loaded = open_task(ctx, task_id, posted_form()).loaded
    require_readable(ctx, loaded.row.id, loaded.row.territory_path)
    try:
        back = _detour(task_id, posted_form(), Intent.COMMENT)
    except DraftChanged:
        keep_for(url_for("work.task", task_id=task_id))
        back = redirect(url_for("work.task", task_id=task_id), 303)
    refused = say_comment(loaded)
    return back if refused is None else (comments_page(loaded, refused), 422)


def _submit(task_id: int, posted: Posted) -> ResponseReturnValue:
    ctx = context()
    opened = open_task(ctx, task_id)
    result = submit_task(ctx, task_id, posted)
    if isinstance(result, TaskForm):
        save_task_draft(ctx, task_id, as_posted_form(result))
        return _page(opened, result), 422
    words = present.words_of(ctx, opened.loaded)
    flash(_("Done: %(task)s.", task=words(opened.row.item_name)), "success")
    following = next_of_mine(ctx, opened.row.id)
    if following is not None:
        return redirect(url_for("work.task", task_id=following), 303)
    number = number_after_step(ctx, opened.row.id, opened.row.number)
    return redirect(url_for("cases.show", number=number), 303)


def _detour(task_id: int, posted: Posted, intent: Intent) -> ResponseReturnValue:
    ctx = context()
    opened = open_task(ctx, task_id)
    schema = opened.loaded.published.form(opened.row.form)
    bound = open_task(ctx, task_id, apply_row_action(schema, posted) or posted).form
    if bound is not None:
        save_task_draft(ctx, task_id, as_posted_form(bound))
        if refusals_shown(bound, intent):
            return _page(opened, bound), 422
    finish_detour(intent)
    return redirect(url_for("work.task", task_id=task_id) + intent_anchor(intent), 303)


def _page(opened: OpenedTask, form: TaskForm | None = None) -> str:
    ctx, loaded, row = context(), opened.loaded, opened.row
    words = present.words_of(ctx, loaded)
    form = form or opened.form
    card = present.case_card(ctx, loaded)
    task = _task(opened, words)
    why, way = why_and_next(ctx, opened, task["holding"])
    return render_template(
        "case/task.html",
        task=task | {"why": why},
        undo=undo_box(loaded),
        case=card,
        collection=_collection(opened),
        form=form,
        form_action=url_for("work.task", task_id=row.item_id),
        draft_url=url_for("work.draft", task_id=row.item_id),
        draft_saved=saved_words(opened.draft_saved_at) if opened.draft_saved_at else None,
        file=None if opened.sealed else _file(opened, way, inside=form is not None),
        has_errors=bool(form and form.errors),
        main_form=form is not None,
    )


def _file(opened: OpenedTask, way: present.Marks, *, inside: bool) -> dict[str, Any]:
    ctx, loaded = context(), opened.loaded
    talk = comments_of(ctx, loaded, opened.row.item_id if inside else None)
    known = case_file(ctx, loaded, way=way, task_id=opened.row.item_id)
    return known | {"talk": talk, "linked": office_links(ctx, loaded.row.id)}


def _collection(opened: OpenedTask) -> dict[str, Any] | None:
    """Return what came in the collection that the task works on, to who may read the case."""
    info = opened.loaded.published.task_info(opened.row.element)
    key = info.properties.get(PROPERTY) if info is not None else None
    if key is None or opened.sealed or not opened.may_work:
        return None
    return task_collection(context(), opened.loaded, key)


def _task(opened: OpenedTask, words: present.Words) -> dict[str, Any]:
    ctx, row = context(), opened.row
    info = opened.loaded.published.task_info(row.element)
    names = titles(ctx.session, {row.assignee or ""})
    return {
        "id": row.item_id,
        "title": words(row.item_name),
        "help": words(info.documentation) if info and info.documentation else None,
        "state": task_state(row.due_at, ctx.now),
        "offline": info is not None and info.properties.get("offline") == "true",
        "due_at": row.due_at,
        "group": role_title(ctx, row.role),
        "holder": words(names[row.assignee]) if row.assignee in names else row.assignee,
        "mine": opened.holds,
        "since": row.claimed_at,
        "claimable": opened.may_claim,
        "releasable": opened.holds and (row.role is not None or row.on_behalf_of is not None),
        "url": url_for("cases.show", number=row.number),
        "holding": holding_facts(ctx, row, words),
        "refused": said(opened.refused) if opened.refused else None,
        "sealed": said(opened.sealed) if opened.sealed else None,
    }
