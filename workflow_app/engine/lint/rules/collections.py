"""Rules about collections: what opens them, what works on them, what they may be told."""

from __future__ import annotations

from workflow_app.domain.text import N_
from workflow_app.engine.lint.rules.rule import Rule

NOT_OPENED = Rule(
    "collection-not-opened",
    N_("“%(name)s” works on the collection “%(collection)s”, which nothing opens."),
    N_("Draw a service task that opens it, or correct the key."),
    title=N_("A collection that nothing opens"),
    about=N_(
        "Comments, scores and other short answers from outside come in a collection. A service task"
        " opens it under a key; tasks that answer, close or read it name the same key."
    ),
    example=N_("The task says “remarks”, and the collection is opened as “comments”."),
)
WORD = Rule(
    "collection-word",
    N_("“%(name)s” says “%(value)s” for “%(header)s”; it is one of these: %(choices)s."),
    N_("Choose one of them."),
    title=N_("A word that says nothing about a collection"),
    about=N_("What people see of a collection, and when, is said by one of a few words."),
    example=N_("What is shown is called “everything”, and the word is “all”."),
)
