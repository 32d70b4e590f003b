"""Drafts on both databases: whoever saves over what they have not seen is told of it."""

from __future__ import annotations

import pytest

from workflow_app.services.drafts import DraftChanged, find_draft, save_draft

OWNER, SUBJECT = "user:registrar", "task:1"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_a_page_that_has_not_seen_the_newest_draft_overwrites_nothing(office):
    with office.acting("registrar") as ctx:
        first = save_draft(ctx, OWNER, SUBJECT, {"a": ["1"]}, "one:")
        save_draft(ctx, OWNER, SUBJECT, {"a": ["2"]}, "one:")
        with pytest.raises(DraftChanged) as told:
            save_draft(ctx, OWNER, SUBJECT, {"a": ["3"]}, f"two:{first.mark}")
        assert told.value.newest.raw == {"a": ["2"]}
        newest = find_draft(ctx, OWNER, SUBJECT)
        save_draft(ctx, OWNER, SUBJECT, {"a": ["4"]}, f"two:{newest.mark}")
        assert find_draft(ctx, OWNER, SUBJECT).raw == {"a": ["4"]}
