"""The studio in words: the files of a draft by kind, with where each is edited."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from flask import current_app, url_for
from flask_babel import gettext as _

from workflow_app.services.designing.outlining import main_diagram
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
        groups[kind_of(path)].append(row | {"url": _editor(draft.id, path)})
    return [{"title": titles[kind], "rows": rows} for kind, rows in groups.items() if rows]


def diagram_rows(
    draft: DesignDraft, files: Mapping[str, DraftFile], current: str, tab: str
) -> list[dict[str, Any]]:
    """Return the diagrams of a draft on the pages of a tab: {title, path, url, current}.

    The process's own comes first; it is the current one where `current` is empty.
    """
    own = main_diagram(draft.key)
    paths = sorted((p for p in files if p.endswith(".bpmn")), key=lambda path: (path != own, path))
    return [
        {
            "title": title_of(path, files[path].body),
            "path": path,
            "url": url_for(f"studio_{tab}.edit", draft_id=draft.id, path=path),
            "current": path == (current or own),
        }
        for path in paths
    ]


def kind_of(path: str) -> str:
    """Return what a file is: diagram, form, table, letter, register, scenario or other."""
    if is_register(path):
        return "register"
    return KINDS.get(PurePosixPath(path).suffix, "other")


def _editor(draft_id: int, path: str) -> str:
    """Return where a file is edited: as text, where nothing else edits it."""
    name = PurePosixPath(path).stem
    parts = {"form": "studio_forms", "table": "studio_tables", "letter": "studio_letters"}
    kind = kind_of(path)
    if kind == "diagram":
        return url_for("studio_diagram.edit", draft_id=draft_id, path=path)
    if kind == "scenario":
        return url_for("studio_scenarios.show", draft_id=draft_id)
    if f"{parts.get(kind)}.edit" in current_app.view_functions:
        return url_for(f"{parts[kind]}.edit", draft_id=draft_id, name=name)
    return url_for("studio_texts.edit", draft_id=draft_id, path=path)
