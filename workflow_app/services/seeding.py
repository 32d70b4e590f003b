"""Loading roles, settings, registers and the demonstration's people from the processes folder.

Every loader may be repeated: it changes what differs and leaves the rest.
"""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Invalid, NotFound
from workflow_app.domain.states import Wish
from workflow_app.domain.text import N_
from workflow_app.domain.unseen import visible
from workflow_app.feel import compile_expression
from workflow_app.models.catalogue import RegisterDefinition, RoleDefinition, Setting
from workflow_app.models.people import (
    Account,
    Body,
    BodyMember,
    Organisation,
    RoleAssignment,
    Territory,
)
from workflow_app.models.register import RegisterEntry
from workflow_app.services.host import Host, home_path
from workflow_app.services.manifests import FileRefused
from workflow_app.services.marking import mark_again, marks_differ, marks_of
from workflow_app.services.organisations import add_member

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from workflow_app.services.context import Context

NO_KEY = N_("An entry for the register “%(register)s” has no “%(key)s”.")
UNSEEN = N_("The name “%(name)s” has characters that nobody sees.")
EDITED = "it was edited in the studio since; export it first"
DEMO_PASSWORD = "community-2026"  # noqa: S105 - shown on the demonstration's sign-in page


class RegisterColumn(msgspec.Struct, frozen=True):
    """A column of a field that holds rows."""

    name: str
    type: str
    label: str
    words: dict[str, str] = {}


class RegisterField(msgspec.Struct, frozen=True):
    """A field of a register; one of the type “rows” has columns, `note` says what it holds."""

    name: str
    type: str
    label: str
    public: bool = False
    required: bool = False
    words: dict[str, str] = {}
    note: str = ""
    columns: list[RegisterColumn] = []


class RegisterFigure(msgspec.Struct, frozen=True):
    """A number over a register: of all entries or of those with a value; `goal` is FEEL."""

    label: str
    field: str = ""
    equals: str = ""
    goal: str = ""


class RegisterAction(msgspec.Struct, frozen=True):
    """A process that anybody may start out of an entry."""

    process: str
    label: str


class RegisterCalendar(msgspec.Struct, frozen=True):
    """The dates of a register as a calendar: fields, and `title` a field or FEEL over an entry."""

    starts: str
    title: str
    ends: str = ""
    place: str = ""


class RegisterFile(msgspec.Struct, frozen=True):
    """What a register's file must say; `in_force` and `public_when` are FEEL over an entry."""

    title: str
    key: str
    fields: list[RegisterField]
    in_force: str = ""
    public_when: str = ""
    imported: bool = False
    calendar: RegisterCalendar | None = None
    figures: list[RegisterFigure] = []
    actions: list[RegisterAction] = []
    rows: list[dict[str, Any]] = []


def load_catalogue(ctx: Context, folder: Path) -> list[FileRefused]:
    """Load roles, settings and registers; returns the files that were refused.

    What a refused file said before stays in force, and the other files are loaded.
    """
    loaders: list[tuple[Path, Callable[[dict[str, Any]], None]]] = [
        (folder / "roles.toml", partial(load_roles, ctx)),
        (folder / "settings.toml", partial(load_settings, ctx)),
        *(
            (path, partial(load_seed_register, ctx, path.stem))
            for path in sorted((folder / "registers").glob("*.toml"))
        ),
    ]
    tried = [_load_file(ctx, path, load) for path, load in loaders]
    return [refused for refused in tried if refused is not None]


def _load_file(
    ctx: Context, path: Path, load: Callable[[dict[str, Any]], None]
) -> FileRefused | None:
    try:
        with ctx.session.begin_nested():
            load(read_toml(path))
    except FileRefused as refused:
        return refused
    except KeyError as missing:
        return FileRefused(file=path.name, reason=f"{missing} is missing")
    except (AttributeError, TypeError, ValueError, DBAPIError) as wrong:
        return FileRefused(file=path.name, reason=str(wrong))
    return None


def load_demo(ctx: Context, folder: Path, hash_password: Callable[[str], str]) -> None:
    """Load the demonstration's territories, organisations, people and bodies.

    Raises FileRefused.
    """
    load_territories(ctx, read_toml(folder / "territories.toml")["territory"])
    load_organisations(ctx, read_toml(folder / "organisations.toml")["organisation"])
    load_accounts(ctx, read_toml(folder / "users.toml")["user"], hash_password(DEMO_PASSWORD))
    load_bodies(ctx, read_toml(folder / "bodies.toml")["body"])


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file. Raises FileRefused with its name and the reason."""
    try:
        return msgspec.toml.decode(path.read_text(encoding="utf-8"), type=dict[str, Any])
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as exc:
        raise FileRefused(file=path.name, reason=str(exc)) from exc


def load_roles(ctx: Context, roles: Mapping[str, Any]) -> None:
    """Store role codes with their titles and permissions; an unknown permission is refused."""
    for code, role in roles.items():
        permissions = [Permission(name).value for name in role.get("permissions", ["work"])]
        notify = Wish(role["notify"]).value if "notify" in role else None
        told = {"title": role["title"], "permissions": permissions, "notify": notify}
        ctx.session.merge(RoleDefinition(code=code, **told))


def load_settings(ctx: Context, document: Mapping[str, Any]) -> None:
    """Store settings that are not there yet; a value that somebody changed stays.

    What a setting is, its unit, its source and the words it is shown under (`groups`, by the
    first part of its key) are always the file's.
    """
    territory = document.get("territory", "AM")
    known = {(row.key, row.territory_code): row for row in ctx.session.scalars(select(Setting))}
    groups = document.get("groups", {})
    for one in document["setting"]:
        place = one.get("territory", territory)
        row = known.get((one["key"], place))
        if row is None:
            row = Setting(key=one["key"], territory_code=place, value={"value": one["value"]})
            ctx.session.add(row)
        row.value = {**row.value, "group": groups.get(one["key"].partition(".")[0])}
        row.source_note = f"[{one.get('mark', '')}] {one.get('source', '')}"
        row.unit = one.get("unit")


def load_seed_register(ctx: Context, key: str, document: dict[str, Any]) -> None:
    """Store a register from its file, unless the studio published it otherwise since.

    Raises FileRefused then, and what `load_register` raises.
    """
    known = ctx.session.get(RegisterDefinition, key)
    if known is not None and known.sha256 is not None:
        if known.definition != definition_in(document):
            raise FileRefused(file=f"{key}.toml", reason=EDITED)
        known.sha256 = None
    load_register(ctx, key, document)


def definition_in(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a register's file says of the register, its first rows left out."""
    return {name: value for name, value in document.items() if name != "rows"}


