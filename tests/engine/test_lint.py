"""Every finding names its file, element and line; errors keep a version from running."""

from __future__ import annotations

import pytest

from workflow_app.engine import InvalidSource, Source, lint, load_program

PLAIN = "start:s user:A end:e"
WAYS = "s>A A>e"


def found(files, key="p", **options):
    return {(one.code, one.element): one for one in lint(Source(key, files), **options)}


def drawn(bpmn, raw="", short=PLAIN, flows=WAYS, beside=""):
    return bpmn.files(bpmn.process("p", short, flows, raw, beside))


def zeebe(bpmn, tag, key, extension):
    return bpmn.extended(tag, key, extension)


TWO_TRIGGERS = """<bpmn:intermediateCatchEvent id="x"><bpmn:linkEventDefinition name="l"/>
<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>
</bpmn:intermediateCatchEvent>"""
ENDLESS = """<bpmn:task id="x"><bpmn:multiInstanceLoopCharacteristics/></bpmn:task>"""
DETACHED = """<bpmn:boundaryEvent id="x" attachedToRef="s"><bpmn:errorEventDefinition/>
</bpmn:boundaryEvent>"""
AT_ONCE = """<bpmn:subProcess id="x" triggeredByEvent="true"><bpmn:startEvent id="y"/>
</bpmn:subProcess>"""
LINK = """<bpmn:intermediateThrowEvent id="x"><bpmn:linkEventDefinition name="l"/>
</bpmn:intermediateThrowEvent>"""
BROKEN_TIMER = """<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition>
<bpmn:timeDuration>5 days</bpmn:timeDuration></bpmn:timerEventDefinition>
</bpmn:intermediateCatchEvent>"""
GONE = """<bpmn:sequenceFlow id="x" sourceRef="A" targetRef="gone"/>"""

