"""Comments on a case: written on its page, changed while they are young, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, Invalid
from workflow_app.services.comments import (
    Said,
    add_comment,
    delete_comment,
    edit_comment,
    may_change,
    own_comment,
)
from workflow_app.services.reading import readable_case
from workflow_app.web.current import context
from workflow_app.web.presenting import cases as present
from workflow_app.web.presenting.comments import comment_box, comment_list
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.case_store import Loaded

comments = Blueprint("comments", __name__)
ALL = "/cases/<word:number>/comments"
ONE = "/cases/<word:number>/comments/<int:comment_id>"


@route(comments, ALL, Permission.WORK)
def page(number: str) -> ResponseReturnValue:
    """Show comments, earlier ones too, and a form for another."""
    ctx = context()
    loaded = readable_case(ctx, number)
    return comments_page(loaded, comment_box(ctx, loaded))


@route(comments, ALL, Permission.WORK, methods=("POST",))
def add(number: str) -> ResponseReturnValue:
    """Add a comment."""
    loaded = readable_case(context(), number)
    refused = say_comment(loaded)
    if refused is not None:
        return comments_page(loaded, refused), 422
    return _back(number)


@route(comments, ONE, Permission.WORK, methods=("GET", "POST"))
def edit(number: str, comment_id: int) -> ResponseReturnValue:
    """Change a comment of one's own."""
    ctx = context()
    loaded = readable_case(ctx, number)
    row = own_comment(ctx, loaded, comment_id)
    if not may_change(ctx, row):
        raise Conflict(_("A comment can be changed for ten minutes. Write another one."))
    text, problem = request.form.get("_comment", row.text), None
    if request.method == "POST":
        try:
            edit_comment(ctx, loaded, comment_id, text)
            return _back(number)
        except Invalid as refused:
            problem = said(refused)
    shown = render_template(
        "case/comment.html",
        case=present.case_card(ctx, loaded),
        action=url_for("comments.edit", number=number, comment_id=comment_id),
        text=text,
        problem=problem,
        has_errors=problem is not None,
    )
    return shown, 422 if problem else 200


@route(comments, ONE + "/delete", Permission.WORK, methods=("POST",))
def delete(number: str, comment_id: int) -> ResponseReturnValue:
    """Take a comment of one's own back."""
    ctx = context()
    delete_comment(ctx, readable_case(ctx, number), comment_id)
    flash(_("The comment is deleted."), "success")
    return _back(number)


def say_comment(loaded: Loaded, task_id: int | None = None) -> dict[str, Any] | None:
    """Add the comment that was posted; returns the form to be shown again where it is refused."""
    ctx, form = context(), request.form
    text, to = form.get("_comment", ""), form.get("_comment_to", "")
    person = form.get("_comment_person", "")
    try:
        untold = add_comment(
            ctx, loaded, Said(text=text, to=to, people=(person,) if person else ())
        )
    except Invalid as refused:
        box = comment_box(ctx, loaded, task_id)
        return box | {"text": text, "to": to, "person": person, "problem": said(refused)}
    flash(_("The comment is there."), "success")
    if untold:
        names = "; ".join(present.words_of(ctx, loaded)(one) for one in untold)
        flash(_("These may not see it and were not told: %(names)s.", names=names))
    return None


def comments_page(loaded: Loaded, box: dict[str, Any]) -> str:
    """Return the page of a case's comments with a form."""
    ctx, before = context(), request.args.get("before", "")
    number = int(before) if before.isascii() and before.isdecimal() and len(before) < 10 else None
    return render_template(
        "case/comments.html",
        case=present.case_card(ctx, loaded),
        comments=comment_list(ctx, loaded, number),
        box=box | {"inside": False, "action": url_for("comments.add", number=loaded.row.number)},
        has_errors=box["problem"] is not None,
    )


def _back(number: str) -> ResponseReturnValue:
    return redirect(url_for("cases.show", number=number) + "#file-comments", 303)
