"""Binding a published form to a case, a person and a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.form_builder import TaskForm, unsigned
from workflow_app.services.documents import finder, uploader
from workflow_app.services.drafts import is_draft
from workflow_app.services.wording import translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.form_builder import FormSchema
    from workflow_app.services.context import Context, Posted
    from workflow_app.services.host import Host
    from workflow_app.services.programs import Published

__all__ = ["make_form", "passed_on", "translator"]


def make_form(  # noqa: PLR0913 - who, which form, over what, from where: all of it is needed
    ctx: Context,
    published: Published,
    form: str,
    *,
    data: Mapping[str, Any],
    host: Host,
    posted: Posted | None,
    owner: str,
    case_id: int | None = None,
    schema: FormSchema | None = None,
) -> TaskForm:
    """Return the form at `<process key>/<name>` over the case's data. Raises NotFound.

    `schema` is given where the form is not asked as it is drawn.
    """
    schema = schema or published.form(form)
    if posted is not None and is_draft(posted):
        posted = unsigned(schema.items, posted)
    return TaskForm(
        schema,
        values=data,
        scope=data,
        functions=host.as_seen.functions,
        posted=posted,
        translate=translator(ctx, published),
        locale=ctx.language,
        store_upload=uploader(ctx, owner),
        find_upload=finder(ctx, owner, case_id),
        now=host.now(),
        actor_name=ctx.actor.title if ctx.actor.is_signed_in else None,
    )


def passed_on(published: Published, form: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that the engine gets: those that expressions read, nothing sensitive."""
    wanted = published.program.read_names
    read = {name: value for name, value in answers.items() if name in wanted}
    return without_sensitive(published, form, read)


def without_sensitive(
    published: Published, form: str, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the answers without what the form calls sensitive, in rows of lists too."""
    sensitive = published.form(form).sensitive if form else frozenset()
    inner = [path.split(".") for path in sensitive if "." in path]
    return {
        name: _without(value, [rest for first, *rest in inner if first == name])
        for name, value in answers.items()
        if name not in sensitive
    }


def _without(value: Any, paths: list[list[str]]) -> Any:
    """Return a value without the members at these paths, in every row of a list."""
    if not paths:
        return value
    if isinstance(value, list):
        return [_without(row, paths) for row in value]
    if not isinstance(value, dict):
        return value
    gone = {path[0] for path in paths if len(path) == 1}
    deeper = [path for path in paths if len(path) > 1]
    return {
        name: _without(inner, [rest for first, *rest in deeper if first == name])
        for name, inner in value.items()
        if name not in gone
    }
