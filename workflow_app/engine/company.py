"""What other processes say to one: messages that they send and wait for, names that they write.

Every file is read once a text, whatever set it stands in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workflow_app.dmn import DmnError, load_decisions
from workflow_app.engine.documents import UnreadableXml
from workflow_app.engine.lint.flow import messages_at
from workflow_app.engine.lint.reading import names_decided, written_by
from workflow_app.engine.lint.report import Place
from workflow_app.engine.names import keys_in_form
from workflow_app.engine.reader import read_diagram
from workflow_app.engine.versions import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: So many files of a kind are remembered by their text; of each only a few names are.
KEPT = 512
NOTHING: frozenset[str] = frozenset()


class Spoken(NamedTuple):
    """A process of a diagram: whether it runs by itself, whom it calls, messages, names."""

    process: str
    executable: bool
    calls: frozenset[str]
    sent: frozenset[str]
    caught: frozenset[str]
    names: frozenset[str]


def messages_among(files: Mapping[str, str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the messages that the processes of all diagrams send, and those they wait for.

    Diagrams that cannot be read say nothing.
    """
    drawn = (pair for pair in files.items() if pair[0].endswith(".bpmn"))
    spoken = [one for path, text in drawn for one in _spoken(path, text)]
    called = NOTHING.union(*(one.calls for one in spoken))
    running = [one for one in spoken if one.executable or one.process in called]
    sent = NOTHING.union(*(one.sent for one in running))
    return sent, NOTHING.union(*(one.caught for one in running))


def names_handed(files: Mapping[str, str], folder: str) -> frozenset[str]:
    """Return the names that may be written before a folder's process is called.

    They are those of the processes that call it, at any depth, and of all others that these call.
    """
    calls = _calls(files)
    callers = _reached(lambda one: _callers(calls, one), folder)
    called = (_reached(lambda one: calls.get(one, NOTHING), caller) for caller in callers)
    around = callers.union(*called) - {folder}
    found = (_names(p, text) for p, text in files.items() if p.split("/")[1] in around)
    return NOTHING.union(*found)


def _calls(files: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return whom the diagrams of each folder call."""
    found: dict[str, frozenset[str]] = {}
    for path, text in files.items():
        if path.endswith(".bpmn"):
            here = path.split("/")[1]
            said = (one.calls for one in _spoken(path, text))
            found[here] = found.get(here, NOTHING).union(*said)
    return found


def _callers(calls: Mapping[str, frozenset[str]], called: str) -> frozenset[str]:
    return frozenset(one for one, said in calls.items() if called in said)


def _reached(steps: Callable[[str], frozenset[str]], start: str) -> frozenset[str]:
    """Return all that steps lead to from a start, without the start unless they lead back."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = steps(waiting.pop()) - found
        found |= new
        waiting += new
    return frozenset(found)


def _names(path: str, text: str) -> frozenset[str]:
    if path.endswith(".bpmn"):
        return NOTHING.union(*(one.names for one in _spoken(path, text)))
    if path.endswith((".form", ".dmn")):
        return _held(path.rpartition(".")[2], text)
    return NOTHING


@lru_cache(maxsize=KEPT)
def _held(kind: str, text: str) -> frozenset[str]:
    """Return what a form asks for, or a file of tables decides."""
    if kind == "form":
        return frozenset(keys_in_form(text))
    try:
        return frozenset(names_decided([load_decisions(text.encode())]))
    except DmnError:
        return NOTHING


@lru_cache(maxsize=KEPT)
def _spoken(path: str, text: str) -> tuple[Spoken, ...]:
    try:
        diagram = settle(read_diagram(path, text))
    except UnreadableXml:
        return ()
    found = []
    for graph in diagram.callable:
        places = [Place(diagram, around, node) for around, node in graph.walk()]
        calls = frozenset(place.node.extensions.process or "" for place in places)
        sent, caught = messages_at(places)
        names = frozenset(name for place in places for name in written_by(place.node))
        found.append(Spoken(graph.id, graph.executable, calls, sent, caught, names))
    return tuple(found)
