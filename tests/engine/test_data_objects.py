"""Data objects, inputs and outputs, data stores: stored and loaded again after every step."""

from __future__ import annotations

import pytest

from workflow_app.engine import Source, lint, load_program
from workflow_app.engine.errors import StepFailed

KEPT = '<zeebe:ioMapping><zeebe:output source="=note" target="kept"/></zeebe:ioMapping>'
FORMLESS = "<zeebe:userTask/>"


def runs(*elements):
    """Mark a test with the elements of BPMN that it proves to run."""

    def marked(test):
        for element in elements:
            test = pytest.mark.bpmn(element, "runs")(test)
        return test

    return marked


def carry(way, sources=(), target="", inside="", key=""):
    """A data association."""
    held = (
        f'<bpmn:extensionElements><zeebe:properties><zeebe:property name="key" value="{key}"/>'
        "</zeebe:properties></bpmn:extensionElements>"
        if key
        else ""
    )
    refs = "".join(f"<bpmn:sourceRef>{one}</bpmn:sourceRef>" for one in sources)
    to = f"<bpmn:targetRef>{target}</bpmn:targetRef>" if target else ""
    return f"<bpmn:data{way}Association>{held}{refs}{to}{inside}</bpmn:data{way}Association>"


def worked_out(text):
    return f"<bpmn:transformation>{text}</bpmn:transformation>"


def assigned(source, to):
    return (
        f"<bpmn:assignment><bpmn:from>{source}</bpmn:from><bpmn:to>{to}</bpmn:to></bpmn:assignment>"
    )


def io(inputs="", outputs=""):
    """An ioSpecification: `id=name` pairs."""
    drawn = "".join(
        f'<bpmn:data{kind} id="{pair.split("=")[0]}" name="{pair.split("=")[1]}"/>'
        for kind, pairs in (("Input", inputs), ("Output", outputs))
        for pair in pairs.split()
    )
    sets = "<bpmn:inputSet/><bpmn:outputSet/>"
    return f"<bpmn:ioSpecification>{drawn}{sets}</bpmn:ioSpecification>"


def data_object(key, name="", attributes=""):
    return (
        f'<bpmn:dataObject id="{key}" {attributes}/>'
        f'<bpmn:dataObjectReference id="{key}_ref" name="{name}" dataObjectRef="{key}">'
        f'<bpmn:dataState name="new"/></bpmn:dataObjectReference>'
    )


def user(bpmn, key, inside=""):
    return bpmn.extended("userTask", key, FORMLESS, inside)


@pytest.mark.bpmn("data state", "drawn only")
@runs("data object", "data object reference", "data association")
def test_a_plain_arrow_documents_a_flow_that_every_activity_sees_anyway(bpmn, play):
    placeholder = '<bpmn:property id="p" name="__targetRef_placeholder"/>'
    raw = (
        data_object("obj", "Order form")
        + user(bpmn, "A", carry("Output", target="obj_ref"))
        + user(bpmn, "B", placeholder + carry("Input", ["obj_ref"], "p"))
    )
    player = play(bpmn.process("p1", "start:s end:e", "s>A A>B B>e", raw)).start()
    player.complete("A", **{"Order form": {"sum": 3}})
    assert player.sees("B") == {"Order form": {"sum": 3}}
    assert player.complete("B").data == {"Order form": {"sum": 3}}


@runs(
    "data output",
    "data input",
    "input output specification",
    "data output association",
    "data input association",
)
@pytest.mark.bpmn("input set", "drawn only")
@pytest.mark.bpmn("output set", "drawn only")
def test_a_copy_writes_the_data_object_alone_and_fills_the_input(bpmn, play):
    raw = (
        data_object("obj", "bill")
        + user(bpmn, "A", io(outputs="o=answer") + carry("Output", ["o"], "obj_ref"))
        + user(bpmn, "B", io(inputs="i=given") + carry("Input", ["obj_ref"], "i"))
    )
    player = play(bpmn.process("p1", "start:s end:e", "s>A A>B B>e", raw)).start()
    player.complete("A", answer=7, other=1)
    assert player.data == {"bill": 7, "other": 1}
    assert player.sees("B") == {"bill": 7, "other": 1, "given": 7}
    assert player.complete("B").data == {"bill": 7, "other": 1}


