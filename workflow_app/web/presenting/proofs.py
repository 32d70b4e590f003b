"""Runs of scenarios as pages show them: how each went, where it stood, what was walked over."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow_app.dmn.drawn import drawn_tables
from workflow_app.services.designing.scripts import title_in
from workflow_app.services.forms import translator
from workflow_app.web.presenting.cases import outline_rows
from workflow_app.web.presenting.design_tables import draft_teller, drawn_table
from workflow_app.web.presenting.reasons import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.context import Context
    from workflow_app.services.designing.drafts import DraftFile
    from workflow_app.services.designing.proofs import Proof
    from workflow_app.services.programs import Published

    Row = dict[str, Any]

MISSED = "missed"


def scenario_rows(draft: DesignDraft, files: Iterable[DraftFile], proof: Proof | None) -> list[Row]:
    """Return the scenario files of a draft with how each went in the last run.

    State is “passed”, “failed”, “new” (not run as it is now) or “shared” (others borrow from it).
    """
    known = {row["file"]: row for row in proof.details.get("rows", [])} if proof else {}
    rows = []
    for one in sorted(files, key=lambda file: ("/_" in file.path, file.path)):
        name = PurePosixPath(one.path).name
        row = known.get(name)
        rows.append(
            {
                "name": name,
                "title": title_in(one.body) or name,
                "state": _state(name, row),
                "problem": row["problems"][0] if row and row["problems"] else None,
                "steps": row["steps"] if row else None,
                "url": _to("edit", draft, name=name),
                "outcome_url": _to("outcome", draft, file=name) if row else None,
            }
        )
    return rows


def result_of(proof: Proof | None, name: str) -> Row | None:
    """Return how one scenario file went in the last run; None where it was not run."""
    rows = proof.details.get("rows", []) if proof else []
    return next((dict(row) for row in rows if row["file"] == name), None)


def _state(name: str, row: Mapping[str, Any] | None) -> str:
    if name.startswith("_"):
        return "shared"
    if row is None:
        return "new"
    return "passed" if row["ok"] else "failed"


def proof_words(draft: DesignDraft, proof: Proof | None) -> Row | None:
    """Return the last run in words: {title, text, good, stale}."""
    if proof is None:
        return None
    stale = proof.revision != draft.revision
    if proof.state == "broken":
        why = proof.details.get("why")
        text = told(why["why"], why["details"]) if why else _("It did not come to an end in time.")
        return {"title": _("The scenarios could not be run."), "text": text, "stale": stale}
    if not proof.scenarios:
        title = _("The draft has no scenario yet.")
    elif proof.failed:
        title = ngettext(
            "%(num)s scenario did not go as it says.",
            "%(num)s scenarios did not go as they say.",
            proof.failed,
        )
    else:
        title = _("All scenarios went as they say.")
    text = _("%(percent)s %% of the steps and rows were walked over.", percent=proof.coverage)
    return {"title": title, "text": text, "good": proof.ok, "stale": stale}


def covered_page(ctx: Context, draft: DesignDraft, proof: Proof, published: Published) -> Row:
    """Return what the scenarios walked over: the diagram, its steps in words, tables by row."""
    words = translator(ctx, published)
    names = published.element_names()
    covered = proof.details["coverage"]
    missed = [one for one in covered["missed"] if f"{draft.key}/{one}" in names]
    marks = marks_of(proof, None, draft.key)
    return {
        "percent": covered["percent"],
        "stale": proof.revision != draft.revision,
        "missed": [words(names[f"{draft.key}/{one}"]) or one for one in missed],
        "flows_missed": len(covered["missed"]) - len(missed),
        "tables": list(_tables(ctx, draft, covered["tables"], published)),
        "diagrams": [_diagram(draft, published, draft.key, marks, words, None)],
    }


def _tables(
    ctx: Context, draft: DesignDraft, covered: Iterable[Mapping[str, Any]], published: Published
) -> Iterator[Row]:
    """Yield the tables of a process, each row marked as taken or not."""
    teller, own = draft_teller(ctx, draft), f"processes/{draft.key}/"
    hit = {table["decision"]: set(table["hit"]) for table in covered}
    for path, body in published.source.files.items():
        if not (path.startswith(own) and path.endswith(".dmn")):
            continue
        for decision, table in drawn_tables(body.encode()).items():
            taken = hit.get(decision)
            if taken is not None:
                marks = {row.id: "done" if row.row in taken else MISSED for row in table.rows}
                yield {**drawn_table(table, teller, marks), "hit": len(taken)}


def outcome_page(ctx: Context, draft: DesignDraft, row: Row, published: Published) -> Row:
    """Return how a scenario went, where it first deviated, and the diagrams of that moment."""
    words = translator(ctx, published)
    first = row.get("first") or {}
    places = [*first.get("missing", []), *first.get("open", []), *first.get("visited", [])]
    processes = dict.fromkeys([draft.key, *(one.partition("/")[0] for one in places)])
    known = [process for process in processes if process in published.program.processes]
    return {
        "row": row,
        "where": _where(first, published, draft.key, words),
        "diagrams": [
            _diagram(draft, published, one, _stand(first, one), words, row["file"])
            for one in (known if first else [])
        ],
        "open": [words(published.element_names().get(one, one)) for one in first.get("open", [])],
        "edit_url": _to("edit", draft, name=row["file"]),
    }


def marks_of(proof: Proof, row: Row | None, process: str) -> dict[str, str]:
    """Return the state of each element of a diagram: of one scenario's moment, or of all."""
    if row is not None:
        return _stand(row.get("first") or {}, process)
    covered = proof.details["coverage"]
    return dict.fromkeys(covered["missed"], MISSED) | dict.fromkeys(covered["visited"], "done")


def _stand(first: Mapping[str, Any], process: str) -> dict[str, str]:
    found: dict[str, str] = {}
    states = {"visited": "done", "waiting": "waiting", "open": "current"}
    for name, state in (*states.items(), ("missing", "stuck"), ("stuck", "stuck")):
        for place in first.get(name, []):
            owner, _slash, element = place.rpartition("/")
            if owner == process:
                found[element] = state
    return found


def _where(first: Mapping[str, Any], published: Published, key: str, words: Any) -> str | None:
    if not first:
        return None
    if first["step"] == 0:
        return str(_("At the beginning"))
    if first["step"] < 0:
        return str(_("At the end"))
    what = first["what"]
    name = words(published.element_names().get(f"{key}/{what}", "")) or what
    if not name:
        return str(_("Step %(number)s", number=first["step"]))
    return str(_("Step %(number)s: %(name)s", number=first["step"], name=name))


def _diagram(
    draft: DesignDraft,
    published: Published,
    process: str,
    marks: Mapping[str, str],
    words: Any,
    file: str | None,
) -> Row:
    manifest = published.manifests.get(process)
    return {
        "title": words(manifest.title) if manifest else process,
        "source": _to("diagram", draft, process=process, file=file),
        "outline": outline_rows(published.outline_of(process), marks, words),
        "open": process == draft.key,
    }


def _to(endpoint: str, draft: DesignDraft, **more: Any) -> str:
    return url_for(f"studio_scenarios.{endpoint}", draft_id=draft.id, **more)
