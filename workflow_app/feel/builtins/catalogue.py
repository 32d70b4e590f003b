"""Imports every module of standard functions, so that the registry is complete."""

from __future__ import annotations

from workflow_app.feel.builtins import lists, numbers, registry, temporals, texts

MODULES = (lists, numbers, temporals, texts)
NAMES = registry.known_names()
