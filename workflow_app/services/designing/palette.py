"""What the diagram's editor offers: what exists around a draft, to be chosen instead of typed."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.domain.errors import DomainError
from workflow_app.models.catalogue import RegisterDefinition, RoleDefinition, Setting
from workflow_app.services.designing.drafts import draft_of, files_of
from workflow_app.services.designing.paths import is_register
from workflow_app.services.designing.sources import seeds_of
from workflow_app.services.manifests import read_mails, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from workflow_app.services.closure import Seeds
    from workflow_app.services.context import Context

    Choice = dict[str, str]

#: Who answers with the number and key of a case, and whoever has no account at all.
KEY_HOLDER, PUBLIC = "key_holder", "public"
_MESSAGE = re.compile(r"""<(?:\w+:)?message\s[^>]*?\bname=["']([^"'<=]+)["']""")
_PROCESS = re.compile(r"""<(?:\w+:)?process\s([^>]*)>""")
_DECISION = re.compile(r"""<(?:\w+:)?decision\s([^>]*)>""")
_ATTRIBUTE = re.compile(r"""\b(id|name)=["']([^"']*)["']""")


def choices_of(ctx: Context, draft_id: int) -> dict[str, list[Choice]]:
    """Return what exists, by the name of its list, as [{value, label}] each.

    `forms`, `decisions`, `processes`, `messages`, `mails`, `letters`, `statuses`, `roles`,
    `senders` and `recipients` (roles and whoever is outside), `registers`, `settings`. Raises
    NotFound.
    """
    key = draft_of(ctx, draft_id).key
    seeds = seeds_of(ctx, draft_id)
    roles = _roles(ctx)
    return {
        "forms": _own_first(key, _forms(seeds)),
        "decisions": _declared(seeds, ".dmn", _DECISION),
        "processes": _declared(seeds, ".bpmn", _PROCESS),
        "messages": _plain(_messages(seeds)),
        "letters": _plain(_letters(key, seeds)),
        "mails": _read(f"processes/{key}/mails.toml", seeds, _subjects),
        "statuses": _read(
            f"processes/{key}/process.toml", seeds, lambda p, t: read_manifest(p, t).statuses
        ),
        "roles": roles,
        "senders": [*_plain([PUBLIC, KEY_HOLDER]), *roles],
        "recipients": [*_plain([KEY_HOLDER]), *roles],
        "registers": _plain(_registers(ctx, draft_id)),
        "settings": _plain(ctx.session.scalars(select(Setting.key).distinct())),
    }


def _registers(ctx: Context, draft_id: int) -> set[str]:
    """Return the registers that are published, and those that the draft brings with it."""
    own = {PurePosixPath(path).stem for path in files_of(ctx, draft_id) if is_register(path)}
    return own | {*ctx.session.scalars(select(RegisterDefinition.key))}


def _roles(ctx: Context) -> list[Choice]:
    query = select(RoleDefinition.code, RoleDefinition.title).order_by(RoleDefinition.code)
    return [_choice(row.code, row.title) for row in ctx.session.execute(query)]


def _choice(value: str, title: str = "") -> Choice:
    return {"value": value, "label": f"{title} ({value})" if title and title != value else value}


def _plain(values: Iterable[str]) -> list[Choice]:
    return [_choice(value) for value in sorted(values)]


def _forms(seeds: Seeds) -> set[str]:
    paths = (path.removesuffix(".form").split("/") for path in seeds.files if _is_form(path))
    return {f"{folder}/{name}" for _top, folder, name in paths}


def _is_form(path: str) -> bool:
    return path.endswith(".form") and path.count("/") == 2


def _own_first(key: str, forms: set[str]) -> list[Choice]:
    """Return the process's own forms by their short names, then those of others."""
    own = {form.partition("/")[2] for form in forms if form.startswith(f"{key}/")}
    return [*_plain(own), *_plain(form for form in forms if not form.startswith(f"{key}/"))]


def _declared(seeds: Seeds, ending: str, tag: re.Pattern[str]) -> list[Choice]:
    """Return what the files of a kind declare by id, with its name."""
    found: dict[str, str] = {}
    for path, text in seeds.files.items():
        for attributes in tag.findall(text) if path.endswith(ending) else ():
            said = dict(_ATTRIBUTE.findall(attributes))
            if said.get("id"):
                found.setdefault(said["id"], said.get("name", ""))
    return [_choice(value, title) for value, title in sorted(found.items())]


def _messages(seeds: Seeds) -> set[str]:
    texts = (text for path, text in seeds.files.items() if path.endswith(".bpmn"))
    return {name for text in texts for name in _MESSAGE.findall(text)}


def _letters(key: str, seeds: Seeds) -> list[str]:
    place = f"processes/{key}/letters/"
    return [path.removeprefix(place)[:-4] for path in seeds.files if path.startswith(place)]


def _read(path: str, seeds: Seeds, read: Callable[[str, str], Mapping[str, str]]) -> list[Choice]:
    """Return what a file names; nothing while it cannot be read, which is told as a finding."""
    with suppress(DomainError):
        found = read(path, seeds.files.get(path, ""))
        return [_choice(value, title) for value, title in found.items()]
    return []


def _subjects(path: str, text: str) -> dict[str, str]:
    return {key: mail.subject for key, mail in read_mails(path, text).items()}
