"""Mails say dates, listed texts and nothing at all as people would."""

from __future__ import annotations

from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from workflow_app.adapters.words import Words
from workflow_app.domain.errors import OperationFailed
from workflow_app.services.mails import Recipient, fill, write_mail
from workflow_app.services.manifests import MailTemplate

SCOPE = SimpleNamespace(
    host=SimpleNamespace(functions={}, calendar=SimpleNamespace(zone=ZoneInfo("Asia/Yerevan"))),
    published=SimpleNamespace(words={"hy": {"Charter": "Կանոնադրություն"}}),
    case=SimpleNamespace(number="A-1", title="Kind deed"),
)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "7 December 2026, 18:00"), ("hy", "07 դեկտեմբերի, 2026 թ., 18:00")],
)
def test_times_are_spelt_in_the_readers_language_and_zone(language, said):
    text = fill("{until}", {"until": "2026-12-07T14:00:00+00:00"}, SCOPE, Words(language))
    assert text.replace("\N{NO-BREAK SPACE}", " ") == said


def test_a_date_inside_a_sentence_is_spelt_and_a_number_stays():
    text = fill('{"from " + day + " on"}: {12}', {"day": "2026-12-07"}, SCOPE, Words("en"))
    assert text.replace("\N{NO-BREAK SPACE}", " ") == "from 7 December 2026 on: 12"


def test_nothing_leaves_no_gap_and_lists_speak_the_readers_language():
    template = MailTemplate(
        subject="{case.number}", body='\n{string join(missing.name, "; ")}\n\n{none}\n\nEnd\n'
    )
    mail = write_mail(
        SCOPE, template, Recipient("a@example.org", "hy", "/x"), {"missing": [{"name": "Charter"}]}
    )
    assert (mail["subject"], mail["text"]) == ("A-1", "Կանոնադրություն\n\nEnd")


def test_a_bad_placeholder_names_itself():
    with pytest.raises(OperationFailed, match="1 \\+"):
        fill("{1 +}", {}, SCOPE, Words("en"))
