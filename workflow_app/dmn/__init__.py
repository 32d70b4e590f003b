"""Decision models of DMN 1.2 to 1.5: decision tables, boxed expressions, requirement graphs."""

from workflow_app.dmn.analysis import TableFinding, analyse
from workflow_app.dmn.errors import DmnError
from workflow_app.dmn.model import Decision, DecisionModel, DecisionResult
from workflow_app.dmn.reader import load_decisions
from workflow_app.dmn.run import MatchedRule, TableOutcome

__all__ = [
    "Decision",
    "DecisionModel",
    "DecisionResult",
    "DmnError",
    "MatchedRule",
    "TableFinding",
    "TableOutcome",
    "analyse",
    "load_decisions",
]
