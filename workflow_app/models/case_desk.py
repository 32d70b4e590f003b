"""What people do around a case besides its steps: who is kept out of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import CLUSTERED, Base, Body, Code


class CaseExclusion(Base):
    """Somebody who may neither see a case nor do any of its tasks from `at` on."""

    __tablename__ = "case_exclusion"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True)
    username: Mapped[Code] = mapped_column(primary_key=True, index=True)
    reason: Mapped[Body]
    by: Mapped[Code]
    at: Mapped[datetime]
