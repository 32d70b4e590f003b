"""Judging an upload before it is stored: size, name, and a type proved by content."""

from __future__ import annotations

import codecs
import hashlib
import unicodedata
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

import puremagic

from workflow_app.domain.errors import UploadRefused
from workflow_app.domain.text import N_

MAX_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 120
_LARGEST_UNPACKED = 200 * 1024 * 1024
_MOST_PARTS = 5000
_OFFICE = "application/vnd.openxmlformats-officedocument."
_RESERVED = frozenset('<>:"|?*')

CSV = ".csv"
TYPES = {
    ".pdf": "application/pdf",
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    CSV: "text/csv",
    ".jpg": "image/jpeg",
    ".png": "image/png",
}
_SPELLINGS = {".jpeg": ".jpg", ".jpe": ".jpg"}
_SIGNATURES = {b"%PDF-": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}
_MAIN_PARTS = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx"}


class EmptyUpload(UploadRefused):
    """Nothing is in the file (params: name)."""

    message = N_("%(name)s is empty. Choose the file again.")


class UploadTooLarge(UploadRefused):
    """The file is over the limit (params: name, limit in megabytes)."""

    message = N_("%(name)s is larger than %(limit)s MB.")


class UnknownUploadType(UploadRefused):
    """The content is none of the types accepted (params: name)."""

    message = N_("%(name)s is not a PDF, Word (docx), Excel (xlsx), CSV, JPEG or PNG file.")


class MisnamedUpload(UploadRefused):
    """Name and content do not fit (params: name, type)."""

    message = N_("%(name)s is not what its name says: its content is %(type)s.")


class UploadWithMacros(UploadRefused):
    """The office file carries a program (params: name)."""

    message = N_("%(name)s contains macros. Save it without macros and choose it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanUpload:
    """An upload that passed: `type` is a MIME type, `suffix` as ".pdf", `sha256` in hex."""

    name: str
    type: str
    suffix: str
    size: int
    sha256: str
    data: bytes = field(repr=False)


def inspect_upload(stream: BinaryIO, filename: str, *, max_bytes: int = MAX_BYTES) -> CleanUpload:
    """Read `stream` and return it as a CleanUpload with a cleaned name.

    Raises EmptyUpload, UploadTooLarge, UnknownUploadType, MisnamedUpload, UploadWithMacros (all
    UploadRefused).
    """
    name = clean_name(filename)
    data = stream.read(max_bytes + 1)
    if not data:
        raise EmptyUpload(name=name)
    if len(data) > max_bytes:
        raise UploadTooLarge(name=name, limit=max_bytes // (1024 * 1024))
    suffix = _suffix_by_content(data, name)
    return CleanUpload(
        name=_fitting_name(name, suffix),
        type=TYPES[suffix],
        suffix=suffix,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
    )


def clean_name(filename: str) -> str:
    """Return a name safe to show and to offer for download; letters of every script stay.

    Folders, control and direction marks, and characters that a file system reserves go; at most
    120 characters, the ending kept.
    """
    last = filename.replace("\\", "/").rpartition("/")[2]
    seen = (c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    spelt = "".join("_" if c in _RESERVED else c for c in seen)
    return _shortened(" ".join(spelt.split()).strip(". ")) or "file"


def _shortened(name: str) -> str:
    ending = PurePath(name).suffix[:10]
    if len(name) <= LONGEST_NAME:
        return name
    return name[: LONGEST_NAME - len(ending)].rstrip(". ") + ending


def _suffix_by_content(data: bytes, name: str) -> str:
    suffix = _suffix_of_zip(data, name) if data.startswith(b"PK\x03\x04") else _by_signature(data)
    if suffix is None and PurePath(name).suffix.lower() == CSV and _is_text(data):
        suffix = CSV
    if suffix is None:
        raise UnknownUploadType(name=name)
    return suffix


def _is_text(data: bytes) -> bool:
    """Tell whether this may be text in any encoding; which one is for its reader to judge."""
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" not in data


def _by_signature(data: bytes) -> str | None:
    for signature, suffix in _SIGNATURES.items():
        if data.startswith(signature) and _second_opinion(data) == TYPES[suffix]:
            return suffix
    return None


def _second_opinion(data: bytes) -> str:
    try:
        return str(puremagic.from_string(data, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _suffix_of_zip(data: bytes, name: str) -> str | None:
    try:
        with ZipFile(BytesIO(data)) as packed:
            parts = {part.filename: part.file_size for part in packed.infolist()}
    except (BadZipFile, ValueError, NotImplementedError):
        return None
    if len(parts) > _MOST_PARTS or sum(parts.values()) > _LARGEST_UNPACKED:
        return None
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise UploadWithMacros(name=name)
    found = [suffix for part, suffix in _MAIN_PARTS.items() if part in parts]
    return found[0] if len(found) == 1 and "[Content_Types].xml" in parts else None


def _fitting_name(name: str, suffix: str) -> str:
    ending = PurePath(name).suffix.lower()
    if not ending:
        return _shortened(f"{name}{suffix}")
    if _SPELLINGS.get(ending, ending) != suffix:
        raise MisnamedUpload(name=name, type=suffix.removeprefix(".").upper())
    return name
