"""Several waits for one message on the page of a case: each has a link that says which it is."""

from __future__ import annotations

from tests.support.answers import case_row


def test_each_open_condition_has_a_link_of_its_own(office, visitor):
    played = office.play("accreditation_conditions/all_met", until=lambda move: bool(move.message))
    case = case_row(office, played.case_id)
    page = visitor.get(f"/follow/{case.number}?key={case.secret}")
    links = [link.get_text(" ", strip=True) for link in page.soup.select(".app-ask a")]
    assert sorted(links) == [
        "Answer : Show that a condition is met, Ask all users once a year",
        "Answer : Show that a condition is met, Write a plan for funding",
    ]
    assert len({link["href"] for link in page.soup.select(".app-ask a")}) == len(links)
