"""Input that nobody hopes for: each gets a plain sentence, and nothing typed is lost."""

from __future__ import annotations

import shutil
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from tests.support.answers import case_row, open_item, task_fields
from tests.support.installation import MONDAY, Office, make_settings, running_app
from workflow_app.adapters.clock import FixedClock
from workflow_app.adapters.scanner import FakeScanner
from workflow_app.domain.unseen import straight
from workflow_app.models.case import Answer, Document

TASK = "visit_checklist"
PHOTO = "observations-0-photo"
NOTE = "observations-0-evidence"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 60
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EVERY_SCRIPT = (
    "Հայերեն ԵՒ և, ქართული, українська їґє, русский ё, English "
    "\u05e2\u05d1\u05e8\u05d9\u05ea \u202eback\u202c \u200fmark\u200e e\u0301 😀"
)
REFUSED = [
    ("empty.pdf", b"", "empty.pdf is empty"),
    ("large.pdf", PDF + b"\0" * 11_000_000, "large.pdf is larger than 10 MB"),
    ("program.pdf", b"MZ\x90\0" + b"\0" * 400, "program.pdf is not a PDF"),
    ("photo.pdf", PNG, "photo.pdf is not what its name says: its content is PNG"),
    ("harmful.png", PNG + b"harmful", "contains a virus"),
]


@pytest.fixture(scope="module")
def played(furnished, parsed_programs, tmp_path_factory):
    """Play a case up to a visitor's checklist once: the folder it left, its id, hour and step."""
    folder, clock = tmp_path_factory.mktemp("played"), FixedClock(MONDAY)
    shutil.copy(furnished, folder / "own.db")
    settings = make_settings(folder, f"sqlite:///{folder / 'own.db'}")
    with running_app(settings, clock=clock, parsed=parsed_programs) as app:
        player = Office(app, clock).play("accreditation/straight", until=TASK)
    move = next(m for m in player.scenario.steps if m.task == TASK)
    return folder, player.case_id, clock.moment, move


@pytest.fixture
def database(played, tmp_path):
    """Return the address of a copy of what was played, its files beside it."""
    shutil.copytree(played[0], tmp_path, dirs_exist_ok=True)
    return f"sqlite:///{tmp_path / 'own.db'}"


@pytest.fixture
def visit(played, clock, office, sign_in, monkeypatch):
    """Return a visitor's open checklist, in an office that looks for viruses."""
    scanned = replace(office.app.extensions["platform"], scanner=FakeScanner(b"harmful"))
    monkeypatch.setitem(office.app.extensions, "platform", scanned)
    _folder, case_id, clock.moment, move = played
    item = open_item(office, case_id, TASK, move.by)
    page = sign_in(move.by).get(f"/tasks/{item}")
    return page, task_fields(office, move.by, item, move.answers), case_id


def photo(name, data):
    return FileStorage(BytesIO(data), filename=name)


def stored(office, name):
    query = select(func.count()).select_from(Document).where(Document.name.contains(name))
    return office.read(lambda session: session.scalar(query))


@pytest.mark.parametrize(("name", "data", "said"), REFUSED, ids=lambda v: str(v)[:12])
def test_a_file_that_may_not_come_in_is_named_and_nothing_typed_is_lost(
    office, visit, name, data, said
):
    page, answers, _case = visit
    answers = answers.copy()
    answers.setlist(NOTE, ["The ramp is too steep."])
    answers.add(PHOTO, photo(name, data))
    again = page.send(answers, status=422)
    assert any(said in problem for problem in again.problems), again.problems
    assert again.value(NOTE) == "The ramp is too steep."
    assert stored(office, name.partition(".")[0]) == 0


def test_a_file_name_that_climbs_is_kept_as_a_name(office, visit):
    page, answers, case_id = visit
    answers = answers.copy()
    answers.add(PHOTO, photo("../../instance/passwd.png", PNG))
    answers.add("observations-0-photo_consent", "true")
    page.send(answers)
    names = office.read(
        lambda s: s.scalars(select(Document.name).where(Document.case_id == case_id)).all()
    )
    assert "passwd.png" in names
    assert not [name for name in names if "/" in name or ".." in name]


def test_text_in_every_script_comes_back_as_it_was_typed(office, visit, sign_in):
    page, answers, case_id = visit
    answers = answers.copy()
    answers.setlist(NOTE, [EVERY_SCRIPT])
    page.send(answers)
    kept = office.read(
        lambda s: s.scalars(
            select(Answer.data).where(Answer.case_id == case_id).order_by(Answer.id.desc())
        ).first()
    )
    assert kept["observations"][0]["evidence"] == EVERY_SCRIPT
    number = case_row(office, case_id).number
    shown = sign_in("supervisor").get(f"/cases/{number}").soup.get_text()
    assert straight(EVERY_SCRIPT) in shown, "what turns the line round is kept, and not shown"


def test_two_tabs_that_send_at_once_complete_it_once(office, visit):
    page, answers, case_id = visit
    twin = page.browser.get(page.path)
    page.send(answers)
    again = twin.send(answers, status=409)
    assert "completed this task" in again.text or "You" in again.text
    count = office.read(
        lambda s: s.scalar(
            select(func.count())
            .select_from(Answer)
            .where(Answer.case_id == case_id, Answer.element.endswith(TASK))
        )
    )
    assert count == 1
