"""Turning a scenario's answers into what a browser would post.

So that every check of the form applies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from werkzeug.datastructures import FileStorage, MultiDict

from workflow_app.form_builder import FormSchema, TaskForm
from workflow_app.form_builder.schema import ComponentType, Item, Kind, members

if TYPE_CHECKING:
    from workflow_app.services.context import Posted

EVERY_ROW = "*"
ROW_NAMES = ("code", "member", "name", "criterion", "title")
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


class Deviation(Exception):
    """A case did not go as the scenario says."""


Bind = Callable[[Mapping[str, Any] | None, "Posted | None"], TaskForm]


def fill_in(
    schema: FormSchema, data: Mapping[str, Any], answers: Mapping[str, Any], bind: Bind
) -> TaskForm:
    """Return the form as posted with these answers over the case's data.

    `bind(values, posted)` gives the bound form. Files are named, and a small PDF of that name is
    made; or they say `name` and `text`.
    """
    given = {name: _value(schema, data, name, value) for name, value in answers.items()}
    plain, signatures = _without_files(schema.items, given), _signatures(schema.items, given)
    drawn = bind({**data, **plain}, None)
    posted: Posted = MultiDict(
        [(name, text) for name, texts in drawn.raw().items() for text in texts]
    )
    for name, upload in _uploads(schema.items, given):
        posted.add(name, upload)
    for name, text in signatures:
        posted.setlist(name, [text])
    return bind(None, posted)


def errors_of(form: TaskForm) -> str:
    """Return a validated form's errors in one line."""
    return "; ".join(f"{problem[0]}: {problem[1]}" for problem in form.errors)


def _value(schema: FormSchema, data: Mapping[str, Any], name: str, value: Any) -> Any:
    item = next((i for i in members(schema.items) if i.path and i.path[0] == name), None)
    if item is None or item.type is not ComponentType.DYNAMICLIST or not isinstance(value, dict):
        return value
    rows = [dict(row) for row in data.get(name) or []]
    for row in rows:
        row.update(value.get(EVERY_ROW) or {})
        row.update(next((value[row[n]] for n in ROW_NAMES if row.get(n) in value), {}))
    return rows


def _without_files(items: tuple[Item, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(given)
    for item in members(items):
        if _is_upload(item):
            kept.pop(item.path[0], None)
        elif item.is_nested_group and isinstance(kept.get(item.path[0]), Mapping):
            kept[item.path[0]] = _without_files(item.children, kept[item.path[0]])
    return kept


def _is_upload(item: Item) -> bool:
    return item.type is ComponentType.FILEPICKER or item.kind is Kind.SIGN


def _uploads(
    items: tuple[Item, ...], given: Mapping[str, Any], prefix: str = ""
) -> Iterable[tuple[str, FileStorage]]:
    for item in members(items):
        value: Any = given.get(item.path[0]) or []
        if item.type is ComponentType.FILEPICKER:
            for one in value:
                yield prefix + item.name, _file(one)
        elif item.is_nested_group and value:
            yield from _uploads(item.children, value, f"{prefix}{item.name}-")
        elif item.type is ComponentType.DYNAMICLIST:
            for number, row in enumerate(value):
                inner = f"{prefix}{item.name}-{number}-"
                yield from _uploads(item.children, _named_files(row), inner)


def _named_files(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.items()
        if isinstance(value, list) and all(isinstance(one, str) for one in value)
    }


def _signatures(items: tuple[Item, ...], given: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for item in members(items):
        value = given.get(item.path[0]) if item.path else None
        if item.kind is Kind.SIGN and isinstance(value, Mapping):
            found.append((f"{item.name}-name", str(value.get("name", ""))))
            found += [(f"{item.name}-agreed", "true")] if value.get("agreed") else []
    return found


def _file(one: str | Mapping[str, str]) -> FileStorage:
    """Return a file to upload: one that is made up, by its name, or {name, text}."""
    if isinstance(one, str):
        return FileStorage(BytesIO(_content(one)), filename=one)
    return FileStorage(BytesIO(one["text"].encode()), filename=one["name"])


def _content(name: str) -> bytes:
    return OFFICE[name.rsplit(".", 1)[-1]]() if name.rsplit(".", 1)[-1] in OFFICE else PDF


def _office(folder: str, main: str) -> Callable[[], bytes]:
    def make() -> bytes:
        buffer = BytesIO()
        with ZipFile(buffer, "w") as archive:
            archive.writestr(
                "[Content_Types].xml", f'<Types><Override PartName="/{main}"/></Types>'
            )
            archive.writestr("_rels/.rels", "<Relationships/>")
            archive.writestr(main, f"<{folder}/>")
        return buffer.getvalue()

    return make


OFFICE = {
    "docx": _office("document", "word/document.xml"),
    "xlsx": _office("workbook", "xl/workbook.xml"),
}
