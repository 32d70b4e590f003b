"""Tables brought into registers: what they bring, what stands there, and the way back."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from sqlalchemy import select

from tests.support.installation import ROOT
from workflow_app.domain.errors import OperationFailed
from workflow_app.models.register import RegisterEntry
from workflow_app.services.documents import store_upload
from workflow_app.services.importing import importable, read_import
from workflow_app.services.operations.call import Call
from workflow_app.services.operations.importing import import_entries, read_uploaded

PARTNERS = ROOT / "processes" / "demo" / "partners.csv"
HEAD = "code,organisation,role,field,place"


def read(office, data, name="table.csv", register="partners", most=5000):
    """Return what a file would bring into a register."""
    with office.acting("registrar") as ctx:
        file = store_upload(ctx, BytesIO(data), name, owner="user:registrar")
        return read_import(ctx, importable(ctx, register), [file], None, most)


def test_the_partners_of_the_demonstration_come_in_as_they_stand(office):
    table = read(office, PARTNERS.read_bytes())
    assert table.judged.faults == ()
    entries = table.judged.entries
    assert len(entries) == len(table.new) == 31
    assert entries["ambra"]["people"] == 60
    assert entries["apaga"]["figures"] == "7 = 3 + 4"
    donors = [one for one in entries.values() if "20,894 families" in (one["figures"] or "")]
    assert len(donors) == 12
    assert {one["place"] for one in entries.values()} == {"AM-ER"}


def test_a_table_of_the_register_itself_changes_nothing(office, browser_of):
    office.play("register_import/straight")
    data = browser_of().client.get("/registers/partners.csv").get_data()
    table = read(office, data)
    assert table.judged.faults == ()
    assert (len(table.new), len(table.changed)) == (0, 0)


def test_entries_come_with_source_case_and_history(office):
    played = office.play("register_import/straight")
    query = select(RegisterEntry).where(RegisterEntry.register == "partners")
    rows = office.read(lambda s: s.scalars(query.order_by(RegisterEntry.id)).all())
    unicef = [one for one in rows if one.key == "unicef"]
    assert [(one.version, one.superseded_at is None) for one in unicef] == [(1, False), (2, True)]
    assert unicef[1].data["contact"] == "Kept by hand", "a column that is not there stays"
    entered = [one for one in rows if one.case_id == played.case_id]
    assert {one.key for one in entered} == {"unicef", "mission", "ambra"}
    assert {one.data["source"] for one in entered} == {
        "List of partners of the department, March 2022"
    }
    assert {one.place for one in entered} == {"AM-ER"}


def test_a_formula_comes_in_as_text_and_leaves_as_text(office, browser_of):
    rows = f"{HEAD}\nevil,'=HYPERLINK(0),cso,other,AM-ER\n"
    table = read(office, rows.encode())
    assert table.new["evil"]["organisation"] == "=HYPERLINK(0)"
    office.play("register_import/straight")
    with office.acting() as ctx:
        entry = ctx.session.scalars(
            select(RegisterEntry).where(RegisterEntry.key == "mission")
        ).one()
        entry.data = {**entry.data, "organisation": "=HYPERLINK(0)"}
    text = browser_of().client.get("/registers/partners.csv").get_data(as_text=True)
    found = {row["code"]: row for row in csv.DictReader(StringIO(text.lstrip("\ufeff")))}
    assert found["mission"]["organisation"] == "'=HYPERLINK(0)"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (f"{HEAD}\nж,ж,cso,other,AM-ER\n".encode("cp1251"), "not in UTF-8"),
        ((f"{HEAD}\n" + "x,X,cso,other,AM-ER\n" * 12).encode(), "more than"),
        (f'{HEAD}\n"open'.encode(), "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_one_fault_with_the_reason(office, data, said):
    table = read(office, data, most=10)
    (fault,) = table.judged.faults
    assert said in fault.text
    assert table.judged.entries == {}


def test_only_registers_that_say_so_take_imports(office):
    for register in ("service_types", "nowhere"):
        with pytest.raises(OperationFailed):
            read(office, HEAD.encode(), register=register)


class Scope:
    """What an operation sees of a step, so far as imports look at it."""

    def __init__(self, ctx, host):
        self.ctx, self.host = ctx, host
        self.case = type("Facts", (), {"id": None})
        self.rows, self.changes = [], []

    def insert(self, table, **values):
        self.rows.append((table.name, values))


def test_another_file_than_the_one_that_was_checked_is_not_entered(office):
    from workflow_app.services.host import Host  # noqa: PLC0415

    with office.acting("registrar") as ctx:
        scope = Scope(ctx, Host(ctx, "AM"))
        first, other = (
            store_upload(
                ctx,
                BytesIO(f"{HEAD}\n{code},One,cso,other,AM-ER\n".encode()),
                "t.csv",
                owner="user:registrar",
            )
            for code in ("one", "two")
        )
        given = {"register": "partners", "file": [first], "source": "A list"}
        digest = read_uploaded(scope, Call(inputs=given, headers={}, data={}))["digest"]
        told = {**given, "file": [other], "digest": digest}
        with pytest.raises(OperationFailed, match="not the one"):
            import_entries(scope, Call(inputs=told, headers={}, data={}))
        assert scope.rows == []
        import_entries(scope, Call(inputs={**given, "digest": digest}, headers={}, data={}))
        assert [values["key"] for _table, values in scope.rows] == ["one"]
