"""A backup is one tar file: what it is of, the database's dump, and the documents if asked for."""

from __future__ import annotations

import hashlib
import json
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from workflow_app.adapters.databases import (
    DatabaseCopyFailed,
    dump_database,
    kind_of,
    load_database,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.adapters.files import FileStore

FORMAT = 1
FACTS = "backup.json"
DUMP = "database"
FILES = "files/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup says of itself; `sha256` is its dump's, `made_at` an ISO 8601 moment."""

    kind: str
    revision: str
    made_at: str
    files: bool
    sha256: str
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Place:
    """The installation that is packed or replaced."""

    database_url: str
    files: FileStore
    programs: str


def pack(
    place: Place, target: Path, *, revision: str, made_at: str, with_files: bool
) -> tuple[Backup, int]:
    """Write a backup and return (what it says, documents packed). Raises DatabaseCopyFailed.

    The database goes first: every document that it names is in the store by then. The file appears
    whole or not at all, readable by its owner only.
    """
    part = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        dump = Path(folder) / DUMP
        dump_database(place.database_url, dump, programs=place.programs)
        facts = Backup(
            kind=kind_of(place.database_url),
            revision=revision,
            made_at=made_at,
            files=with_files,
            sha256=_digest(dump),
        )
        part.touch(mode=0o600)
        with tarfile.open(part, "w") as tar:
            _add(tar, FACTS, BytesIO(json.dumps(asdict(facts)).encode()))
            tar.add(dump, DUMP)
            number = _add_files(tar, place.files) if with_files else 0
    part.replace(target)
    return facts, number


def describe(source: Path) -> Backup:
    """Return what a backup says of itself. Raises DatabaseCopyFailed when it is none."""
    try:
        with tarfile.open(source) as tar, _member(tar, FACTS) as stream:
            known = json.load(stream)
        if known.get("format") == FORMAT:
            return Backup(**known)
    except (tarfile.TarError, OSError, ValueError, TypeError, AttributeError) as fault:
        message = f"{source} is no backup: {str(fault).partition(chr(10))[0]}"
        raise DatabaseCopyFailed(message) from fault
    message = f"{source} has the format {known.get('format')}; this program knows {FORMAT}"
    raise DatabaseCopyFailed(message)


def unpack(place: Place, source: Path, *, with_files: bool) -> int:
    """Replace the database by a backup's, add its documents; returns how many these are.

    Raises DatabaseCopyFailed; the database is then as it was.
    """
    facts = describe(source)
    if facts.kind != kind_of(place.database_url):
        message = f"this is a backup of {facts.kind}, the database is another kind"
        raise DatabaseCopyFailed(message)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(source) as tar:
        dump = Path(folder) / DUMP
        with _member(tar, DUMP) as stream, dump.open("wb") as copy:
            for piece in _pieces(stream):
                copy.write(piece)
        if _digest(dump) != facts.sha256:
            message = f"{source} is damaged: its database is not the one that was packed"
            raise DatabaseCopyFailed(message)
        load_database(place.database_url, dump, programs=place.programs)
        return _put_files(tar, place.files) if with_files else 0


def _add_files(tar: tarfile.TarFile, files: FileStore) -> int:
    number = 0
    for key in files:
        number += 1
        with files.open(key) as stream, tempfile.TemporaryFile() as copy:
            # An object store does not tell a file's length before it is read.
            for piece in _pieces(stream):
                copy.write(piece)
            copy.seek(0)
            _add(tar, FILES + key, cast("BinaryIO", copy))
    return number


def _put_files(tar: tarfile.TarFile, files: FileStore) -> int:
    names = [name for name in tar.getnames() if name.startswith(FILES)]
    for name in names:
        with _member(tar, name) as stream:
            files.put_back(name.removeprefix(FILES), stream)
    return len(names)


def _add(tar: tarfile.TarFile, name: str, stream: BinaryIO) -> None:
    info = tarfile.TarInfo(name)
    info.size = stream.seek(0, 2)
    info.mode = 0o600
    stream.seek(0)
    tar.addfile(info, stream)


def _member(tar: tarfile.TarFile, name: str) -> BinaryIO:
    try:
        found = tar.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        message = f"it holds no {name}"
        raise tarfile.TarError(message)
    return cast("BinaryIO", found)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(1 << 20):
        yield piece
