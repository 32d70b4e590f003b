from __future__ import annotations

import unicodedata
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow_app.adapters.uploads import (
    EmptyUpload,
    MisnamedUpload,
    UnknownUploadType,
    UploadTooLarge,
    UploadWithMacros,
    clean_name,
    inspect_upload,
)
from workflow_app.domain.errors import UploadRefused

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\0" * 60 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 60
EXE = b"MZ\x90\0" + b"\0" * 400


def office(*parts: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        for part in ("[Content_Types].xml", *parts):
            packed.writestr(part, "<x/>")
    return out.getvalue()


DOCX = office("word/document.xml")
XLSX = office("xl/workbook.xml")


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PDF, "a.pdf", "application/pdf"),
        (JPG, "a.jpg", "image/jpeg"),
        (JPG, "a.JPEG", "image/jpeg"),
        (PNG, "a.png", "image/png"),
        (
            DOCX,
            "a.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (XLSX, "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"code,name\n", "a.csv", "text/csv"),
        ("code;name".encode("utf-16"), "a.CSV", "text/csv"),
    ],
)
def test_each_accepted_type_is_known_by_its_content(data, name, kind):
    upload = inspect_upload(BytesIO(data), name)
    assert (upload.type, upload.size, upload.data) == (kind, len(data), data)
    assert len(upload.sha256) == 64


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "empty.pdf", EmptyUpload),
        (EXE, "program.pdf", UnknownUploadType),
        (EXE, "program.csv", UnknownUploadType),
        (b"code,name\n1,One\n" * 1_250_000, "large.csv", UploadTooLarge),
        (b"#!/bin/sh\nrm -rf x", "script.png", UnknownUploadType),
        (b"<html><script>", "page.pdf", UnknownUploadType),
        (b"GIF89a" + b"\0" * 50, "moving.gif", UnknownUploadType),
        (b"PK\x03\x04 broken", "broken.docx", UnknownUploadType),
        (office("other.xml"), "archive.docx", UnknownUploadType),
        (office("word/document.xml", "xl/workbook.xml"), "both.docx", UnknownUploadType),
        (office("word/document.xml", "word/vbaProject.bin"), "macro.docx", UploadWithMacros),
        (XLSX, "table.docx", MisnamedUpload),
        (PDF, "picture.png", MisnamedUpload),
        (PDF, "program.exe", MisnamedUpload),
    ],
)
def test_what_is_not_what_it_should_be_is_refused(data, name, error):
    with pytest.raises(error) as refused:
        inspect_upload(BytesIO(data), name)
    assert isinstance(refused.value, UploadRefused)
    assert refused.value.params["name"] == name


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not():
    limit = 1024 * 1024
    at_limit = PDF + b" " * (limit - len(PDF))
    assert inspect_upload(BytesIO(at_limit), "a.pdf", max_bytes=limit).size == limit
    with pytest.raises(UploadTooLarge, match="larger than 1 MB"):
        inspect_upload(BytesIO(at_limit + b"x"), "a.pdf", max_bytes=limit)


def test_a_name_without_an_ending_gets_the_one_of_its_content():
    assert inspect_upload(BytesIO(PDF), "Charter").name == "Charter.pdf"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Կանոնադրություն 2026.pdf", "Կանոնադրություն 2026.pdf"),
        ("წესდება.pdf", "წესდება.pdf"),
        ("Статут організації (їжак).docx", "Статут організації (їжак).docx"),
        ("Устав ёлка.docx", "Устав ёлка.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ani\\charter.pdf", "charter.pdf"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("  . hidden .pdf", "hidden .pdf"),
        ("a\u200b\u00adb.pdf", "ab.pdf"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_names_are_cleaned_and_letters_stay(given_name, kept):
    assert clean_name(given_name) == kept


def test_a_long_name_keeps_its_ending():
    name = clean_name("շ" * 300 + ".docx")
    assert len(name) == 120
    assert name.endswith(".docx")


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_name_carries_paths_or_marks(text):
    name = clean_name(text)
    assert 1 <= len(name) <= 120
    assert not set(name) & set('/\\<>:"|?*')
    assert all(unicodedata.category(c)[0] != "C" for c in name)
    assert clean_name(name) == name
