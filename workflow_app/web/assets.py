"""Addresses of bundled files: hashed names from the bundler's manifest."""

from __future__ import annotations

import json
from pathlib import Path

from flask import url_for

MANIFEST = Path(__file__).parent.parent / "static" / "dist" / "manifest.json"


class NotBundled(RuntimeError):
    """The browser files have not been built; `make setup` does it."""


class Assets:
    """The manifest, read again when the bundler wrote a new one."""

    def __init__(self, manifest: Path = MANIFEST) -> None:
        self._path = manifest
        self._read_at = 0.0
        self._files: dict[str, str] = {}

    def address(self, name: str) -> str:
        """Return the address of a bundled file. Raises NotBundled."""
        self._refresh()
        if name not in self._files:
            message = f"{name} is not bundled: run make setup"
            raise NotBundled(message)
        return url_for("static", filename=f"dist/{self._files[name]}")

    def path(self, name: str) -> Path:
        """Return where a bundled file lies. Raises NotBundled."""
        self.address(name)
        return self._path.parent / self._files[name]

    def _refresh(self) -> None:
        if not self._path.exists():
            return
        changed = self._path.stat().st_mtime
        if changed != self._read_at:
            manifest = json.loads(self._path.read_text(encoding="utf-8"))
            self._files = {name: entry["file"] for name, entry in manifest.items()}
            self._read_at = changed