@runs("association transformation", "association assignment")
def test_transformations_and_assignments_are_mappings_in_feel(bpmn, play):
    raw = (
        data_object("obj", "bill")
        + user(
            bpmn,
            "A",
            carry("Output", ["obj_ref"], "obj_ref", worked_out("={sum: amount * 2}"))
            + carry("Output", (), "obj_ref", assigned("amount + 1", "bill.more")),
        )
        + user(
            bpmn,
            "B",
            io(inputs="i=given")
            + carry("Input", ["obj_ref"], "i", worked_out("=bill.sum"))
            + carry("Input", ["obj_ref"], "i", assigned("=given + bill.more", "=both")),
        )
    )
    player = play(bpmn.process("p1", "start:s end:e", "s>A A>B B>e", raw)).start()
    player.complete("A", amount=4)
    assert player.data == {"amount": 4, "bill": {"sum": 8, "more": 5}}
    assert player.sees("B")["given"] == 8
    assert player.sees("B")["both"] == 13
    assert player.complete("B").data == {"amount": 4, "bill": {"sum": 8, "more": 5}}


@runs("data object")
def test_automatic_activities_carry_data_too(bpmn, play):
    raw = (
        data_object("obj")
        + bpmn.extended("task", "T", "", carry("Output", (), "obj_ref", worked_out("=1 + 1")))
        + bpmn.extended(
            "scriptTask",
            "S",
            '<zeebe:script expression="=n * 10" resultVariable="out"/>',
            io("i=n", "o=out")
            + carry("Input", ["obj_ref"], "i")
            + carry("Output", ["o"], "obj_ref"),
        )
    )
    player = play(bpmn.process("p1", "start:s end:e user:U", "s>T T>S S>U U>e", raw)).start()
    assert player.data == {"obj": 20}


@runs("data object collection")
def test_a_collection_begins_empty(bpmn, play):
    raw = data_object("obj", "found", 'isCollection="true"') + user(
        bpmn, "A", carry("Output", (), "obj_ref", worked_out("=append(found, n)"))
    )
    player = play(bpmn.process("p1", "start:s xor:x end:e", "s>x x>A A>x[=n < 3] A>e", raw))
    player.start().complete("A", n=1)
    assert player.complete("A", n=2).data["found"] == [1, 2]
    assert player.complete("A", n=3).data["found"] == [1, 2, 3]


@runs("data object", "sub-process")
def test_a_sub_process_hides_an_outer_object_and_takes_its_own_along(bpmn, play):
    inner = data_object("obj2", "note") + user(bpmn, "I") + user(bpmn, "J")
    raw = (
        data_object("obj", "note")
        + user(bpmn, "A")
        + bpmn.sub(
            "S",
            "start:si end:ei",
            "si>I I>J J>ei",
            inner,
            extension=KEPT,
        )
        + user(bpmn, "B")
    )
    player = play(bpmn.process("p1", "start:s end:e", "s>A A>S S>B B>e", raw)).start()
    player.complete("A", note="outer")
    assert player.sees("I")["note"] is None
    player.complete("I", note="inner", seen=True)
    assert player.sees("J") == {"note": "inner", "seen": True}
    player.complete("J")
    assert player.sees("B") == {"note": "outer", "kept": "inner", "seen": True}


@runs("data object", "multi-instance, parallel")
def test_each_instance_has_objects_of_its_own(bpmn, play):
    inner = data_object("obj", "note") + user(bpmn, "I") + user(bpmn, "J")
    loop = bpmn.many('inputCollection="=[1, 2]" inputElement="n" ')
    raw = bpmn.sub("S", "start:si end:ei", "si>I I>J J>ei", inner + loop) + user(bpmn, "B")
    player = play(bpmn.process("p1", "start:s end:e", "s>S S>B B>e", raw)).start()
    player.complete("I", note="one")
    player.complete("I", note="two")
    assert sorted(player.sees("J", turn)["note"] for turn in (0, 1)) == ["one", "two"]
    player.complete("J").complete("J")
    assert player.sees("B") == {}


