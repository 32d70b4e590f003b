"""Finds what cannot run, or will not do what was meant, before anybody starts it."""

from workflow_app.engine.lint.checks import check

__all__ = ["check"]
