"""Forms of a draft as the studio shows them: the list, and one as its reviewer will see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow_app.form_builder.compile import KIND_HOMES
from workflow_app.services.designing.form_looks import json_text
from workflow_app.web.presenting.reasons import said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.designing.form_looks import FormLook, Notes
    from workflow_app.services.designing.forms import ListedForm
    from workflow_app.services.designing.uses import Use

#: So many names are told of a kind before “and more”.
NAMED = 12


def form_rows(draft: DesignDraft, listed: Iterable[ListedForm]) -> list[dict[str, Any]]:
    """Return the forms of a draft as rows: {name, url, questions, uses}."""
    return [
        {
            "name": one.name,
            "url": url_for("studio_forms.edit", draft_id=draft.id, name=one.name),
            "questions": ngettext("%(num)s question", "%(num)s questions", one.questions),
            "uses": use_rows(draft, one.uses),
        }
        for one in listed
    ]


def use_rows(draft: DesignDraft, uses: Iterable[Use]) -> list[dict[str, Any]]:
    """Return the steps that use something: {name, url}.

    The url leads to the step in the draft's diagram, or to the other process that it is of.
    """
    found = {}
    for use in uses:
        place = url_for("studio_diagram.edit", draft_id=draft.id, path=use.path)
        other = url_for("studio_library.process", key=use.process)
        url = f"{place}#{use.element}" if use.process == draft.key else other
        found[use.process, use.element] = {"name": use.name or use.element, "url": url}
    return list(found.values())


def look_shown(look: FormLook) -> dict[str, Any]:
    """Return a form over sample data as studio/_form_look.html draws it."""
    return {
        "form": look.form,
        "faults": [said(fault) for fault in look.faults],
        "notes": notes_shown(look.notes),
        "sample": look.sample,
        "sample_fault": said(look.sample_fault) if look.sample_fault else None,
        "answers": None if look.answers is None else json_text(look.answers),
    }


def notes_shown(notes: Notes) -> list[dict[str, str]]:
    """Return what to say of a form: [{severity, text}], the gravest first."""
    told = [
        {
            "severity": "warning",
            "text": _(
                "“%(name)s” is read by %(fields)s, but nothing in the process fills it in.",
                name=name,
                fields=", ".join(fields),
            ),
        }
        for name, fields in notes.unknown.items()
    ]
    if notes.undrawn:
        fields = ", ".join(notes.undrawn)
        text = _("Our pages do not draw these, having their own: %(fields)s.", fields=fields)
        told.append({"severity": "warning", "text": text})
    if notes.unread:
        names = ", ".join(notes.unread[:NAMED])
        if len(notes.unread) > NAMED:
            names = _("%(names)s and more", names=names)
        text = _(
            "Nothing in the process reads these answers; the case file keeps them: %(names)s.",
            names=names,
        )
        told.append({"severity": "info", "text": text})
    return told


def rule_words() -> dict[str, Any]:
    """Return the words of the panel for our own rules of a question, and which kinds fit what."""
    kinds = {
        "money": _("Amount of money"),
        "score": _("Points"),
        "sign": _("Signature"),
        "reference": _("Something chosen from a register"),
        "tel": _("Telephone number"),
        "email": _("E-mail address"),
    }
    return {
        "title": _("Rules of this question"),
        "none": _("Choose a question in the form to see its rules."),
        "check": _("Right only if (FEEL)"),
        "checkMessage": _("What to say if it is not right"),
        "requiredIf": _("Must be answered if (FEEL)"),
        "kind": _("What kind of answer it is"),
        "plain": _("Nothing special"),
        "sensitive": _("Sensitive: only who works on the case sees the answer"),
        "up": _("Move up"),
        "down": _("Move down"),
        "remove": _("Remove"),
        "kinds": kinds,
        "homes": {str(kind): sorted(map(str, homes)) for kind, homes in KIND_HOMES.items()},
    }


def found_words() -> dict[str, str]:
    """Return the words with which a script tells what is wrong with a file."""
    return {
        "error": _("Error"),
        "warning": _("Warning"),
        "info": _("Note"),
        "help": _("What this means"),
        "none": _("Nothing is wrong with this file."),
    }
