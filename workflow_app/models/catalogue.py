"""What designers publish: immutable process versions, roles, registers and settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import Base, Body, Code, Hash, Name, Pk


class SourceFile(Base):
    """The text of one file, stored once whichever versions hold it."""

    __tablename__ = "source_file"

    sha256: Mapped[Hash] = mapped_column(primary_key=True)
    body: Mapped[Body]


class ProcessVersion(Base):
    """One published, closed and immutable version of a process, with all its cases ever read.

    A retired version starts no new cases. Of a version made in the studio, `draft_id` names its
    draft, `approved_by` who agreed and `note` what they were told. `in_files`: the seed folder held
    exactly this version once.
    """

    __tablename__ = "process_version"
    __table_args__ = (UniqueConstraint("key", "number"),)

    id: Mapped[Pk]
    key: Mapped[Code]
    number: Mapped[int]
    sha256: Mapped[Hash]
    title: Mapped[Name]
    startable: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime]
    published_by: Mapped[Code]
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version_tag: Mapped[Code | None]
    retired_at: Mapped[datetime | None]
    retired_by: Mapped[Code | None]
    approved_by: Mapped[Code | None]
    note: Mapped[Body | None]
    draft_id: Mapped[int | None]
    in_files: Mapped[bool] = mapped_column(default=False)


class ProcessVersionFile(Base):
    """Which file stands at which path in a version."""

    __tablename__ = "process_version_file"

    version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"), primary_key=True)
    path: Mapped[Name] = mapped_column(primary_key=True)
    sha256: Mapped[Hash] = mapped_column(ForeignKey("source_file.sha256"))


class ProcessRefusal(Base):
    """A version that the last load refused, with its findings, until a good one replaces it."""

    __tablename__ = "process_refusal"

    key: Mapped[Code] = mapped_column(primary_key=True)
    sha256: Mapped[Hash]
    findings: Mapped[list[Any]]
    at: Mapped[datetime]


class Setting(Base):
    """A value that a diagram reads by `setting(key)`, by territory, with its source noted."""

    __tablename__ = "setting"
    __table_args__ = (UniqueConstraint("key", "territory_code"),)

    id: Mapped[Pk]
    key: Mapped[Code]
    territory_code: Mapped[Code]
    value: Mapped[dict[str, Any]]
    source_note: Mapped[Name] = mapped_column(default="")
    unit: Mapped[Code | None]


class RoleDefinition(Base):
    """A role code with its name for people and what its holders may do."""

    __tablename__ = "role_definition"

    code: Mapped[Code] = mapped_column(primary_key=True)
    title: Mapped[Name]
    permissions: Mapped[list[Any]]
    notify: Mapped[Code | None]


class RegisterDefinition(Base):
    """A register's title, fields and key, read from its file.

    `sha256` is the file's text in `source_file` where the studio published it, null for a seed.
    """

    __tablename__ = "register_definition"

    key: Mapped[Code] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]]
    sha256: Mapped[Hash | None]


class Counter(Base):
    """The last number given in a series; never goes back."""

    __tablename__ = "counter"

    series: Mapped[Name] = mapped_column(primary_key=True)
    value: Mapped[int]


class ClockShift(Base):
    """How far the demo's clock stands from the real one; at most one row."""

    __tablename__ = "clock_shift"

    id: Mapped[Pk]
    seconds: Mapped[int]
