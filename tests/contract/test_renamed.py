"""The accreditation process, copied under other keys, runs its scenarios unchanged.

Every process, form, decision and register gets a key of one nonsense word. Were any of the old keys
known to the package, something would now stay away: a form, a decision, an entry in the register.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from workflow_app.config import Settings
from workflow_app.services.scenarios import run_all

PROCESS = "accreditation"
SCENARIOS = ("straight", "refusal")
DECISION = re.compile(r"<(?:\w+:)?decision\s[^>]*?\bid=\"([^\"]+)\"")
TEXTS = {".bpmn", ".dmn", ".form", ".toml", ".yaml", ".typ"}

# A key of one word is an ordinary word too: where it is a key, and what stands around it there.
PLACES = {
    "process": (
        r'(<bpmn:process id="){}(?=")',
        r'((?:processRef|processId|bpmnElement)="){}(?=")',
        r'((?:formId|value)="){}(?=/)',
        r"(\bin: ){}(?=[\s,}}])",
    ),
    "form": (
        r'((?:formId|(?<!"fourEyes" )(?<!"letter" )value)="(?:\w+/)?){}(?=")',
        r'("id": "){}(?=")',
    ),
    "decision": (
        r'(<decision id="|decisionId="|dmnElementRef="|href="#){}(?=")',
        r"(\bdecision: ){}(?=[\s,}}])",
    ),
    "register": (
        r'((?:key|name)="(?:register|entry)" value="){}(?=")',
        r"(\bregister:){}(?=\W)",
    ),
}


class Renamer:
    """Gives every key of some folders a new one, in the texts and in the names of the files."""

    def __init__(self, processes, forms):
        self.keys = {
            "process": {path.parent.name for path in processes.glob("*/*.bpmn")},
            "form": {path.stem for path in forms.rglob("*.form")},
            "decision": {
                key
                for path in processes.rglob("*.dmn")
                for key in DECISION.findall(path.read_text())
            },
            "register": {path.stem for path in (processes / "registers").glob("*.toml")},
        }
        everything = sorted(set().union(*self.keys.values()))
        self.new = {key: f"zz{number}qx" for number, key in enumerate(everything)}

    def text(self, text):
        for kind, keys in self.keys.items():
            for key in keys:
                text = self._replaced(text, kind, key)
        return text

    def _replaced(self, text, kind, key):
        if "_" in key:
            return re.sub(rf"(?<![A-Za-z0-9_]){key}(?![A-Za-z0-9_])", self.new[key], text)
        for place in PLACES.get(kind, ()):
            text = re.sub(place.format(key), rf"\g<1>{self.new[key]}", text)
        return text

    def path(self, path):
        """Folders and files carry keys; so does a letter that shares a name of several words."""
        folder = path.parent.parts
        carries = path.suffix in {".bpmn", ".dmn", ".form"} or "registers" in folder
        carries = carries or (path.suffix == ".typ" and "_" in path.stem)
        stem = self.new.get(path.stem, path.stem) if carries else path.stem
        return Path(*(self.new.get(part, part) for part in folder), stem + path.suffix)


def copied(root, target, renamer):
    for path in [*(root / "processes").rglob("*"), *(root / "forms").rglob("*")]:
        if path.suffix not in TEXTS:
            continue
        if path.parent.name == "scenarios" and not wanted(path):
            continue
        place = target / renamer.path(path.relative_to(root))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(renamer.text(path.read_text(encoding="utf-8")), encoding="utf-8")


def wanted(path):
    own = path.parent.parent.name == PROCESS
    return path.stem.startswith("_") or (own and path.stem in SCENARIOS)


@pytest.fixture
def renamed(root, tmp_path):
    renamer = Renamer(root / "processes", root / "forms")
    copied(root, tmp_path, renamer)
    yield tmp_path, renamer
    shutil.rmtree(tmp_path)


def test_the_copy_holds_none_of_the_old_keys(renamed):
    folder, renamer = renamed
    left = {path.stem for path in folder.rglob("*.bpmn")} | {p.stem for p in folder.rglob("*.form")}
    assert left
    assert left & set(renamer.new) == set()
    diagram = next(folder.glob(f"processes/{renamer.new[PROCESS]}/*.bpmn")).read_text()
    assert f'<bpmn:process id="{renamer.new[PROCESS]}"' in diagram
    assert "completeness_check" not in diagram


def test_a_process_runs_under_any_keys(renamed):
    folder, renamer = renamed
    settings = Settings(
        database_url="sqlite://",
        secret_key="contract-tests-only",
        instance=folder,
        files_url="memory://",
        processes=folder / "processes",
        forms=folder / "forms",
    )
    report = run_all(settings, frozenset({renamer.new[PROCESS]}))
    assert report.failed == 0, "\n".join(report.lines)
    assert report.scenarios == len(SCENARIOS)
    assert report.steps > 40
