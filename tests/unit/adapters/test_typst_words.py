from __future__ import annotations

from io import BytesIO

from babel.messages.extract import extract

from workflow_app.adapters.typst_words import extract_typst, msgids

SOURCE = r"""
#import "base.typ": *
// Translators: the big word on top
#t("Certificate")
#text(fill: red, t( "Valid from %(from)s" , from: day(data.from)))
// t("commented out")
/* t("also
   commented out") */
https://example.org // t("after an address")
#t("A \"quoted\" // sentence\u{2014}so")
#set("no call of ours") #at("neither this")
#t(data.label)
"""


def test_the_sentences_of_a_template_are_found():
    assert list(msgids(SOURCE)) == [
        "Certificate",
        "Valid from %(from)s",
        'A "quoted" // sentence—so',
    ]


def test_babel_gets_lines_and_notes_for_translators():
    found = extract(extract_typst, BytesIO(SOURCE.encode()), comment_tags=["Translators:"])
    assert [(line, text, notes) for line, text, notes, _ in found] == [
        (4, "Certificate", ["Translators: the big word on top"]),
        (5, "Valid from %(from)s", []),
        (10, 'A "quoted" // sentence—so', []),
    ]


def test_notes_without_the_tag_stay_out():
    found = extract(extract_typst, BytesIO(SOURCE.encode()), comment_tags=[])
    assert [notes for _, _, notes, _ in found] == [[], [], []]
