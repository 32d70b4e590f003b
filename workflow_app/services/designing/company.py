"""The company of a draft: what all other published processes say to it when it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine import messages_among, names_handed
from workflow_app.services.designing.sources import published_files

if TYPE_CHECKING:
    from workflow_app.services.context import Context


def company_of(ctx: Context, key: str) -> dict[str, frozenset[str]]:
    """Return what `engine.lint` is told of the processes around one.

    `sent` and `received` are the messages of all others, `given` the names that its callers write.
    """
    own = tuple(f"{top}/{key}/" for top in ("processes", "forms"))
    others = {p: text for p, text in published_files(ctx).items() if not p.startswith(own)}
    sent, received = messages_among(others)
    return {"sent": sent, "received": received, "given": names_handed(others, key)}
