"""Pages for everybody: services, following a case, checking a certificate, registers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.deadlines import working_days_left
from workflow_app.domain.errors import NotAllowed, NotFound, WrongKey
from workflow_app.extensions import limiter
from workflow_app.queries import case_file, registers
from workflow_app.queries.pages import PAGE_SIZE, read_cursor
from workflow_app.services.case_store import load_case
from workflow_app.services.following import about, answerable, first_of_each, open_with_key
from workflow_app.services.host import Host
from workflow_app.services.paper import paper_start
from workflow_app.services.start_links import send_start_link
from workflow_app.services.taking import takes_cases
from workflow_app.web.caching import may_be_framed
from workflow_app.web.current import context, key_context, party_context
from workflow_app.web.eligibility import asked_start, passed_before
from workflow_app.web.forms import CheckForm, EmailForm, FollowForm
from workflow_app.web.keys import keyed_case, remember_case
from workflow_app.web.language import switch_language
from workflow_app.web.presenting import cases as present
from workflow_app.web.presenting import entries as present_entries
from workflow_app.web.presenting import notices as present_notices
from workflow_app.web.presenting import register_page as present_list
from workflow_app.web.presenting import registers as present_registers
from workflow_app.web.presenting import services as present_services
from workflow_app.web.presenting.comments import public_comments
from workflow_app.web.presenting.file import as_uploaded
from workflow_app.web.presenting.following import follow_up_rows, linked_rows
from workflow_app.web.presenting.register_page import read_asked
from workflow_app.web.presenting.stages import outlook, stages
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

public = Blueprint("public", __name__)
REVIEWED = date(2026, 11, 21)
#: So many entries stand on one page for paper.
PRINTED = 1_000


@route(public, "/", Permission.PUBLIC)
def home() -> ResponseReturnValue:
    """Show the services that anybody may start."""
    ctx = context()
    found = [p for p in present_services.startable(ctx) if present_services.is_public(p)]
    cards = [present_services.card(ctx, published) for published in found]
    return render_template("public/home.html", services=cards)


@route(public, "/services/<slug:key>", Permission.PUBLIC, methods=("GET", "POST"))
@limiter.limit("20 per minute", methods=["POST"])
def service(key: str) -> ResponseReturnValue:
    """Show what a service is; send a link that opens its form."""
    ctx = context()
    published = ctx.platform.programs.latest(ctx.session, key)
    entry = request.args.get("entry") or None
    over, taken = present_entries.over(ctx, published, entry), takes_cases(ctx, published)
    mine = over.is_open and present_services.may_start(ctx, published)
    by_link = over.is_open and present_services.is_public(published) and not ctx.actor.is_signed_in
    form = EmailForm() if by_link else None
    if form is not None and form.validate_on_submit():
        send_start_link(ctx, published, form.email.data or "", passed_before(key), over.key)
        return render_template(
            "public/sent.html",
            title=_("Check your mail"),
            paragraphs=[
                _("We sent a link to %(address)s. It opens the form.", address=form.email.data)
            ],
        )
    page = render_template(
        "public/service.html",
        service=present_services.card(ctx, published),
        start_url=over.start_url if mine else None,
        over=over,
        paper_url=url_for("start.by_paper", key=key) if taken and _enters(ctx, published) else None,
        ask_url=url_for("start.questions", key=key) if taken and _is_asked(published) else None,
        form=form,
        diagram=None,
        has_errors=bool(form and form.errors),
    )
    return page, 422 if form and form.errors else 200


def _enters(ctx: Context, published: Published) -> bool:
    """Tell whether the reader may enter what came on paper."""
    try:
        paper_start(published, ctx.actor)
    except (NotAllowed, NotFound):
        return False
    return True


def _is_asked(published: Published) -> bool:
    """Tell whether questions come first that this browser has not answered yet."""
    return asked_start(published) is not None and passed_before(published.key) is None


@route(public, "/follow", Permission.PUBLIC, methods=("GET", "POST"))
@limiter.limit("20 per minute", methods=["POST"])
def follow() -> ResponseReturnValue:
    """Ask for a case's number and key."""
    form = FollowForm()
    if form.validate_on_submit():
        try:
            return _show_keyed(form.number.data or "", form.key.data or "")
        except WrongKey as exc:
            form.number.errors = [_(exc.text)]
    failed = bool(form.errors)
    return render_template(
        "public/follow.html", form=form, has_errors=failed
    ), 422 if failed else 200