def load_register(ctx: Context, key: str, document: Mapping[str, Any]) -> None:
    """Store a register's definition, and its first rows unless it has entries already.

    Raises msgspec.ValidationError, FeelError.
    """
    file = msgspec.convert(document, RegisterFile)
    goals = (figure.goal for figure in file.figures)
    for text in (file.in_force, file.public_when, *goals):
        compile_expression(text or "true")
    definition = definition_in(document)
    known = ctx.session.get(RegisterDefinition, key)
    if known is not None and marks_differ(known.definition, definition):
        mark_again(ctx, key, definition)
    ctx.session.merge(RegisterDefinition(key=key, definition=definition))
    ctx.session.flush()
    any_entry = select(RegisterEntry.id).where(RegisterEntry.register == key).limit(1)
    if ctx.session.scalar(any_entry) is not None:
        return
    enter_rows(ctx, key, document.get("rows", []))


def enter_rows(ctx: Context, register: str, rows: list[dict[str, Any]]) -> None:
    """Enter first versions of rows into a register that is there.

    Raises NotFound, and Invalid for a row without its key.
    """
    found = ctx.session.get(RegisterDefinition, register)
    if found is None:
        raise NotFound
    key = found.definition["key"]
    if any(key not in row for row in rows):
        raise Invalid(NO_KEY, register=register, key=key)
    functions = Host(ctx, home_path(ctx)).functions
    ctx.session.add_all(
        RegisterEntry(
            register=register,
            key=str(row[key]),
            version=1,
            data=dict(row),
            at=ctx.now,
            **marks_of(found.definition, row, functions),
        )
        for row in rows
    )


def load_territories(ctx: Context, rows: list[dict[str, Any]]) -> None:
    """Store territories, parents before children."""
    paths: dict[str, str] = {}
    for row in rows:
        parent = row.get("parent")
        paths[row["code"]] = f"{paths[parent]}/{row['code']}" if parent else row["code"]
        ctx.session.merge(
            Territory(
                code=row["code"],
                parent_code=parent,
                level=row["level"],
                name=row["name"],
                path=paths[row["code"]],
                flags=row.get("flags", []),
                latitude=row.get("latitude"),
                longitude=row.get("longitude"),
            )
        )
    ctx.session.flush()


def load_organisations(ctx: Context, rows: list[dict[str, Any]]) -> None:
    """Store organisations that are not there yet. Raises Invalid for a name nobody can read."""
    for row in rows:
        if visible(row["name"]) != row["name"]:
            raise Invalid(UNSEEN, name=visible(row["name"]))
    known = set(ctx.session.scalars(select(Organisation.code)))
    ctx.session.add_all(
        Organisation(
            code=row["code"],
            name=row["name"],
            sector=row["sector"],
            registration_number=row.get("registration_number"),
            territory_code=row.get("territory"),
            details=row.get("details", {}),
        )
        for row in rows
        if row["code"] not in known
    )
    ctx.session.flush()


def load_accounts(ctx: Context, rows: list[dict[str, Any]], password: str) -> None:
    """Store accounts that are not there yet, with their roles."""
    known = set(ctx.session.scalars(select(Account.username)))
    for row in rows:
        if row["username"] not in known:
            ctx.session.add(_account(row, password))
    ctx.session.flush()
    for row in rows:
        if row["username"] not in known and "acts_as" in row:
            query = select(Account.id).where(Account.username == row["username"])
            account_id = ctx.session.scalars(query).one()
            add_member(ctx, account_id, row["organisation"], row["acts_as"])


def load_bodies(ctx: Context, rows: list[dict[str, Any]]) -> None:
    """Store bodies that are not there yet, and the members of those that have none."""
    there = set(ctx.session.scalars(select(Body.key)))
    columns = Body.__table__.columns.keys()
    ctx.session.add_all(
        Body(**{name: row[name] for name in columns}) for row in rows if row["key"] not in there
    )
    known = set(ctx.session.scalars(select(BodyMember.body)))
    ctx.session.add_all(
        BodyMember(body=row["key"], username=member["username"], position=member["position"])
        for row in rows
        if row["key"] not in known
        for member in row["members"]
    )


def _account(row: Mapping[str, Any], password: str) -> Account:
    return Account(
        username=row["username"],
        email=row["email"],
        title=row["title"],
        password=password,
        active=True,
        language=row.get("language"),
        fs_uniquifier=uuid.uuid4().hex,
        assignments=[
            RoleAssignment(
                role=role["role"],
                territory_code=role["territory"],
                organisation_code=row.get("organisation"),
            )
            for role in row["roles"]
        ],
    )
