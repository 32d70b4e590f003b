"""How SQLAlchemy's engines are set up: JSON as text people can read, PostgreSQL within bounds."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import make_url

#: Seconds: to connect, to wait for a lock, and for a transaction that nobody goes on with.
CONNECT, LOCK, IDLE = 5, 10, 60
#: Connections beyond the pool for a moment, and how long to wait for one.
OVERFLOW, WAIT = 4, 10
#: A connection this many seconds old is made anew, so that fail-overs and firewalls do no harm.
RECYCLE = 1800


#: Made once: `json.dumps` with options makes an encoder for every value.
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def engine_options(url: str, *, pool: int, statement_seconds: int) -> dict[str, Any]:
    """Return the options of an engine for this address; `pool` connections are kept open.

    PostgreSQL stays at its READ COMMITTED: what a step must not overlook is guarded by the case's
    version, by unique keys and by row locks.
    """
    options: dict[str, Any] = {"json_serializer": _to_json}
    if make_url(url).get_backend_name() != "postgresql":
        return options
    limits = {
        "statement_timeout": statement_seconds * 1000,
        "lock_timeout": LOCK * 1000,
        "idle_in_transaction_session_timeout": IDLE * 1000,
    }
    return options | {
        "pool_pre_ping": True,
        "pool_size": pool,
        "max_overflow": OVERFLOW,
        "pool_timeout": WAIT,
        "pool_recycle": RECYCLE,
        "connect_args": {
            "connect_timeout": CONNECT,
            "application_name": "workflow_app",
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
        },
    }