@route(public, "/follow/<word:number>", Permission.PUBLIC)
@limiter.limit("60 per minute")
def case(number: str) -> ResponseReturnValue:
    """Show a case to whoever has shown its key; a mail's link brings the key along."""
    if "key" in request.args:
        return _show_keyed(number, request.args["key"])
    case_id = keyed_case(number)
    if case_id is None:
        return redirect(url_for("public.follow"))
    ctx = key_context(case_id)
    loaded = load_case(ctx, case_id)
    words = present.words_of(ctx, loaded)
    documents = as_uploaded(case_file.documents(ctx.session, case_id, for_key_holder=True))
    return render_template(
        "public/case.html",
        case=present.case_card(ctx, loaded),
        actions=[
            {
                "title": words(loaded.published.message_word(wait.message, wait.name)),
                "text": about(ctx, loaded, wait),
                "url": url_for("start.message", number=number, wait=wait.task_id),
                "due_at": _until(ctx, case_id, wait),
                "left": _left(ctx, loaded, _until(ctx, case_id, wait)),
                "urgent": loaded.published.is_catch(wait.element),
            }
            for wait in first_of_each(ctx, loaded, answerable(ctx, loaded))
        ],
        stages=stages(ctx, loaded),
        outlook=outlook(ctx, loaded),
        documents=present.document_rows(documents, words),
        notices=present_notices.waiting(ctx, loaded),
        follow_ups=follow_up_rows(party_context(case_id), loaded),
        linked=linked_rows(ctx, loaded),
        comments=public_comments(ctx, loaded),
    )


@route(public, "/check", Permission.PUBLIC)
def check_certificate() -> ResponseReturnValue:
    """Check a certificate by its number."""
    form = CheckForm(request.args, meta={"csrf": False})
    number = (form.number.data or "").strip()
    result = present_registers.verdict(context(), number) if number else None
    return render_template(
        "public/check_certificate.html", form=form, result=result, has_errors=False
    )


@route(public, "/check/<word:number>", Permission.PUBLIC)
def check(number: str) -> ResponseReturnValue:
    """Check the certificate whose code was scanned."""
    return redirect(url_for("public.check_certificate", number=number))


@route(public, "/registers", Permission.PUBLIC, methods=("GET",))
def registers_list() -> ResponseReturnValue:
    """List the public registers."""
    ctx = context()
    cards = [present_registers.card(ctx, r) for r in registers.public_registers(ctx.session)]
    return render_template("public/registers.html", registers=cards)


@route(public, "/registers/<slug:key>", Permission.PUBLIC)
def register(key: str) -> ResponseReturnValue:
    """Show one public register by page; bare for paper, or for a frame of another site."""
    ctx, asked = context(), read_asked(context(), key, request.args)
    printed, framed = "print" in request.args, "embed" in request.args
    if framed:
        may_be_framed()
    cursor = read_cursor(request.args.get("page"), int)
    size = PRINTED if printed else PAGE_SIZE
    found = registers.entries_page(ctx.session, key, cursor, asked.wanted, size)
    kept = {"embed": "", "lang": ctx.language} if framed else {}
    return render_template(
        "public/register.html",
        **present_list.page(ctx, asked, found, kept),
        frame="embed" if framed else "print" if printed else None,
    )


@route(public, "/registers/<slug:key>/<path:entry>", Permission.PUBLIC)
def register_entry(key: str, entry: str) -> ResponseReturnValue:
    """Show one entry of a public register with its history."""
    return render_template("public/entry.html", **present_registers.entry(context(), key, entry))


@route(public, "/decisions/<int:page_id>", Permission.PUBLIC)
def published(page_id: int) -> ResponseReturnValue:
    """Show a published decision."""
    page = registers.published_page(context().session, page_id)
    if page is None:
        raise NotFound
    return render_template("public/published.html", **present_registers.published(context(), page))


@route(public, "/language", Permission.PUBLIC, methods=("POST",))
def language() -> ResponseReturnValue:
    """Remember the reader's language and go back to the page they were on."""
    switch_language(request.form.get("_lang", ""))
    return redirect(safe_next(request.form.get("next")), 303)


@route(public, "/accessibility", Permission.PUBLIC)
def accessibility() -> ResponseReturnValue:
    """Say how accessible the service is."""
    contact = context().platform.settings.mail_from
    return render_template("public/accessibility.html", contact=contact, updated_on=REVIEWED)


def safe_next(address: str | None) -> str:
    """Return an address of this site to go back to; the start page for any other."""
    wanted = address or ""
    parts = urlsplit(wanted)
    # Browsers read a backslash as a slash, and two slashes as another site.
    own = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if own and not parts.scheme and not parts.netloc else url_for("public.home")


def _show_keyed(number: str, key: str) -> ResponseReturnValue:
    found = open_with_key(context(), number, key)
    remember_case(found.id)
    return redirect(url_for("public.case", number=found.number), 303)


def _left(ctx: Any, loaded: Any, due: Any) -> int | None:
    """Return how many working days are left until a moment, in the calendar of the case."""
    if due is None:
        return None
    return working_days_left(due, ctx.now, Host(ctx, loaded.facts.path).calendar)


def _until(ctx: Any, case_id: int, wait: Any) -> Any:
    _messages, timers = case_file.waits(ctx.session, case_id)
    same = [t.due_at for t in timers if t.task_id == wait.task_id]
    return same[0] if same else None