@runs("data object", "call activity of a process")
def test_a_called_process_keeps_its_objects_and_gives_its_outputs(bpmn, play):
    call = bpmn.extended("callActivity", "C", '<zeebe:calledElement processId="p2"/>')
    caller = bpmn.process(
        "p1", "start:s end:e", "s>A A>C C>B B>e", user(bpmn, "A") + call + user(bpmn, "B")
    )
    inner = data_object("obj", "note") + user(bpmn, "I")
    plain = bpmn.process("p2", "start:s end:e", "s>I I>e", inner)
    player = play(caller, plain).start().complete("A", note="outer")
    assert player.sees("I")["note"] is None
    assert player.complete("I", note="inner", result=1).sees("B") == {"note": "outer", "result": 1}
    giving = bpmn.process("p2", "start:s end:e", "s>I I>e", io(outputs="o=note") + inner)
    player = play(caller, giving).start().complete("A", note="outer")
    assert player.complete("I", note="inner", result=1).sees("B") == {"note": "inner"}


@runs("property")
def test_a_property_lives_as_long_as_what_declares_it(bpmn, play):
    own = '<bpmn:property id="p" name="tries"/>'
    raw = user(bpmn, "A", own + carry("Output", (), "obj_ref", worked_out("=tries + 1")))
    raw += data_object("obj", "total") + user(bpmn, "B")
    player = play(bpmn.process("p1", "start:s end:e", "s>A A>B B>e", raw)).start()
    assert player.complete("A", tries=2, other=1).sees("B") == {"other": 1, "total": 3}


class Registers:
    """Operations of a host that keeps registers in memory."""

    def __init__(self, **held):
        self.held = held
        self.calls = []

    def call(self, kind, inputs, _headers, _data):
        self.calls.append(kind)
        entries = self.held[inputs["register"]]
        if kind == "register.read":
            key = inputs.get("key")
            return {"found": entries.get(key) if "key" in inputs else list(entries.values())}
        key = inputs.get("key") or inputs["entry"]["id"]
        entries[key] = inputs["entry"]
        return {"key": key}


def store(key="", **attributes):
    inside = "".join(
        f'<zeebe:property name="{name}" value="{text}"/>'
        for name, text in {"register": "people", "key": key}.items()
        if text
    )
    return (
        f'<bpmn:dataStoreReference id="st" name="everybody"><bpmn:extensionElements>'
        f"<zeebe:properties>{inside}</zeebe:properties></bpmn:extensionElements>"
        "</bpmn:dataStoreReference>"
    )


PEOPLE = {"a": {"id": "a", "age": 30}, "b": {"id": "b", "age": 50}}


@runs("data store reference")
def test_a_task_reads_the_entries_of_a_store(bpmn, play):
    raw = (
        store()
        + user(bpmn, "A", carry("Input", ["st"]))
        + user(
            bpmn,
            "B",
            io("i=old") + carry("Input", ["st"], "i", worked_out("=everybody[age > 40].id")),
        )
    )
    host = Registers(people=PEOPLE)
    player = play(bpmn.process("p1", "start:s end:e", "s>A A>B B>e", raw), operations=host).start()
    assert player.sees("A") == {"everybody": list(PEOPLE.values())}
    assert player.complete("A").sees("B") == {"old": ["b"]}
    assert player.complete("B").data == {}
    assert host.calls == ["register.read", "register.read"]


@runs("data store reference")
def test_a_key_picks_one_entry(bpmn, play):
    raw = store(key="=who") + user(bpmn, "A", carry("Input", ["st"]))
    raw += user(
        bpmn,
        "B",
        io("i=other") + carry("Input", ["st"], "i", worked_out("=everybody.age"), key="b"),
    )
    host = Registers(people=PEOPLE)
    player = play(bpmn.process("p1", "start:s end:e", "s>A A>B B>e", raw), operations=host)
    assert player.start({"who": "a"}).sees("A")["everybody"] == PEOPLE["a"]
    assert player.complete("A").sees("B")["other"] == 50


