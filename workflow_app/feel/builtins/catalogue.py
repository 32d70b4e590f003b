"""Imports every module of standard functions, so that the registry is complete."""

from __future__ import annotations

from workflow_app.feel.builtins import contexts, lists, numbers, ranges, registry, temporals, texts

MODULES = (contexts, lists, numbers, ranges, temporals, texts)
NAMES = registry.known_names()
