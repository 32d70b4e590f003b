"""Where documents lie: any fsspec address, under keys that tell nothing about people."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, cast
from uuid import uuid4

from fsspec.core import url_to_fs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsspec import AbstractFileSystem

_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{30}(?:\.[a-z0-9]{1,8})?")
_SUFFIX = re.compile(r"(?:\.[a-z0-9]{1,8})?")


class FileMissing(LookupError):
    """No file is stored under this key."""


class InvalidSuffix(ValueError):
    """A file's suffix is not a dot and one to eight small letters or digits."""


@dataclass(frozen=True, slots=True)
class FileStore:
    """Files under random keys `ab/cdef….pdf`; a file is there whole or not at all.

    Keys are not made from the content, so that erasing one person's document never takes away
    another's equal one.
    """

    system: AbstractFileSystem
    root: str

    @classmethod
    def from_url(cls, url: str) -> FileStore:
        """Build from an fsspec address: `file:///…`, `memory://…`, `s3://…`."""
        system, root = url_to_fs(url)
        return cls(system, root.rstrip("/"))

    def put(self, data: bytes | BinaryIO, *, suffix: str = "") -> str:
        """Store `data` and return its new key; `suffix` as ".pdf". Raises InvalidSuffix."""
        if not _SUFFIX.fullmatch(suffix):
            message = f"{suffix!r} cannot end a stored file's key"
            raise InvalidSuffix(message)
        name = uuid4().hex
        key = f"{name[:2]}/{name[2:]}{suffix}"
        self._write(self._path(key), BytesIO(data) if isinstance(data, bytes) else data)
        return key

    def put_back(self, key: str, data: BinaryIO) -> None:
        """Store a file again under the key that it had. Raises FileMissing for what is no key."""
        self._write(self._path(key), data)

    def __iter__(self) -> Iterator[str]:
        """Give the keys of all files that are there whole, in order."""
        self.system.invalidate_cache()
        for path in sorted(self.system.find(self.root)):
            key = "/".join(path.split("/")[-2:])
            if _KEY.fullmatch(key):
                yield key

    def open(self, key: str) -> BinaryIO:
        """Return a readable stream of the file. Raises FileMissing."""
        try:
            return cast("BinaryIO", self.system.open(self._path(key), "rb"))
        except FileNotFoundError as missing:
            raise FileMissing(key) from missing

    def read(self, key: str) -> bytes:
        """Return the whole file. Raises FileMissing."""
        with self.open(key) as stream:
            return stream.read()

    def delete(self, key: str) -> None:
        """Remove the file; it may be gone already. Raises FileMissing for what is no key at all."""
        with suppress(FileNotFoundError):
            self.system.rm_file(self._path(key))

    def _path(self, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise FileMissing(key)
        return f"{self.root}/{key}"

    def _write(self, path: str, source: BinaryIO) -> None:
        self.system.makedirs(path.rpartition("/")[0], exist_ok=True)
        part = f"{path}.part"
        try:
            with self.system.open(part, "wb") as target:
                shutil.copyfileobj(source, target)
                _to_disk(target)
        except BaseException:
            self.system.rm_file(part)
            raise
        self.system.mv(part, path)


def memory_store() -> FileStore:
    """Return an empty store of its own in memory: the twin for tests."""
    return FileStore.from_url(f"memory://{uuid4().hex}")


def _to_disk(target: BinaryIO) -> None:
    """Wait until the disk has it: the database row that names the file is as durable."""
    target.flush()
    with suppress(AttributeError, OSError):
        os.fsync(target.fileno())
