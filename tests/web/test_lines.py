"""The quick way to draw an input says what the component library says."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

PLAIN = {"id": "f-a", "name": "a", "label": {"text": "Name <b>", "classes": "govuk-label--s"}}
ERROR = {"text": "Enter it & so on", "visuallyHiddenText": "Error"}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"value": ""},
        {"value": None},
        {"value": '12 "x"', "inputmode": "decimal", "classes": "govuk-input--width-5"},
        {"value": "0", "spellcheck": False, "hint": {"text": "As <i>written</i>"}},
        {"value": "a", "type": "email", "autocomplete": "email", "errorMessage": ERROR},
        {"value": "a", "hint": {"text": "Both"}, "errorMessage": ERROR},
        {"value": "a", "prefix": {"text": "EUR"}},
        {"value": "a", "suffix": {"text": "km"}, "errorMessage": ERROR},
    ],
)
def test_a_line_is_what_the_library_draws(app, more):
    def drawn(text):
        with app.test_request_context():
            page = app.jinja_env.from_string(text).render(params={**PLAIN, **more})
        return tree(BeautifulSoup(page, "html.parser"))

    ours = drawn("{% from 'form/line.html' import line %}{{ line(params) }}")
    theirs = drawn(
        "{% from 'govuk_frontend_jinja/components/input/macro.html' import govukInput %}"
        "{{ govukInput(params) }}"
    )
    assert ours == theirs
    assert ours


def tree(node):
    """Return tags with their attributes, and texts, without white space between them."""
    found = []
    for child in node.children:
        if getattr(child, "name", None):
            found.append((child.name, dict(child.attrs), tree(child)))
        elif child.strip():
            found.append(" ".join(child.split()))
    return found
