"""Rules of addresses that cost nothing until an address is built by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override
from werkzeug.routing import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

    Built = tuple[str, str]


class LazyRule(Rule):
    """A rule whose builder of addresses is compiled when the first one is built.

    Werkzeug compiles two functions for each of several hundred rules when the application is made:
    nine tenths of the time in which a server or a command starts, most of them never called.
    """

    @override
    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Built]:
        compile_now = super()._compile_builder
        compiled: list[Callable[..., Built]] = []

        def build(rule: Rule, **values: str) -> Built:
            if not compiled:
                compiled.append(compile_now(append_unknown))
            return compiled[0](rule, **values)

        return build
