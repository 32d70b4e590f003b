"""What the linter knows of the surroundings: who writes, who sends, which settings and forms."""

from __future__ import annotations

import pytest

from workflow_app.engine import RULES, Source, lint, messages

PLAIN = "start:s user:A xor:G end:e end:z"
DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
    'namespace="x"><decision id="{0}" name="{0}"><variable name="{0}"/>'
    "<literalExpression><text>1</text></literalExpression></decision></definitions>"
)


def found(files, **known):
    return {(one.code, one.element): one for one in lint(Source("p", files), **known)}


def writing(bpmn, key, name, source="=true"):
    return bpmn.extended(
        "scriptTask", key, f'<zeebe:script expression="{source}" resultVariable="{name}"/>'
    )


def test_a_condition_on_what_is_written_only_behind_it_is_a_warning(bpmn):
    flows = "s>A A>G G>W[=done] G>z! W>e"
    files = bpmn.files(bpmn.process("p", PLAIN, flows, writing(bpmn, "W", "done")))
    finding = found(files)["written-later", "f3"]
    assert finding.params == {"variable": "done", "writer": "W"}


@pytest.mark.parametrize(
    "flows",
    [
        "s>W W>A A>G G>e[=done] G>z!",  # before it
        "s>A A>G G>W[=done] G>z! W>A",  # behind it, and back again
        "s>F F>W F>A A>G G>e[=done] G>z! W>e",  # beside it
    ],
)
def test_what_may_be_written_before_is_no_warning(bpmn, flows):
    raw = writing(bpmn, "W", "done") + ('<bpmn:parallelGateway id="F"/>' if "F" in flows else "")
    findings = found(bpmn.files(bpmn.process("p", PLAIN, flows, raw)))
    assert not {code for code, _ in findings} & {"written-later", "never-written"}


def test_what_an_event_sub_process_writes_may_come_at_any_time(bpmn):
    start = bpmn.event("startEvent", "h", "timer", bpmn.timer("timeDuration", "PT1H"))
    handler = bpmn.sub(
        "H", "", "h>W", start + writing(bpmn, "W", "done"), 'triggeredByEvent="true"'
    )
    files = bpmn.files(bpmn.process("p", PLAIN, "s>A A>G G>e[=done] G>z!", handler))
    assert not {code for code, _ in found(files)} & {"written-later", "never-written"}


def test_a_form_shown_later_writes_later(bpmn):
    form = '<zeebe:formDefinition formId="f"/>'
    files = bpmn.files(
        bpmn.process("p", PLAIN, "s>A A>G G>W[=ok] G>z! W>e", bpmn.extended("userTask", "W", form))
    )
    files["forms/p/f.form"] = '{"components": [{"type": "checkbox", "key": "ok"}]}'
    assert ("written-later", "f3") in found(files)


def test_a_form_that_nothing_shows_is_a_warning(bpmn):
    files = bpmn.files(bpmn.process("p", "start:s end:e", "s>e"))
    files["forms/p/f.form"] = '{"components": []}'
    [finding] = [one for one in lint(Source("p", files)) if one.code == "unused-form"]
    assert (finding.file, finding.params) == ("forms/p/f.form", {"form": "p/f"})


def test_a_setting_nobody_defined_is_an_error_where_settings_are_known(bpmn):
    script = writing(bpmn, "W", "x", "=setting(&quot;term&quot;)")
    files = bpmn.files(bpmn.process("p", "start:s end:e", "s>W W>e", script))
    files["processes/p/mails.toml"] = '[m]\nsubject = "x"\nbody = "{setting(\'other\')}"\n'
    assert not [key for key in found(files) if key[0] == "unknown-setting"]
    findings = lint(Source("p", files), settings=frozenset({"term"}))
    assert [one.params["key"] for one in findings if one.code == "unknown-setting"] == ["other"]
    findings = lint(Source("p", files), settings=frozenset({"other"}))
    assert [one.element for one in findings if one.code == "unknown-setting"] == ["W"]


def test_messages_of_other_processes_count_where_they_are_known(bpmn):
    wait = bpmn.event("intermediateCatchEvent", "w", "message", "in")
    send = bpmn.event("endEvent", "t", "message", "out")
    text = bpmn.process(
        "p", "start:s", "s>w w>t", wait + send, bpmn.message("in") + bpmn.message("out")
    )
    files = bpmn.files(text)
    assert messages(Source("p", files)) == ({"out"}, {"in"})
    alone = found(files, received=frozenset())
    assert alone["never-sent", "w"].params["message"] == "in"
    assert alone["never-received", "t"].params["message"] == "out"
    together = found(files, sent=frozenset({"in"}), received=frozenset({"out"}))
    assert not {code for code, _ in together} & {"never-sent", "never-received"}
    assert "never-received" not in {code for code, _ in found(files)}


def test_two_processes_and_two_decisions_of_one_id_are_errors(bpmn):
    text = bpmn.process("p", "start:s end:e", "s>e")
    files = {"processes/p/p.bpmn": text, "processes/q/q.bpmn": text}
    finding = found(files)["duplicate-process", "p"]
    assert (finding.file, finding.params["other"]) == ("processes/q/q.bpmn", "processes/p/p.bpmn")
    tables = {"processes/p/a.dmn": DMN.format("k"), "processes/p/b.dmn": DMN.format("k")}
    assert ("duplicate-decision", "k") in found(bpmn.files(text) | tables)
    apart = {"processes/p/a.dmn": DMN.format("k"), "processes/q/b.dmn": DMN.format("k")}
    assert ("duplicate-decision", "k") not in found(bpmn.files(text) | apart)


def test_a_link_that_nothing_leads_to_is_a_warning(bpmn):
    link = (
        '<bpmn:intermediateCatchEvent id="c"><bpmn:linkEventDefinition name="l"/>'
        "</bpmn:intermediateCatchEvent>"
    )
    files = bpmn.files(bpmn.process("p", "start:s end:e", "s>e c>e", link))
    assert found(files)["link-without-source", "c"].severity == "warning"


def test_every_finding_can_be_said_and_looked_up(bpmn):
    files = bpmn.files(bpmn.process("p", PLAIN, "s>A A>G G>e[=x] G>z"))
    findings = lint(Source("p", files))
    assert {one.code for one in findings} >= {"never-written", "flow-without-condition"}
    for one in findings:
        rule = RULES[one.code]
        assert (one.message, one.fix, one.severity) == (rule.message, rule.fix, rule.severity)
