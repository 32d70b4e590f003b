"""The pages that explain decisions, looked at with axe on a desk and on a phone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.e2e.people import PHONE
from tests.support.answers import case_row
from workflow_app.models.case import History

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_decisions_are_accessible_and_fit_the_screen(served, person, screen):
    case_id = served.play("accreditation/straight", until="assign_reviewers").case_id
    query = select(History.seq).where(History.case_id == case_id, History.kind == "decision")
    decided = served.read(lambda s: s.scalars(query).all())
    assert len(decided) >= 2
    reader, number = person("supervisor", **screen), case_row(served, case_id).number
    for seq in decided:
        page = reader.open(f"/cases/{number}/decisions/{seq}")
        assert page.locator("table.app-rules__table tbody tr").count() > 2
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