CASES = {
    # what is drawn beside start > A > end, what must be found, about which element
    "choreography": ('<bpmn:callChoreography id="x"/>', "unknown-element", "x"),
    "loop over nothing": (ENDLESS, "loop-without-collection", "x"),
    "double id": ('<bpmn:task id="A"/>', "duplicate-id", "A"),
    "dangling flow": (GONE, "dangling-flow", "x"),
    "detached boundary": (DETACHED, "detached-boundary", "x"),
    "unreachable": ('<bpmn:task id="x"/>', "unreachable", "x"),
    "empty sub-process": ('<bpmn:subProcess id="x"/>', "empty-sub-process", "x"),
    "event sub-process that would run at once": (AT_ONCE, "event-sub-process-start", "x"),
    "two triggers": (TWO_TRIGGERS, "several-triggers", "x"),
    "link to nowhere": (LINK, "link-without-target", "x"),
    "missing message": ('<bpmn:receiveTask id="x" messageRef="gone"/>', "missing-reference", "x"),
    "broken timer": (BROKEN_TIMER, "unreadable-timer", "x"),
    "no script": ('<bpmn:scriptTask id="x"/>', "no-script", "x"),
    "no operation": ('<bpmn:serviceTask id="x"/>', "unknown-operation", "x"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_run_is_named_with_its_place(bpmn, case):
    raw, code, element = CASES[case]
    finding = found(drawn(bpmn, raw))[code, element]
    assert finding.file == "processes/p/p.bpmn"
    assert finding.line is not None
    assert finding.line > 1
    assert finding.fix
    assert "%(" not in finding.text()


GROUP = '<zeebe:assignmentDefinition candidateGroups="gone"/>'
ASSIGNEE = '<zeebe:assignmentDefinition assignee="=)"/>'
TABLE = '<zeebe:calledDecision decisionId="gone"/>'
FEEL = "unreadable-expression"
ZEEBE = {
    "form": ("userTask", '<zeebe:formDefinition formId="gone"/>', "missing-form"),
    "decision": (
        "businessRuleTask",
        '<zeebe:calledDecision decisionId="gone"/>',
        "unknown-decision",
    ),
    "process": ("callActivity", '<zeebe:calledElement processId="gone"/>', "unknown-process"),
    "operation": ("serviceTask", '<zeebe:taskDefinition type="gone"/>', "unknown-operation"),
    "group": ("userTask", GROUP, "unknown-role"),
    "script": ("scriptTask", '<zeebe:script expression="=1 +"/>', FEEL),
    "assignee": ("userTask", ASSIGNEE, FEEL),
    "listener": ("task", "<zeebe:executionListeners/>", "extension-ignored"),
}


@pytest.mark.parametrize("case", ZEEBE)
def test_what_an_element_refers_to_must_be_there(bpmn, case):
    tag, extension, code = ZEEBE[case]
    files = drawn(bpmn, bpmn.extended(tag, "x", extension))
    findings = found(files, roles=frozenset({"registrar"}), operations=frozenset({"notify"}))
    assert (code, "x") in findings


def test_a_lane_that_is_no_role_and_a_sender_that_is_none(bpmn):
    lanes = (
        '<bpmn:laneSet><bpmn:lane id="l" name="typo"><bpmn:flowNodeRef>A</bpmn:flowNodeRef>'
        "</bpmn:lane></bpmn:laneSet>"
    )
    by = '<zeebe:properties><zeebe:property name="by" value="nobody"/></zeebe:properties>'
    files = drawn(bpmn, lanes + bpmn.extended("receiveTask", "x", by))
    findings = found(files, roles=frozenset({"registrar"}))
    assert findings["unknown-role", "A"].params["role"] == "typo"
    assert ("unknown-role", "x") in findings
    assert ("unknown-role", "A") not in found(files)


def test_gateways_that_may_find_no_way(bpmn):
    short = "start:s user:A xor:G user:B user:C xor:H end:e"
    bad = found(drawn(bpmn, short=short, flows="s>A A>G G>B G>C[=x] B>H C>H H>e"))
    assert bad["flow-without-condition", "f3"].severity == "error"
    warned = found(drawn(bpmn, short=short, flows="s>A A>G G>B[=x = 1] G>C[=x = 2] B>H C>H H>e"))
    assert warned["no-default", "G"].severity == "warning"
    good = found(drawn(bpmn, short=short, flows="s>A A>G G>B! G>C[=x = 2] B>H C>H H>e"))
    assert not {code for code, _ in good} & {"flow-without-condition", "no-default"}
    several = short.replace("xor:", "or:")
    sure = found(drawn(bpmn, short=several, flows="s>A A>G G>B[=true] G>C[=x = 2] B>H C>H H>e"))
    assert ("no-default", "G") not in sure


def test_a_broken_condition_is_named_by_its_flow_and_line(bpmn):
    files = drawn(bpmn, short="start:s user:A xor:G end:e end:z", flows="s>A A>G G>e[=x >] G>z!")
    finding = found(files)["unreadable-expression", "f3"]
    text = files["processes/p/p.bpmn"].splitlines()
    assert 'id="f3"' in text[finding.line - 1]


def test_a_condition_on_a_name_that_nothing_writes_is_a_warning(bpmn):
    flows = "s>A A>G G>e[=typed] G>z!"
    files = drawn(bpmn, short="start:s user:A xor:G end:e end:z", flows=flows)
    assert found(files)["never-written", "f3"].severity == "warning"
    files["forms/p/f.form"] = '{"components": [{"type": "checkbox", "key": "typed"}]}'
    assert ("never-written", "f3") not in found(files)


def test_a_message_that_nobody_sends_is_a_warning(bpmn):
    wait = bpmn.event("intermediateCatchEvent", "x", "message", "m")
    files = drawn(bpmn, wait, beside=bpmn.message("m"))
    assert found(files)["never-sent", "x"].severity == "warning"
    thrown = bpmn.event("intermediateThrowEvent", "y", "message", "m")
    assert ("never-sent", "x") not in found(drawn(bpmn, wait + thrown, beside=bpmn.message("m")))


def test_a_task_for_nobody_and_without_a_form_is_warned_about(bpmn):
    findings = found(drawn(bpmn))
    assert {code for code, element in findings if element == "A"} == {"nobody", "no-form"}


def test_an_event_gateway_wants_events_behind_it(bpmn):
    files = drawn(bpmn, short="start:s events:G user:A end:e", flows="s>G G>A A>e")
    assert ("event-gateway-target", "A") in found(files)


def test_a_plain_start_is_asked_of_sub_processes_and_a_known_one_of_processes(bpmn):
    timer = bpmn.event("startEvent", "y", "timer", bpmn.timer("timeDuration", "PT1H"))
    files = drawn(bpmn, bpmn.sub("x", "end:se", "y>se", timer))
    assert ("sub-process-start", "y") in found(files)
    error = bpmn.event("startEvent", "y", "error", "err")
    assert ("start-kind", "y") in found(drawn(bpmn, error, beside='<bpmn:error id="err"/>'))


def test_a_source_without_its_process_is_refused(bpmn):
    assert ("no-process", None) in found(drawn(bpmn), key="other")
    with pytest.raises(InvalidSource) as refused:
        load_program(Source("other", drawn(bpmn)))
    assert refused.value.findings[0].code == "no-process"


def test_a_broken_table_and_settings_file_are_named(bpmn):
    files = drawn(bpmn) | {"processes/p/t.dmn": "<x", "processes/p/process.toml": "a = "}
    files_named = {one.file for one in lint(Source("p", files)) if one.code == "unreadable"}
    assert files_named == {"processes/p/t.dmn", "processes/p/process.toml"}


LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
READ = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("evil", [LAUGHS, READ, "<!DOCTYPE x>", "\x00", "<unclosed>"])
def test_evil_xml_is_refused_with_a_line(bpmn, evil):
    text = bpmn.process("p", PLAIN, WAYS).replace(
        "<bpmn:definitions", f"{evil}<bpmn:definitions", 1
    )
    with pytest.raises(InvalidSource) as refused:
        load_program(Source("p", {"processes/p/p.bpmn": text}))
    assert refused.value.findings[0].code == "unreadable"


def test_a_file_too_large_is_refused(bpmn):
    text = bpmn.process("p", PLAIN, WAYS) + "<!-- " + "x" * 4_000_000 + " -->"
    codes = {code for code, _ in found({"processes/p/p.bpmn": text})}
    assert "unreadable" in codes


def test_a_pool_that_is_only_looked_at_may_be_drawn_freely(bpmn):
    text = bpmn.process("p", PLAIN, WAYS)
    pool = '<bpmn:process id="other"><bpmn:complexGateway id="x"/></bpmn:process>'
    files = {
        "processes/p/p.bpmn": text.replace("</bpmn:definitions>", f"{pool}</bpmn:definitions>")
    }
    assert ("unknown-element", "x") not in found(files)
    assert load_program(Source("p", files)).main == "p"


ERROR = '<bpmn:error id="err" errorCode="BAD"/>'


def calling(bpmn, catch):
    """p calls q, which ends by an error; `catch` stands in p."""
    call = bpmn.extended("callActivity", "C", '<zeebe:calledElement processId="q"/>')
    fail = bpmn.event("endEvent", "fail", "error", "err")
    top = bpmn.process("p", "start:s end:e", "s>C C>e", call + catch, ERROR)
    return bpmn.files(top, bpmn.process("q", "start:qs", "qs>fail", fail, ERROR))


def test_an_error_that_would_stop_the_case_is_warned_about(bpmn):
    assert found(calling(bpmn, ""))["uncaught-error", "fail"].severity == "warning"
    boundary = bpmn.event("boundaryEvent", "X", "error", "err", 'attachedToRef="C"')
    start = bpmn.event("startEvent", "h", "error", "")
    handler = bpmn.sub("H", "user:U", "h>U", start, 'triggeredByEvent="true"')
    for catch in (boundary, handler):
        assert ("uncaught-error", "fail") not in found(calling(bpmn, catch))


@pytest.mark.parametrize("staying", [True, False])
def test_an_error_of_an_event_sub_process_may_be_caught_by_one_beside_it(bpmn, staying):
    attributes = f'isInterrupting="{str(not staying).lower()}"'
    told = bpmn.event("startEvent", "t", "signal", "sig", attributes)
    fail = bpmn.event("endEvent", "fail", "error", "err")
    thrower = bpmn.sub("T", "", "t>fail", told + fail, 'triggeredByEvent="true"')
    start = bpmn.event("startEvent", "h", "error", "err")
    catcher = bpmn.sub("H", "end:he", "h>he", start, 'triggeredByEvent="true"')
    signal = '<bpmn:signal id="sig" name="sig"/>'
    called = bpmn.process("q", "start:qs user:A", "qs>A", thrower + catcher, ERROR + signal)
    call = bpmn.extended("callActivity", "C", '<zeebe:calledElement processId="q"/>')
    top = bpmn.process("p", "start:s end:e", "s>C C>e", call)
    found_there = ("uncaught-error", "fail") in found(bpmn.files(top, called))
    assert found_there is not staying


def test_the_main_process_may_end_by_an_error(bpmn):
    fail = bpmn.event("endEvent", "fail", "error", "err")
    files = drawn(bpmn, fail, "start:s user:A", "s>A A>fail", ERROR)
    assert ("uncaught-error", "fail") not in found(files)
