"""Sample answers go over what a case knows already: what is known stays, rows among it."""

from __future__ import annotations

import pytest

from workflow_app.services.designing.samples import completed

ROW = {"present": True, "valid": "yes"}
CHARTER, LEASE = {"document": "charter", "valid": None}, {"document": "lease", "valid": "no"}


@pytest.mark.parametrize(
    ("known", "sample", "found"),
    [
        (None, "Text", "Text"),
        (False, True, False),
        (
            {"email": "a@b.org", "name": None},
            {"name": "Name"},
            {"email": "a@b.org", "name": "Name"},
        ),
        (
            {
                "items": [
                    {"document": "charter", "valid": None},
                    {"document": "lease", "valid": "no"},
                ]
            },
            {"items": [ROW]},
            {
                "items": [
                    {"document": "charter", **ROW},
                    {"document": "lease", **ROW, "valid": "no"},
                ]
            },
        ),
        ([], [ROW], []),
        (["one"], [ROW], ["one"]),
        ([{"document": "charter"}], [], [{"document": "charter"}]),
    ],
)
def test_what_is_known_stays_and_the_rest_is_made_up(known, sample, found):
    assert completed(known, sample) == found
