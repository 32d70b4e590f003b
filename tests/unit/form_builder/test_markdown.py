"""Designers' texts become HTML that cannot harm."""

import pytest
from bs4 import BeautifulSoup

from workflow_app.form_builder.markdown import safe_html, safe_markdown


def test_a_little_markdown_is_known():
    html = safe_markdown(
        "# Head\n\nSome **bold** *words* and a [link](https://example.org).\n\n- a\n- b"
    )
    assert '<h2 class="govuk-heading-m">Head</h2>' in html
    assert "<strong>bold</strong>" in html
    assert 'href="https://example.org"' in html
    assert html.count("<li>") == 2


@pytest.mark.parametrize("render", [safe_markdown, safe_html])
@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        '<div style="position:fixed" onclick="alert(1)">x</div>',
        "<iframe src=//evil.example></iframe>",
        "<svg><script>alert(1)</script></svg>",
        '<form action="//evil.example"><input name="_row"></form>',
    ],
)
def test_nothing_that_runs_gets_through(render, attack):
    page = BeautifulSoup(render(attack), "html.parser")
    allowed = {"p", "a", "strong", "em"}
    for element in page.find_all(True):
        assert element.name in allowed
        assert element.attrs.keys() <= {"class", "href", "rel"}
        assert not str(element.get("href", "")).startswith("javascript")


def test_harmless_html_stays():
    assert (
        safe_html("<p>a <strong>b</strong></p>") == '<p class="govuk-body">a <strong>b</strong></p>'
    )
    assert "https://example.org" in safe_html('<a href="https://example.org">x</a>')
