"""What browsers kept while there was no network, and sent when it returned."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import Base, Code


class SentWord(Base):
    """A form that came from a browser's own store, by the word that browser gave it.

    The same word again is the same form sent twice, because the answer did not reach the browser.
    """

    __tablename__ = "sent_word"

    word: Mapped[Code] = mapped_column(primary_key=True)
    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), index=True)
    at: Mapped[datetime]
