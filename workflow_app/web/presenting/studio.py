"""The studio in words: the files of a draft by kind, with where each is edited."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from flask import current_app, url_for
from flask_babel import gettext as _

from workflow_app.services.designing.paths import is_register
from workflow_app.services.designing.words_index import title_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.designing.drafts import DraftFile


KINDS = {
    ".bpmn": "diagram",
    ".form": "form",
    ".dmn": "table",
    ".typ": "letter",
    ".yaml": "scenario",
}


def file_groups(draft: DesignDraft, files: Mapping[str, DraftFile]) -> list[dict[str, Any]]:
    """Return the files of a draft by kind: [{title, rows: [{title, path, url, download_url}]}]."""
    titles = {
        "diagram": _("Diagrams"),
        "form": _("Forms"),
        "table": _("Decision tables"),
        "letter": _("Letters"),
        "register": _("Registers"),
        "scenario": _("Scenarios"),
        "other": _("About the process"),
    }
    groups: dict[str, list[dict[str, Any]]] = {kind: [] for kind in titles}
    for path, file in files.items():
        row: dict[str, Any] = {"title": title_of(path, file.body), "path": path}
        row["download_url"] = url_for("studio_carrying.one", draft_id=draft.id, path=path)
        url = _editor(draft.id, path, is_main=path.endswith(f"/{draft.key}.bpmn"))
        groups[kind_of(path)].append(row | {"url": url})
    return [{"title": titles[kind], "rows": rows} for kind, rows in groups.items() if rows]


def kind_of(path: str) -> str:
    """Return what a file is: diagram, form, table, letter, register, scenario or other."""
    if is_register(path):
        return "register"
    return KINDS.get(PurePosixPath(path).suffix, "other")


def _editor(draft_id: int, path: str, *, is_main: bool) -> str:
    """Return where a file is edited: as text, where nothing else edits it."""
    name = PurePosixPath(path).stem
    whole = {"diagram": "studio_diagram.edit", "scenario": "studio_scenarios.show"}
    parts = {"form": "studio_forms", "table": "studio_tables", "letter": "studio_letters"}
    kind = kind_of(path)
    if (kind != "diagram" or is_main) and whole.get(kind) in current_app.view_functions:
        return url_for(whole[kind], draft_id=draft_id)
    if f"{parts.get(kind)}.edit" in current_app.view_functions:
        return url_for(f"{parts[kind]}.edit", draft_id=draft_id, name=name)
    return url_for("studio_texts.edit", draft_id=draft_id, path=path)
