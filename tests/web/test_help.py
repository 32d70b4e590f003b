"""The pages that explain findings."""

from __future__ import annotations

from workflow_app.engine import RULES


def test_every_finding_has_a_page_that_the_list_leads_to(visitor):
    listed = visitor.get("/help/findings")
    links = {link["href"]: link.get_text(strip=True) for link in listed.soup.select("main a")}
    for code, rule in RULES.items():
        assert links[f"/help/findings/{code}"] == rule.title
        page = visitor.get(f"/help/findings/{code}")
        assert page.one("h1").get_text(strip=True) == rule.title
        for text in (rule.about, rule.example, rule.fix, code):
            assert text in page.text
