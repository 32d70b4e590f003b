"""Under which names a model sees those that it imports (DMN 1.5 §7.3.2)."""

from __future__ import annotations

from collections import deque

# The names that lead from one model to another: none for a model itself, several when the one
# between is imported too.
Way = tuple[str, ...]


class Namespaces:
    """Which namespace imports which other ones, and under what names.

    A model may import another under several names, or under the empty one, which adds the other's
    elements to its own.
    """

    def __init__(self) -> None:
        self._imports: dict[str, list[tuple[str, str]]] = {}

    def add(self, importer: str, imported: str, name: str) -> None:
        """Let one namespace see another under a name."""
        self._imports.setdefault(importer, []).append((imported, name))

    def ways(self, importer: str, imported: str) -> list[Way]:
        """Give every way from a model to one that it imports itself, else the shortest to it."""
        if importer == imported:
            return [()]
        direct = [
            _step(name)
            for namespace, name in self._imports.get(importer, ())
            if namespace == imported
        ]
        return direct or [self._shortest(importer, imported)]

    def _shortest(self, importer: str, imported: str) -> Way:
        waiting: deque[tuple[str, Way]] = deque([(importer, ())])
        seen = {importer}
        while waiting:
            here, way = waiting.popleft()
            if here == imported:
                return way
            for namespace, name in self._imports.get(here, ()):
                if namespace not in seen:
                    seen.add(namespace)
                    waiting.append((namespace, way + _step(name)))
        return ()


def _step(name: str) -> Way:
    return (name,) if name else ()
