"""process.toml and mails.toml, read into types; a wrong file is refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


class Stage(msgspec.Struct, frozen=True):
    """A column of the board: where a case is while its status, or an open element, is one of these.

    `planned` is FEEL over the case's data: the date by which it should be over. With `process` the
    stage is the newest case of that process in the same territory.
    """

    key: str
    title: str
    statuses: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    planned: str = ""
    process: str = ""


class Board(msgspec.Struct, frozen=True):
    """The matrix of a process: a row for each territory with the flag, a column for each stage.

    It is the first screen of the roles `first_for`; `public` lets pages of places show the stage.
    """

    flag: str
    first_for: tuple[str, ...] = ()
    public: bool = False


class Manifest(msgspec.Struct, frozen=True):
    """What a process says of itself beside its diagram; every expression is FEEL.

    `prefill` gives the data that a start form opens over, by name; `next` says to people outside
    what follows on a status, `contact` whom they may ask, and `steps` what happens in a case.
    `message_about` says, by message, what a wait for it is about, over the data where it waits.
    `follow_ups` gives, by status or outcome, the messages with which another case may follow, and
    `follow_until` until when, by message. `head` is the role that is told when the case's term runs
    out, `registry` the one that is told of notices that came back.
    """

    title: str
    prefix: str = "CASE"
    summary: str = ""
    case_title: str = ""
    territory: str = ""
    email: str = ""
    key_holder_role: str | None = None
    head: str | None = None
    registry: str | None = None
    term: dict[str, str] = {}
    terms: dict[str, str] = {}
    statuses: dict[str, str] = {}
    public: dict[str, str] = {}
    messages: dict[str, str] = {}
    message_about: dict[str, str] = {}
    prefill: dict[str, str] = {}
    next: dict[str, str] = {}
    contact: str = ""
    steps: tuple[str, ...] = ()
    follow_ups: dict[str, tuple[str, ...]] = {}
    follow_until: dict[str, str] = {}
    stages: tuple[Stage, ...] = ()
    board: Board | None = None


class MailTemplate(msgspec.Struct, frozen=True):
    """One mail: `{FEEL}` placeholders in both texts, each text one msgid."""

    subject: str
    body: str


# msgspec crashes where two threads meet a type of its own for the first time at once: it meets
# them here, on import.
msgspec.json.Decoder(Manifest)
msgspec.json.Decoder(MailTemplate)


class FileRefused(Invalid):
    """A file of a process cannot be read (params: file, reason)."""

    message = N_("%(file)s: %(reason)s")


def read_manifest(path: str, text: str) -> Manifest:
    """Read a process.toml. Raises FileRefused."""
    try:
        return msgspec.toml.decode(text, type=Manifest)
    except msgspec.DecodeError as exc:
        raise FileRefused(file=path, reason=str(exc)) from exc


def read_mails(path: str, text: str) -> Mapping[str, MailTemplate]:
    """Read a mails.toml into templates by key. Raises FileRefused."""
    try:
        return msgspec.toml.decode(text, type=dict[str, MailTemplate])
    except msgspec.DecodeError as exc:
        raise FileRefused(file=path, reason=str(exc)) from exc