@runs("data store")
def test_a_store_is_named_by_the_data_store_behind_it(bpmn, play):
    reference = '<bpmn:dataStoreReference id="st" name="All" dataStoreRef="ds"/>'
    raw = reference + user(bpmn, "A", carry("Input", ["st"]))
    text = bpmn.process(
        "p1", "start:s end:e", "s>A A>e", raw, beside='<bpmn:dataStore id="ds" name="people"/>'
    )
    assert play(text, operations=Registers(people=PEOPLE)).start().sees("A")["All"][0]["id"] == "a"


@pytest.mark.parametrize(
    "arrow",
    [
        carry("Output", ["o"], "st"),
        carry("Output", (), "st", worked_out('={id: "c", age: answer.age}')),
        carry("Output", (), "st", assigned('="c"', "id") + assigned("=answer.age", "age")),
    ],
)
@runs("data store reference")
def test_a_task_writes_an_entry(bpmn, play, arrow):
    raw = store() + user(bpmn, "A", io(outputs="o=answer") + arrow)
    host = Registers(people={})
    player = play(bpmn.process("p1", "start:s end:e", "s>A A>e", raw), operations=host).start()
    player.complete("A", answer={"id": "c", "age": 9})
    assert host.held == {"people": {"c": {"id": "c", "age": 9}}}
    assert [event.element for event in player.history if event.kind == "operation"] == ["A"]


def test_what_is_no_context_does_not_become_an_entry(bpmn, play):
    raw = store() + user(bpmn, "A", carry("Output", (), "st", worked_out("=5")))
    host = Registers(people={})
    player = play(bpmn.process("p1", "start:s end:e", "s>A A>e", raw), operations=host).start()
    with pytest.raises(StepFailed, match="no context"):
        player.complete("A")
    assert host.held == {"people": {}}


@pytest.mark.bpmn("data store reference", "runs")
def test_a_store_without_a_register_is_drawn_only(bpmn, play):
    raw = '<bpmn:dataStoreReference id="st" name="Archive"/>' + user(
        bpmn, "A", carry("Input", ["st"]) + carry("Output", (), "st", worked_out("=1"))
    )
    player = play(bpmn.process("p1", "start:s end:e", "s>A A>e", raw)).start()
    assert player.complete("A").data == {}


@runs("message catch event", "data output association")
def test_a_message_fills_a_data_object(bpmn, play):
    catch = (
        '<bpmn:intermediateCatchEvent id="C"><bpmn:dataOutput id="o" name="payload"/>'
        + carry("Output", ["o"], "obj_ref")
        + '<bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
    )
    raw = data_object("obj", "news") + catch + user(bpmn, "U")
    text = bpmn.process("p1", "start:s end:e", "s>C C>U U>e", raw, beside=bpmn.message("m"))
    player = play(text).start().deliver("m", payload={"n": 1})
    assert player.sees("U") == {"news": {"n": 1}}


def test_answers_that_only_an_association_reads_enter_the_data(bpmn):
    raw = data_object("obj", "bill") + user(
        bpmn, "A", io(outputs="o=answer") + carry("Output", ["o"], "obj_ref")
    )
    text = bpmn.process("p1", "start:s end:e", "s>A A>e", raw)
    program = load_program(Source("p1", {"processes/p1/p1.bpmn": text}))
    assert "answer" in program.read_names


def test_an_association_that_leads_nowhere_is_refused(bpmn):
    raw = user(bpmn, "A", carry("Output", (), "gone", worked_out("=1")))
    text = bpmn.process("p1", "start:s end:e", "s>A A>e", raw)
    found = lint(Source("p1", {"processes/p1/p1.bpmn": text}))
    said = [one for one in found if one.code == "missing-reference"]
    assert [(one.element, one.params["reference"]) for one in said] == [("A", "gone")]


def test_a_transformation_that_cannot_be_read_is_refused(bpmn):
    raw = data_object("obj") + user(bpmn, "A", carry("Output", (), "obj_ref", worked_out("=1 +")))
    text = bpmn.process("p1", "start:s end:e", "s>A A>e", raw)
    found = lint(Source("p1", {"processes/p1/p1.bpmn": text}))
    assert "unreadable-expression" in {one.code for one in found}
