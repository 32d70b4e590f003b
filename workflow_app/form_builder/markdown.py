"""Makes safe HTML of a designer's text: a small Markdown, or HTML with a short list of elements.

The one file of this package that may call something safe.
"""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# Raw HTML is off, and the parser itself refuses script addresses in links.
_MARKDOWN = MarkdownIt("zero", {"html": False, "linkify": False}).enable(
    ["emphasis", "list", "link", "heading", "newline", "escape", "entity", "hr"]
)

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")

_ELEMENTS = {
    "a", "b", "blockquote", "br", "code", "dd", "dl", "dt", "em", "h2", "h3", "h4", "hr", "i",
    "li", "ol", "p", "s", "small", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead",
    "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "th": {"scope", "colspan"}, "td": {"colspan"}}
_SCHEMES = {"http", "https", "mailto", "tel"}

_CLASSES = {
    "<p>": '<p class="govuk-body">',
    "<ul>": '<ul class="govuk-list govuk-list--bullet">',
    "<ol>": '<ol class="govuk-list govuk-list--number">',
    "<a ": '<a class="govuk-link" ',
    "<h2>": '<h2 class="govuk-heading-m">',
    "<h3>": '<h3 class="govuk-heading-s">',
    "<h4>": '<h4 class="govuk-heading-s">',
    "<hr>": '<hr class="govuk-section-break govuk-section-break--m govuk-section-break--visible">',
    "<table>": '<table class="govuk-table">',
    "<th>": '<th class="govuk-table__header">',
    "<td>": '<td class="govuk-table__cell">',
}


def quoted_markdown(text: str) -> str:
    """Quote data for a Markdown text: it keeps its lines and is no markup."""
    lines = _PUNCTUATION.sub(r"\\\g<0>", text).strip().splitlines()
    return "\\\n".join(lines)


def safe_markdown(text: str) -> Markup:
    """Render paragraphs, headings, lists, links and emphasis; anything else stays text."""
    return safe_html(_MARKDOWN.render(text))


def safe_html(text: str) -> Markup:
    """Keep harmless elements, drop scripts with what is in them, and style what stays."""
    clean = nh3.clean(
        text.replace("<h1>", "<h2>").replace("</h1>", "</h2>"),
        tags=_ELEMENTS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )
    for plain, styled in _CLASSES.items():
        clean = clean.replace(plain, styled)
    return Markup(clean)  # noqa: S704 - cleaned just above
