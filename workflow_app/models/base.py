"""The declarative base, the shared column types and the database object."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from typing_extensions import override

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as naive UTC: the same on SQLite and PostgreSQL, sortable on both."""

    impl = DateTime
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Digest(TypeDecorator[str]):
    """A SHA-256 in hexadecimal digits, stored as its 32 bytes."""

    impl = LargeBinary(32)
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else bytes.fromhex(value)

    @override
    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else bytes(value).hex()


class Base(DeclarativeBase):
    """Base of every table."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime,
            dict[str, Any]: JSON,
            list[Any]: JSON,
            str: String,
        },
    )


def table_of(model: type[Base]) -> Table:
    """Return a model's table, for statements in Core."""
    return cast("Table", model.__table__)


Pk = Annotated[int, mapped_column(primary_key=True)]
RandomPk = Annotated[int, mapped_column(BigInteger, primary_key=True, autoincrement=False)]
Code = Annotated[str, mapped_column(String(80))]
Name = Annotated[str, mapped_column(String(300))]
Body = Annotated[str, mapped_column(Text)]
Hash = Annotated[str, mapped_column(String(64))]
TaskKey = Annotated[str, mapped_column(String(40))]
Sha256 = Annotated[str, mapped_column(Digest)]
#: On SQLite the rows lie in the order of their primary key, with no index beside them.
CLUSTERED = {"sqlite_with_rowid": False}

db = SQLAlchemy(model_class=Base)
