"""The lint finds what it is for: each fault put into a good page is named."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from tests.support.lint import faults

GOOD = """<html lang="en"><head><title>Follow – Services</title>
<meta name="viewport" content="width=device-width"><script nonce="abc"></script></head>
<body><a class="govuk-skip-link" href="#main">Skip</a><main id="main"><h1>Follow</h1><h2>More</h2>
<form method="post"><input type="hidden" name="csrf_token" value="x">
<label for="n">Number</label><input id="n" name="n"><button>Go</button></form>
<p>Fine</p><a href="/follow">Again</a></main></body></html>"""
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; frame-ancestors 'none'; "
    "form-action 'self'; script-src 'nonce-abc'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
FAULTS = [
    ('lang="en"', 'lang="xx"', "language"),
    ("Follow – Services", "– Services", "title"),
    ("<h1>Follow</h1>", "<h1>Follow</h1><h1>Twice</h1>", "first-level"),
    ("<h2>More</h2>", "<h3>More</h3>", "heading of level 3"),
    ('<label for="n">Number</label>', "", "no label"),
    ("<p>Fine</p>", '<p id="n">Fine</p>', "more than once"),
    ("<p>Fine</p>", "<p>Dear %(name)s</p>", "reached the reader"),
    ("<p>Fine</p>", "<p>None</p>", "reached the reader"),
    ("<p>Fine</p>", '<p style="color:red">Fine</p>', "policy forbids"),
    ("<p>Fine</p>", "<p><div>Fine</div></p>", "holds <div>"),
    ("<p>Fine</p>", "<script>1</script>", "nonce"),
    ("<p>Fine</p>", "<table><caption>c</caption><tr><th>No scope</th></tr></table>", "no scope"),
    ('<input type="hidden" name="csrf_token" value="x">', "", "has 0 tokens"),
    ("<button>Go</button>", "<button></button>", "says nothing"),
    ('href="/follow"', "", "leads nowhere"),
    ('href="/follow"', 'href="/nowhere/at/all"', "nothing at"),
    ('href="/follow"', 'href="#missing"', "no #missing"),
    ('id="n" name="n"', 'id="n" name="n" aria-describedby="hint"', "leads to nothing"),
]


def test_a_good_page_passes(app):
    assert faults(app, BeautifulSoup(GOOD, "html.parser"), HEADERS) == []


@pytest.mark.parametrize(("good", "bad", "said"), FAULTS)
def test_each_fault_is_named(app, good, bad, said):
    assert good in GOOD
    found = faults(app, BeautifulSoup(GOOD.replace(good, bad), "html.parser"), HEADERS)
    assert any(said in one for one in found), found


def test_a_missing_policy_is_named(app):
    found = faults(app, BeautifulSoup(GOOD, "html.parser"), {"Cache-Control": "public"})
    assert {"types may be guessed", "the page may be kept by caches"} <= set(found)
