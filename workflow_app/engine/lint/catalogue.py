"""Every rule by its code."""

from __future__ import annotations

from workflow_app.engine.lint.rules import (
    activities,
    collections,
    content,
    events,
    expressions,
    files,
    limits,
    people,
    shape,
    states,
    tables,
)
from workflow_app.engine.lint.rules.rule import Rule

MODULES = (
    files,
    shape,
    events,
    activities,
    people,
    content,
    collections,
    expressions,
    tables,
    states,
    limits,
)

#: Code → rule, in the order in which a reader looks them up.
RULES: dict[str, Rule] = {
    rule.code: rule
    for module in MODULES
    for rule in vars(module).values()
    if isinstance(rule, Rule)
}
