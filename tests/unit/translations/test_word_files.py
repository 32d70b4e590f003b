"""Each extractor on a small file of its kind."""

from __future__ import annotations

import json
from io import BytesIO

from workflow_app.adapters.word_files import (
    extract_bpmn,
    extract_dmn,
    extract_form,
    extract_toml,
)

BPMN = """<?xml version="1.0"?>
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:z="http://camunda.org/schema/zeebe/1.0" name="not for people">
  <b:message id="m1" name="documents_supplied"/><b:message id="m2" name="Documents come"/>
  <b:process id="p" name="Fishing licence">
    <b:documentation>
      How one becomes an angler.
    </b:documentation>
    <b:laneSet><b:lane name="clerk"/></b:laneSet>
    <b:startEvent id="s" name=""/>
    <b:userTask id="t" name="Look at the pond"/>
    <b:sequenceFlow id="f" name="pond is clean"/>
    <b:textAnnotation><b:text>Only in summer</b:text></b:textAnnotation>
    <b:serviceTask id="r" name="Print">
      <b:extensionElements>
        <z:ioMapping>
          <z:input source="=if ok then 'Granted' else 'not_granted'" target="a"/>
          <z:input source="='P30D' + x + ': '" target="b"/>
        </z:ioMapping>
        <z:taskHeaders>
          <z:header key="title" value="Licence of an angler"/>
          <z:header key="letter" value="licence"/>
        </z:taskHeaders>
      </b:extensionElements>
    </b:serviceTask>
  </b:process>
</b:definitions>""".replace("'", "&quot;")

DMN = """<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="no">
  <decision id="d" name="May fish">
    <question>Who may fish?</question>
    <decisionTable>
      <input label="Age"><inputExpression><text>age</text></inputExpression></input>
      <output label="Answer" name="answer"/>
      <rule>
        <description>Too young. [A] assumption; settings</description>
        <inputEntry><text>"Not a sentence for people", "pike_perch"</text></inputEntry>
        <outputEntry><text>"The angler is too young."</text></outputEntry>
      </rule>
      <rule>
        <outputEntry><text>"yes"</text></outputEntry>
        <outputEntry><text>if "no" = x then "not_yet" else "a\\b"</text></outputEntry>
        <annotationEntry><text>By the law on ponds</text></annotationEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>"""

FORM = {
    "id": "licence",
    "components": [
        {"type": "text", "text": "## Your pond", "id": "no"},
        {"type": "text", "text": "{{pond}}"},
        {"type": "text", "text": "Pond: {{pond}}"},
        {
            "type": "group",
            "label": "Catch",
            "components": [
                {
                    "type": "select",
                    "key": "fish",
                    "label": "Fish",
                    "description": "=if a then b else c",
                    "values": [{"label": "Carp", "value": "carp"}],
                    "validate": {"pattern": "x", "patternErrorMessage": "Not a fish"},
                    "properties": {"check": "=fish != null", "checkMessage": "Choose a fish"},
                    "appearance": {"suffixAdorner": "kg"},
                }
            ],
        },
    ],
}

TOML = """
title = "Fishing"
prefix = "FISH"
case_title = "=name"
[statuses]
caught = "Caught"
[[fields]]
name = "weight"
label = "Weight"
[fields.words]
big = "A big one"
"""


def found_in(extract, text, options=None):
    return [
        msgid
        for _line, _name, msgid, _notes in extract(BytesIO(text.encode()), (), (), options or {})
    ]


def test_a_diagrams_names_and_sentences_are_found_and_its_codes_are_not():
    assert found_in(extract_bpmn, BPMN) == [
        "Documents come",
        "Fishing licence",
        "How one becomes an angler.",
        "Look at the pond",
        "pond is clean",
        "Only in summer",
        "Print",
        "Granted",
        "Licence of an angler",
    ]


def test_a_tables_names_notes_and_result_sentences_are_found():
    assert found_in(extract_dmn, DMN) == [
        "May fish",
        "Who may fish?",
        "Age",
        "Answer",
        "Too young.",
        "pike perch",
        "The angler is too young.",
        "yes",
        "no",
        "not yet",
        "By the law on ponds",
    ]


def test_every_text_of_a_form_is_found_but_no_expression():
    assert sorted(found_in(extract_form, json.dumps(FORM))) == [
        "## Your pond",
        "Carp",
        "Catch",
        "Choose a fish",
        "Fish",
        "Not a fish",
        "Pond: {{pond}}",
        "kg",
    ]


def test_a_settings_file_gives_the_texts_at_the_named_paths():
    paths = {"paths": "title case_title statuses.* fields.*.label fields.*.words.*"}
    assert found_in(extract_toml, TOML, paths) == ["Fishing", "Caught", "Weight", "A big one"]


def test_a_note_goes_with_every_text_of_a_settings_file():
    options = {"paths": "title", "comment": "Keep the braces."}
    assert list(extract_toml(BytesIO(TOML.encode()), (), (), options)) == [
        (0, "", "Fishing", ["Keep the braces."])
    ]


def test_a_diagram_cannot_read_files_of_this_machine(tmp_path):
    (tmp_path / "secret").write_text("Secret words")
    attack = BPMN.replace(
        '<?xml version="1.0"?>',
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>',
    ).replace("Only in summer", "&e;")
    assert "Secret words" not in found_in(extract_bpmn, attack)
